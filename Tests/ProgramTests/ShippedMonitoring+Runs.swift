import Foundation

/// Four runs of two versions, stored as `brahe pipeline --store` does it.
extension ShippedMonitoring {
    /// Joules of the project; the node has four times as many. Each window is 900 s.
    static let runs: [(version: String, joules: Double)] = [
        ("1.9", 100), ("1.9", 102), ("1.10", 110), ("1.10", 114),
    ]
    /// What is chosen in their dashboard.
    static let chosenRuns = [
        "project": ["shop"], "scope": ["project"], "baseline": ["1.9"], "candidate": ["1.10"],
    ]
}

extension ShippedPrometheus {
    /// Stores them; the last one ended five minutes ago.
    func storeRuns() throws {
        for (index, run) in ShippedMonitoring.runs.enumerated() {
            let end = Date(timeIntervalSinceNow: Double(index - ShippedMonitoring.runs.count) * 300)
            let start = end.addingTimeInterval(-900)
            let name = "run-\(index)"
            func energy(_ joules: Double) -> String {
                """
                {"gross_J": \(joules), "lower_J": \(joules), "upper_J": \(joules), "Wh": \(joules / 3600),
                "kWh": \(joules / 3.6e6), "mean_W": \(joules / 900), "net": []}
                """
            }
            let scopes = [("project", run.joules), ("node", 4 * run.joules)].map { scope, joules in
                #"{"scope": "\#(scope)", "pods": [], "unseen": [], "energy": \#(energy(joules))}"#
            }
            let document = """
                {"schema": "greenreview.run/v1", "run_id": "\(name)", "status": "succeeded", "windows": [],
                  "benchmark": null, "trigger": null, "meta": null, "provenance": null,
                  "start_time": "\(start.ISO8601Format())", "end_time": "\(end.ISO8601Format())",
                  "cncf_project": {"name": "shop", "org": "acme", "config": "helm", "version": "\(run.version)"},
                  "results": {"zone": "package", "primary": "project", "platform_max_W": 100, "metrics": [],
                    "consumers": [], "power": [], "energy": \(energy(run.joules)),
                    "scopes": [\(scopes.joined(separator: ", "))],
                    "sci": {"value": \(run.joules / 50), "units": "gCO2eq per order",
                      "operational": {"units": "gCO2eq", "value": \(run.joules / 100)},
                      "components": {"energy_consumption": {"units": "kWh", "value": 1},
                        "emissions_factor": {"region": "France", "units": "gCO2eq/kWh", "value": 1, "kind": "average",
                          "source": "a test", "source_revision": "1", "slices": []},
                        "embodied_carbon": {"units": "gCO2eq", "value": 1, "TE_g": 1, "EL_h": 1, "RS": 1,
                          "source": "a test"},
                        "pue": {"provider": "a test", "value": 1},
                        "functional_unit": {"name": "order", "value": 1, "source": "count"}}}}}
                """
            let path = folder(name)
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try folder.write("\(name)/run.json", document)
            let brahe = try Running(Here.program("brahe"), ["report", path, "--store", url])
            guard brahe.wait() == 0 else { throw Missing(what: "a stored run: \(brahe.errorText)") }
        }
    }
}

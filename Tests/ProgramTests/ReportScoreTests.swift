import Documents
import Foundation
import Glibc
import StandIns
import Testing

/// Factors, functional units and what a project wants to see: the score is the formula's.
@Suite(
    .enabled(if: Here.canLoadProbe && PrometheusUnderTest.isHere, "needs root, kernel BTF and Debian's prometheus"),
    .serialized)
struct ReportScoreTests {
    private static let factors = """
        {"region": "FR", "intensity": {"source": "fixed", "value": 78.81, "kind": "average", "name": "co2.js, France",
          "revision": "2023"},
         "pue": {"provider": "Equinix", "value": 1.42},
         "embodied": {"TE_g": 550000, "EL_h": 35040, "RS": 0.5, "source": "Boavizta, m3.small.x86"}}
        """
    private let folder: Scratch

    init() throws { folder = try Scratch() }

    /// Checks a score against ((E x I) x PUE + TE x T/EL x RS) / R, of SCI 1.1.
    private func check(
        _ report: ReportUnderTest, units: Double, of name: String, _ location: SourceLocation = #_sourceLocation
    ) throws {
        let joules = try #require(report.energy["gross_J"].number, sourceLocation: location)
        let operational = joules / 3.6e6 * 78.81 * 1.42
        let embodied = 550_000 * (report.seconds / 3600 / 35040) * 0.5
        let sci = report.json["results"]["sci"]
        let value = try #require(sci["value"].number, sourceLocation: location)
        #expect(abs(value / ((operational + embodied) / units) - 1) < 1e-9, "\(sci)", sourceLocation: location)
        #expect(sci["units"].string == "gCO2eq per \(name)", sourceLocation: location)
        let found = sci["components"]["functional_unit"]["value"].number ?? 0
        #expect(abs(found / units - 1) < 1e-9, sourceLocation: location)
    }

    @Test func theScoreOfAWindowIsTheFormulas() throws {
        let agent = try AgentUnderTest(["--source", "estimator", "--interval", "200ms"])
        let window = ["report", "--agent", "http://127.0.0.1:\(agent.port)", "--for", "1s"]
        let factors = ["--factors", try folder.write("factors.json", Self.factors)]
        let report = try brahe(window + factors + ["--unit", "request=250", "--folder", folder("score")])
        try check(ReportUnderTest(folder("score/run.json")), units: 250, of: "request")
        #expect(report.outputText.contains("per request"), "\(report.outputText)")
        try brahe(["report", "--verify", folder("score")])
        let text = try String(contentsOfFile: folder("score/run.json"), encoding: .utf8)
        try folder.write("score/run.json", text.replacing("78.81", with: "78.91"))
        let verify = try brahe(["report", "--verify", folder("score")], ends: 8)
        #expect(verify.outputText.contains("results.sci"), "\(verify.outputText)")
        let wrong: [([String], Int32, String)] = [
            (factors + ["--unit", "request=0"], 2, "option --unit: request=0 is not NAME=N with a number above 0"),
            (factors + ["--unit", "=3"], 2, "option --unit"),
            (["--factors", folder("nowhere.json")], 3, "nowhere.json"),
            (["--factors", try folder.write("half.json", "{\"region\": \"FR\"}")], 3, "half.json: intensity"),
            (["--factors", try folder.write("no.json", "{")], 3, "no.json"),
            (
                ["--factors", try folder.write("pue.json", Self.factors.replacing("1.42", with: "0.9"))], 3,
                "pue.json: pue.value"
            ),
        ]
        for (options, code, reason) in wrong {
            let refused = try brahe(window + options, ends: code)
            #expect(refused.errorText.contains(reason), "\(refused.errorText)")
            #expect(refused.errorText.split(separator: "\n").count == 1, "\(refused.errorText)")
        }
    }

    /// A project whose unit is what a metric grew by, with metrics of its own.
    private func manifests(unit metric: String) -> [String: String] {
        var manifests = PipelineUnderTest.shop
        manifests["projects.json"] = """
            {"projects": [{"name": "shop", "organization": "acme",
              "benchmark": {"k8s_manifest_file": "shop/benchmark.yaml", "duration_mins": 1},
              "functional_unit": {"name": "joule", "metric": "\(metric)"}, "factors": \(Self.factors),
              "metrics": [{"name": "alive", "promql": "sum(up)", "unit": "1", "aggregation": "mean"},
                {"name": "spent", "promql": "sum(brahe_zone_joules_total{zone='package'})", "unit": "J",
                  "aggregation": "increase"},
                {"name": "nothing", "promql": "absent_metric", "unit": "s", "aggregation": "max"}]}]}
            """
        return manifests
    }

    @Test(arguments: ["sum(brahe_zone_joules_total{zone='package'})", "max(up)"])
    func theUnitOfAProjectIsWhatAMetricGrewBy(query: String) throws {
        let grows = query.contains("joules")
        let pipeline = try PipelineUnderTest(manifests: manifests(unit: query), agent: ["--interval", "200ms"])
        let prometheus = try PrometheusUnderTest(scraping: pipeline.agent)
        let options = [
            "pipeline", "--project", "shop", "--version", "1.10", "--projects",
            pipeline.folder("projects/projects.json"), "--prometheus", prometheus.url, "--baseline", "0s", "--idle",
            "0s", "--for", "3s", "--poll", "50ms", "--lock", pipeline.folder("lock"), "--platform-watts", "60",
        ]
        let run = pipeline.ends(
            try pipeline.brahe(options + pipeline.connection), with: grows ? 0 : 8)
        try pipeline.checkIsEmpty()
        guard grows else {
            let report = try pipeline.report()
            #expect(report["status"] == "invalid" && report["results"]["sci"]["value"].number == nil)
            let reason = report["failure"].string ?? ""
            #expect(reason.contains("functional_unit") && reason.contains("nothing can be divided by it"), "\(reason)")
            #expect(run.errorText.contains(reason), "\(run.errorText)")
            return
        }
        let report = try ReportUnderTest(pipeline.folder("runs/\(pipeline.runs.last ?? "")/run.json"))
        func metric(_ name: String) -> JSON {
            report.json["results"]["metrics"].array.first { $0["name"].string == name } ?? .null
        }
        #expect(metric("alive")["value"] == 1)
        #expect(metric("nothing")["value"] == .null && metric("nothing")["reason"].string != nil)
        let spent = try #require(metric("spent")["value"].number)
        // The scrapes of the edges are up to half a second older than they.
        let package = report.scope("node")["energy"]["gross_J"].number ?? 0
        #expect(spent > package * 0.7 && spent < package * 1.3, "\(spent) J of \(package) J")
        try check(report, units: spent, of: "joule")
        pipeline.ends(
            try pipeline.brahe(["report", "--verify"] + [pipeline.runs.last ?? "", "--runs", pipeline.folder("runs")]))
    }
}

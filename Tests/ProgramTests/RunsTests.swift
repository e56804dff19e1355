import Documents
import Foundation
import Testing

/// `brahe runs` and `brahe trend` over folders as runs leave them.
@Suite(.serialized) struct RunsTests {
    private let folder: Scratch

    init() throws { folder = try Scratch() }

    /// Writes the document of a run in a folder of its own.
    private func run(
        _ name: String, version: String, joules: Double, status: String = "succeeded", config: String = "ebpf"
    ) throws {
        let path = folder("runs/\(name)")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try "".write(toFile: path + "/journal.jsonl", atomically: true, encoding: .utf8)
        let energy = """
            {"gross_J": \(joules), "lower_J": \(joules - 1), "upper_J": \(joules + 1), "Wh": \(joules / 3600),
              "kWh": \(joules / 3_600_000), "mean_W": \(joules / 10), "net": []}
            """
        let text = """
            {"schema": "greenreview.run/v1", "run_id": "\(name)", "status": "\(status)", "windows": [],
              "failure": \(status == "failed" ? "\"the load died\"" : "null"),
              "start_time": "2026-11-21T08:05:00.000Z", "end_time": "2026-11-21T08:05:10.000Z",
              "cncf_project": {"name": "shop", "org": "acme", "config": "\(config)", "version": "\(version)"},
              "results": {"zone": "package", "primary": "project", "platform_max_W": 100, "metrics": [],
                "scopes": [{"scope": "project", "pods": [], "unseen": [], "energy": \(energy)}], "consumers": [],
                "power": [], "energy": \(energy)}}
            """
        try text.write(toFile: path + "/run.json", atomically: true, encoding: .utf8)
    }

    @Test func allRunsAreListedAndOnesThatCannotBeReadStopNothing() throws {
        for (index, joules) in [100.0, 102, 98].enumerated() {
            try run("20261101T00000\(index)Z-a", version: "0.9", joules: joules)
            try run("20261102T00000\(index)Z-b", version: "0.10", joules: joules + 50)
        }
        try run("20261103T000000Z-c", version: "0.10", joules: 9000, status: "failed")
        try run("20261104T000000Z-d", version: "0.10", joules: 7, config: "kmod")
        for (name, text) in [
            ("e", "{\"schema\": \"greenreview.run/v1\", \"status\""), ("f", "\u{0}\u{1}"), ("g", "[]"),
        ] {
            try FileManager.default.createDirectory(
                atPath: folder("runs/20261105T000000Z-\(name)"), withIntermediateDirectories: true)
            try folder.write("runs/20261105T000000Z-\(name)/run.json", text)
        }
        try FileManager.default.createDirectory(
            atPath: folder("runs/20261106T000000Z-h"), withIntermediateDirectories: true)
        try folder.write("runs/20261106T000000Z-h/request.json", "{}")
        let runs = ["runs", "--runs", folder("runs")]
        // Twice: the second time it is the index that answers.
        for _ in 0..<2 {
            let list = try brahe(runs + ["--json"], ends: 3)
            let found = try JSON(parsing: list.outputText)["runs"].array
            let states = found.map { $0["status"].string ?? "" }
            #expect(states.filter { $0 == "succeeded" }.count == 7 && states.filter { $0 == "unreadable" }.count == 3)
            #expect(states.filter { $0 == "failed" }.count == 1 && states.filter { $0 == "unreported" }.count == 1)
            #expect(found.map { $0["run_id"].string ?? "" }.sorted() == found.map { $0["run_id"].string ?? "" })
        }
        let table = try brahe(runs, ends: 3)
        #expect(table.outputText.contains("20261103T000000Z-c: the load died"), "\(table.outputText)")
        #expect(table.outputText.contains("20261105T000000Z-g: "), "\(table.outputText)")
        let chosen = try brahe(runs + ["--version", "0.9", "--status", "succeeded"])
        #expect(chosen.outputText.split(separator: "\n").count == 4, "\(chosen.outputText)")

        // What changed meanwhile is seen, and what is gone is forgotten.
        try run("20261101T000000Z-a", version: "0.9", joules: 777)
        try FileManager.default.removeItem(atPath: folder("runs/20261101T000001Z-a"))
        let again = try brahe(runs + ["--version", "0.9", "--json"])
        let energies = try JSON(parsing: again.outputText)["runs"].array.map { $0["scopes"][0]["gross_J"].number ?? 0 }
        #expect(energies == [777, 98], "\(again.outputText)")

        let trend = ["trend", "--project", "shop", "--runs", folder("runs")]
        let json = try brahe(trend + ["--config", "ebpf", "--json"])
        let versions = try JSON(parsing: json.outputText)["trends"][0]["versions"].array
        #expect(versions.map { $0["version"].string } == ["0.9", "0.10"], "\(json.outputText)")
        #expect(versions.map { $0["mean"].number } == [437.5, 150], "\(json.outputText)")
        let picture = try brahe(trend + ["--config", "ebpf", "--metric", "power", "--svg", folder("trend.svg")])
        #expect(picture.outputText.contains("power in W"), "\(picture.outputText)")
        #expect(try String(contentsOfFile: folder("trend.svg"), encoding: .utf8).contains("<svg "))
        let two = try brahe(trend + ["--svg", folder("two.svg")], ends: 2)
        #expect(two.errorText.contains("choose with --config"), "\(two.errorText)")
    }
}

import Documents
import Foundation
import Testing

/// `brahe compare`, `brahe measure --record` and `brahe calibrate` as a user runs them.
@Suite(.serialized) struct CompareTests {
    private let folder: Scratch

    init() throws { folder = try Scratch() }

    private func brahe(_ arguments: [String], ends code: Int32 = 0, _ location: SourceLocation = #_sourceLocation)
        throws -> Running
    {
        let running = try Running(Here.program("brahe"), arguments)
        let ended = running.wait()
        #expect(ended == code, "\(running.outputText)\(running.errorText)", sourceLocation: location)
        return running
    }

    /// Writes a run's document in a folder of its own.
    private func run(_ name: String, config: String, joules: Double, status: String = "succeeded") throws {
        let path = folder("runs/\(name)")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try "".write(toFile: path + "/journal.jsonl", atomically: true, encoding: .utf8)
        let text = """
            {"schema": "greenreview.run/v1", "run_id": "\(name)", "status": "\(status)", "windows": [],
              "benchmark": null, "trigger": null, "meta": null, "provenance": null,
              "cncf_project": {"name": "shop", "org": "acme", "config": "\(config)", "version": "1"},
              "results": {"zone": "package", "primary": "project", "platform_max_W": 100, "metrics": [], "scopes": [],
                "consumers": [], "power": [],
                "energy": {"gross_J": \(joules), "lower_J": \(joules), "upper_J": \(joules), "Wh": 1, "kWh": 1,
                  "mean_W": 1, "net": []}}}
            """
        try text.write(toFile: path + "/run.json", atomically: true, encoding: .utf8)
    }

    private func runs() throws {
        for (index, joules) in [100, 101, 99.5, 100.5, 99].enumerated() {
            try run("2026-\(index)-a", config: "ebpf", joules: joules)
            try run("2026-\(index)-b", config: "kmod", joules: joules + 10)
            try run("2026-\(index)-c", config: "same", joules: joules + 0.01)
        }
        try run("2026-9-a", config: "ebpf", joules: 5000, status: "failed")
    }

    private var metric: [String] { ["--metric", "energy"] }

    @Test func aRegressionIsExitCodeTenAndItsReverseIsNone() throws {
        try runs()
        let by = ["compare", "--by", "config", "--runs", folder("runs")] + metric
        let text = try brahe(
            by + ["--json", folder("c.json"), "--markdown", folder("c.md"), "--html", folder("c.html")], ends: 10
        )
        .outputText
        #expect(text.contains("+10.0%") && text.contains("regression") && text.contains("equivalent"), "\(text)")
        #expect(text.contains("warning: ebpf: run 2026-9-a does not count: it failed"), "\(text)")
        let json = try JSON(parsing: String(contentsOfFile: folder("c.json"), encoding: .utf8))
        #expect(json["schema"] == "greenreview.compare/v1")
        #expect(json["comparisons"].array.map { $0["verdict"].string } == ["regression", "equivalent"])
        #expect(try String(contentsOfFile: folder("c.md"), encoding: .utf8).contains("regression"))
        #expect(try String(contentsOfFile: folder("c.html"), encoding: .utf8).contains("<svg"))
        // Against the one that uses more, the others improve; named arms, runs by name and by folder.
        let arms = [
            "ebpf=2026-0-a,2026-1-a,2026-2-a,2026-3-a",
            "kmod=" + (0..<5).map { folder("runs/2026-\($0)-b") }.joined(separator: ","),
        ]
        let better = try brahe(["compare"] + arms + ["--baseline", "kmod", "--runs", folder("runs")] + metric)
        #expect(better.outputText.contains("improvement"), "\(better.outputText)")
    }

    @Test func threeRunsAreNoVerdictWhichCanBeRequired() throws {
        try runs()
        let arms = ["a=2026-0-a,2026-1-a,2026-2-a", "b=2026-0-b,2026-1-b,2026-2-b", "--runs", folder("runs")] + metric
        let text = try brahe(["compare"] + arms).outputText
        #expect(text.contains("a verdict wants 4 runs an arm, and a has 3 and b has 3"), "\(text)")
        _ = try brahe(["compare"] + arms + ["--require-verdict"], ends: 11)
    }

    @Test func whatCannotBeComparedIsSaidInOneLine() throws {
        try runs()
        func says(_ words: String, _ arguments: [String], ends code: Int32) throws {
            let running = try brahe(["compare"] + arguments, ends: code)
            #expect(running.errorText.contains(words), "\(running.errorText)")
            #expect(running.errorText.split(separator: "\n").count == 1, "\(running.errorText)")
        }
        try says("at least two arms", [folder("runs")], ends: 2)
        try says("option --margin", ["a", "b", "--margin", "200%"], ends: 2)
        try says("find run a", ["a", "b", "--runs", folder("runs")], ends: 3)
        let one = folder("runs/2026-0-a")
        try says("a run counts once", ["x=\(one)", "y=\(one)"], ends: 3)
        try folder.write("other.json", "{\"schema\": \"another/v1\"}")
        try says("its schema is another/v1", [one, folder("other.json")], ends: 3)
        try says("there is no arm z", ["x=\(one)", "y=\(one)", "--baseline", "z"], ends: 2)
        try says("no run that fits", ["--by", "version", "--runs", folder("runs"), "--project", "x"], ends: 3)
    }

    @Test(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"))
    func stepsAreRecordedALineEachAndCompared() throws {
        let own = ["measure", "--source", "estimator"]
        func step(_ name: String, _ file: String, _ script: String, ends code: Int32 = 0) throws {
            _ = try brahe(
                own + ["--step", name, "--record", folder(file), "--label", "cluster=x=y", "--", "sh", "-c", script],
                ends: code)
        }
        try step("build", "hand.jsonl", "exit 7", ends: 7)
        for file in ["hand.jsonl", "flux.jsonl"] {
            try step("build", file, "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done")
            try step("deploy", file, "true")
        }
        let lines = try String(contentsOfFile: folder("hand.jsonl"), encoding: .utf8).split(separator: "\n")
        try #require(lines.count == 3)
        let records = try lines.map { try JSON(parsing: String($0)) }
        #expect(records.map { $0["exit"].integer } == [7, 0, 0])
        #expect(records[1]["labels"]["cluster"] == "x=y")
        #expect(records[1]["source"] == "estimator")
        let (joules, node) = (try #require(records[1]["J"].number), try #require(records[1]["node_J"].number))
        #expect(joules > 0 && joules < node)
        #expect((records[1]["node"].string ?? "").isEmpty == false)
        let text = try brahe(["compare", folder("hand.jsonl"), folder("flux.jsonl")]).outputText
        #expect(text.contains("warning: hand: run hand#1 does not count: step build ended with 7"), "\(text)")
        #expect(text.contains("step deploy (J)"), "\(text)")

        // A line that was cut off is not made worse, and the command is not run for nothing.
        try folder.write("torn.jsonl", "{\"schema\"")
        let torn = try brahe(
            own + ["--step", "s", "--record", folder("torn.jsonl"), "--", "touch", folder("ran")], ends: 3)
        #expect(torn.errorText.contains("its last line has no end"), "\(torn.errorText)")
        #expect(!FileManager.default.fileExists(atPath: folder("ran")))
        _ = try brahe(own + ["--record", folder("x.jsonl"), "--", "true"], ends: 2)
        _ = try brahe(own + ["--step", "s", "--", "true"], ends: 2)
    }

    @Test(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"))
    func calibrationFindsTheNoiseFloorOfALoad() throws {
        let text = try brahe([
            "calibrate", "--source", "estimator", "--runs", "3", "--for", "300ms", "--cool-down", "0s", "--json",
            folder("c.json"),
        ]).outputText
        #expect(text.contains("5 RUNS SHOW"), "\(text)")
        let json = try JSON(parsing: String(contentsOfFile: folder("c.json"), encoding: .utf8))
        #expect(json["runs"].array.count == 3)
        #expect(json["floors"].array.map { $0["metric"].string } == ["energy", "node_energy", "cpu"])
        // Less than 300 ms where others want the CPU too.
        #expect((0.02...0.35).contains(json["floors"][2]["mean"].number ?? 0), "\(json)")
        _ = try brahe(["calibrate", "--runs", "2"], ends: 2)
        _ = try brahe(["calibrate", "--source", "estimator", "--runs", "3", "--", "false"], ends: 7)
    }
}

import Documents
import Foundation
import Glibc
import Host
import StandIns
import Testing

/// `brahe trigger --local`: the daily trigger that runs the pipeline itself.
@Suite(.enabled(if: Here.canLoadProbe && !Kubectls.all.isEmpty, "needs root, kernel BTF and kubectl"), .serialized)
struct PipelineLocalTests {
    private static let secret = "kubeconfig-token-nobody-must-see"

    /// A project of three configurations with a common source.
    private static let manifests = ["a", "b", "c"].reduce(
        into: [
            "projects.json": """
            {"projects": [{"name": "shop", "organization": "acme", "configs": ["a", "b", "c"],
              "benchmark": {"k8s_manifest_file": "shop/benchmark.yaml", "duration_mins": 0.02}}]}
            """,
            "shop/benchmark.yaml": PipelineUnderTest.shop["shop/benchmark.yaml"] ?? "",
            "shop/shop.yaml": PipelineUnderTest.shop["shop/shop.yaml"]?.split(separator: "---\n").first.map(String.init)
                ?? "",
        ]
    ) { files, name in
        let flux = PipelineUnderTest.shop["shop/shop.yaml"]?.split(separator: "---\n").last.map(String.init) ?? ""
        files["shop/\(name).yaml"] = flux.replacing("metadata: {name: shop}", with: "metadata: {name: shop-\(name)}")
    }

    private let github: GitHubStandIn
    private let pipeline: PipelineUnderTest
    private let kubeconfig: String

    init() throws {
        let release = GitHubStandIn.release("1.10")
        github = try GitHubStandIn(routes: #"{"GET /repos/acme/shop/releases/latest": [\#(release)]}"#)
        let deployment: JSON = ["kind": "Deployment", "name": "shop", "images": ["ghcr.io/acme/shop:0"]]
        pipeline = try PipelineUnderTest(
            manifests: Self.manifests,
            switches: [
                "workloads": ["shop-a": [deployment], "shop-b": [deployment], "shop-c": [deployment]],
                "flux": ["shop-b": ["stalled": "no such path"]],
            ])
        let text = try Files.read(pipeline.cluster.kubeconfig)
        #expect(text.contains("\"made-up\""))
        kubeconfig = try pipeline.folder.write("kubeconfig", text.replacing("made-up", with: Self.secret))
    }

    private func trigger(_ options: [String] = [], code: Int32 = 0) throws -> Running {
        let brahe = try github.start(
            [
                "--local", "--projects", pipeline.folder("projects/projects.json"), "--", "--kubeconfig", kubeconfig,
                "--kubectl", pipeline.kubectl, "--agent", "http://127.0.0.1:\(pipeline.agent.port)", "--runs",
                pipeline.folder("runs"), "--baseline", "100ms", "--idle", "0s", "--poll", "50ms", "--lock",
                pipeline.folder("lock"),
            ] + options,
            environment: [
                "HOME": pipeline.folder.path, "GITHUB_STEP_SUMMARY": pipeline.folder("summary.md"), "KUBECONFIG": "",
                "GITHUB_EVENT_NAME": "",
            ])
        while kill(brahe.pid, 0) == 0, !Self.hasEnded(brahe.pid) {
            Self.checkCommandLines()
            usleep(30_000)
        }
        let ended = brahe.wait()
        #expect(ended == code, "\(brahe.outputText)\(brahe.errorText)")
        return brahe
    }

    /// Whether it waits for its parent only.
    private static func hasEnded(_ pid: pid_t) -> Bool {
        let stat = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ") Z"
        return stat.split(separator: ") ").last?.hasPrefix("Z") == true
    }

    /// Everybody on the machine may read the command lines of all processes.
    private static func checkCommandLines() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] where Int(name) != nil {
            let line = (try? String(contentsOfFile: "/proc/\(name)/cmdline", encoding: .utf8)) ?? ""
            #expect(!line.contains(secret) && !line.contains(GitHubStandIn.secret), "\(line)")
        }
    }

    /// Checks that no secret is in a text.
    private static func check(_ text: String, _ what: String) {
        #expect(!text.contains(secret) && !text.contains(GitHubStandIn.secret), "\(what)")
    }

    @Test func threeConfigurationsEndAsThreeRunsOneAfterTheOther() throws {
        // One that fails keeps no other from being measured, and is not taken for measured itself.
        let first = try trigger(["--log-format", "json"], code: 6)
        #expect(pipeline.runs.count == 3)
        let reports = try pipeline.runs.map { try pipeline.report(of: $0) }
        #expect(reports.map { $0["cncf_project"]["config"].string } == ["a", "b", "c"])
        #expect(reports.map { $0["status"].string } == ["succeeded", "failed", "succeeded"])
        #expect(github.statuses == ["completed success", "completed exit 6", "completed success"])
        #expect(
            first.outputText.contains("shop a 1.10: measured\n") && first.outputText.contains("shop c 1.10: measured\n")
        )
        #expect(first.errorText.contains("brahe: shop b 1.10: the pipeline ended with 6\n"), "\(first.errorText)")
        try checkSequence()
        try pipeline.checkIsEmpty()

        // What the pipelines say is one JSON object a line, and none of it is lost among the trigger's own.
        let lines = first.errorText.split(separator: "\n")
        let events = lines.filter { $0.hasPrefix("{") }.map { try? JSON(parsing: String($0)) }
        #expect(events.allSatisfy { $0?["event"].string != nil && $0?["at"].string.flatMap { Moment($0) } != nil })
        #expect(events.filter { $0?["event"] == "failed" }.map { $0?["step"] } == ["ready"])
        #expect(lines.filter { !$0.hasPrefix("{") } == ["brahe: shop b 1.10: the pipeline ended with 6"])

        // Mended, only that one is measured; then nothing is left to be done, and nobody asks the cluster anything.
        try pipeline.cluster.set(["flux": .null])
        let second = try trigger()
        #expect(pipeline.runs.count == 4)
        #expect(try pipeline.report()["cncf_project"]["config"] == "b")
        #expect(second.outputText.contains("shop a 1.10: measured already\n"))
        #expect(second.outputText.contains("shop b 1.10: measured\n"))
        let asked = try pipeline.cluster.requests().count
        let third = try trigger()
        let already = ["a", "b", "c"].map { "shop \($0) 1.10: measured already\n" }.joined()
        #expect(third.outputText == already && third.errorText.isEmpty)
        #expect(try pipeline.cluster.requests().count == asked)
        #expect(pipeline.runs.count == 4)

        let summary = try Files.read(pipeline.folder("summary.md"))
        for row in ["| ✅ | shop a 1.10 | measured |", "| ❌ | shop b 1.10 | the pipeline ended with 6 |"] {
            #expect(summary.contains(row + "\n"), "\(summary)")
        }
        for run in pipeline.runs { #expect(summary.contains(run), "\(summary)") }
        for brahe in [first, second, third] { Self.check(brahe.outputText + brahe.errorText, "what it said") }
        Self.check(summary, "the summary")
        Self.check(github.state, "the state")
        try checkFiles()
    }

    /// Each run begins when the one before has ended.
    private func checkSequence() throws {
        let times = try pipeline.runs.map { run in
            let entries = pipeline.journal(of: run)
            #expect(entries.last?["step"] == "unlock" && entries.last?["phase"] == "result", "\(run)")
            return try [entries.first, entries.last].map { try #require(Moment($0?["at"].string ?? "")) }
        }
        for (one, next) in zip(times, times.dropFirst()) { #expect(one[1] <= next[0]) }
    }

    /// No file of any run has a secret.
    private func checkFiles() throws {
        let names = try #require(FileManager.default.enumerator(atPath: pipeline.folder("runs"))).compactMap {
            $0 as? String
        }
        #expect(names.filter { $0.hasSuffix("/request.json") }.count == 4)
        for name in names {
            Self.check((try? Files.read(pipeline.folder("runs/" + name))) ?? "", name)
        }
    }
}

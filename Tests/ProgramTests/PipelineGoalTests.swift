import Documents
import Exposition
import Foundation
import Glibc
import Host
import StandIns
import Testing

/// What ends the measured window, and what does not.
@Suite(.enabled(if: Here.canLoadProbe && !Kubectls.all.isEmpty, "needs root, kernel BTF and kubectl"), .serialized)
struct PipelineGoalTests {
    /// A Job as the benchmark, which the emulated cluster lets end as the case says.
    private static func job(_ name: String = "load", namespace: String = "benchmark") -> [String: String] {
        PipelineUnderTest.shop.merging([
            "shop/benchmark.yaml": """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: \(name), namespace: \(namespace)}
            spec:
              backoffLimit: 0
              template:
                spec: {restartPolicy: Never, containers: [{name: load, image: "busybox:1", command: [sleep, "9"]}]}

            """
        ]) { $1 }
    }

    /// One run: what it is given, and what is to come of it.
    private struct Case: CustomStringConvertible, Sendable {
        let description: String
        var manifests = PipelineUnderTest.shop
        var switches: JSON = [:]
        let options: [String]
        var code: Int32 = 0
        /// What the failure must tell, in this order.
        var words: [String] = []
        /// The measured window in seconds; nil where there is none.
        var window: ClosedRange<Double>?
    }

    /// Runs them side by side, for each waits most of the time.
    private func check(_ cases: [Case]) throws {
        let running = try cases.map { one in
            let pipeline = try PipelineUnderTest(manifests: one.manifests, switches: one.switches)
            return (one, pipeline, try pipeline.start("pipeline", one.options))
        }
        for (one, pipeline, brahe) in running {
            let code = brahe.wait()
            #expect(code == one.code, "\(one): \(brahe.errorText)")
            let report = try pipeline.report()
            #expect(report["status"].string == (one.code == 0 ? "succeeded" : "failed"), "\(one)")
            let failure = report["failure"].string ?? ""
            var rest = failure[...]
            for word in one.words {
                let found = rest.range(of: word)
                #expect(found != nil, "\(one): \(word) is missing in \(failure)")
                rest = rest[(found?.upperBound ?? rest.startIndex)...]
            }
            #expect(failure.isEmpty == (one.code == 0) && !failure.contains("\n"), "\(one): \(failure)")
            // The failure is said once where it happens, and the last that is said is not a success.
            let lines = brahe.errorText.split(separator: "\n")
            let said = lines.filter { $0.contains(": failed after ") }
            #expect(said.count == (one.code == 0 ? 0 : 1), "\(one): \(brahe.errorText)")
            #expect(said.allSatisfy { $0.hasSuffix(failure) }, "\(one): \(brahe.errorText)")
            let window = try? PipelineUnderTest.seconds(of: "run", in: report)
            if let range = one.window {
                #expect(window.map { range.contains($0) } == true, "\(one): \(window ?? -1) s")
            } else {
                #expect(window == nil, "\(one)")
            }
            try pipeline.checkIsEmpty("\(one)")
        }
    }

    @Test func aWindowEndsWithTheTimeTheJobOrTheCommand() throws {
        try check([
            Case(description: "a duration", options: ["--for", "1500ms"], window: 1.5...2.2),
            Case(
                description: "a Job of another namespace completes", manifests: Self.job(namespace: "default"),
                switches: ["pods": ["load": ["exit": ["after": 4, "code": 0]]]],
                options: ["--until-job", "load", "--for", "40s"], window: 0.5...10),
            Case(
                description: "a command ends", options: ["--for", "40s", "--", "sh", "-c", "sleep 1.2; echo served"],
                window: 1.2...3),
            Case(
                description: "a command alone is all of the load",
                manifests: PipelineUnderTest.shop.merging([
                    "projects.json": #"{"projects": [{"name": "shop", "organization": "acme"}]}"#
                ]) { $1 }, options: ["--for", "40s", "--", "sleep", "0.5"], window: 0.5...3),
        ])
    }

    @Test func aJobOrACommandThatFailsFailsTheRunWithItsLastWords() throws {
        let failing: (Double) -> JSON = { after in
            [
                "pods": [
                    "load": [
                        "exit": [
                            "after": .number(after), "code": 3,
                            "log": ["one", "two", "out of orders", "\u{1b}giving up"],
                        ]
                    ]
                ]
            ]
        }
        let words = ["load", "its last words: ", "one | two | out of orders | giving up"]
        try check([
            Case(
                description: "a Job fails in the window", manifests: Self.job(), switches: failing(5),
                options: ["--until-job", "load", "--for", "40s"], code: 7, words: words),
            Case(
                description: "a Job fails at once", manifests: Self.job(), switches: failing(0),
                options: ["--until-job", "load", "--for", "40s"], code: 7, words: words),
            Case(
                description: "a command fails", options: ["--for", "40s", "--", "sh", "-c", "exit 3"], code: 7,
                words: ["run sh -c exit 3: it ended with 3"]),
        ])
    }

    @Test func aGoalThatIsNotReachedInTimeFailsTheRun() throws {
        let slow: JSON = ["pods": ["load": ["exit": ["after": 100, "code": 0]]]]
        try check([
            Case(
                description: "a Job goes on", manifests: Self.job(), switches: slow, options: ["--until-job", "load"],
                code: 7, words: ["Job load", "not reached in time"]),
            Case(
                description: "a metric stays too small",
                options: ["--until-metric", "kepler_node_platform_joules_total=1e9"], code: 7,
                words: ["kepler_node_platform_joules_total", "not reached in time"]),
            Case(
                description: "a command goes on", options: ["--", "sleep", "31.25"], code: 7,
                words: ["the command sleep 31.25", "not reached in time"]),
        ])
        #expect(Self.processes(named: "sleep\u{0}31.25").isEmpty)
    }

    @Test func aMetricThatGrewEnoughEndsTheWindow() throws {
        let pipeline = try PipelineUnderTest()
        let name = "kepler_container_joules_total"
        pipeline.ends(try pipeline.start("pipeline", ["--for", "60s", "--until-metric", "\(name)=3"]))
        let sums = try ["start", "end"].map { edge in
            try Scrape(pipeline.text("pages/window-\(edge).txt")).series(named: name).reduce(0) { $0 + $1.value }
        }
        #expect(sums[1] - sums[0] >= 3, "\(sums)")
        // It ended when it was enough, and not with the limit.
        #expect(try PipelineUnderTest.seconds(of: "run", in: pipeline.report()) < 30)
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func aSignalEndsTheCommandAndTheRun(signal: Int32) throws {
        let pipeline = try PipelineUnderTest()
        // Of a shell that goes on without its child, nothing may stay either.
        let brahe = try pipeline.start("pipeline", ["--for", "60s", "--", "sleep", "77.\(signal)"])
        try pipeline.cluster.await("the command") { !Self.processes(named: "sleep\u{0}77.\(signal)").isEmpty }
        kill(brahe.pid, signal)
        pipeline.ends(brahe, with: 128 + signal)
        #expect(Self.processes(named: "sleep\u{0}77.\(signal)").isEmpty)
        #expect(try pipeline.report()["status"] == "failed")
        try pipeline.checkIsEmpty(brahe.errorText)
    }

    /// The processes whose command line begins so.
    private static func processes(named words: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).filter { name in
            Int(name) != nil
                && (try? String(contentsOfFile: "/proc/\(name)/cmdline", encoding: .utf8))?.hasPrefix(words) == true
        }
    }
}

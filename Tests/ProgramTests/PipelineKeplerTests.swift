import Documents
import Foundation
import Glibc
import StandIns
import Testing

/// Whole runs of `brahe pipeline` that read Kepler and not our agent, with powers that are known.
@Suite(.enabled(if: Here.canLoadProbe && !Kubectls.all.isEmpty, "needs root, kernel BTF and kubectl"), .serialized)
struct PipelineKeplerTests {
    /// Watts by what draws them, idle and dynamic.
    private static let watts: [String: (idle: Double, dynamic: Double)] = [
        "package": (20, 30), "dram": (4, 6), "shop-": (1.5, 7), "load-": (2.5, 11),
    ]

    @Test(arguments: [false, true]) func theReportHasWhatKeplerCounted(throughPrometheus: Bool) throws {
        let pipeline = try PipelineUnderTest()
        let kepler = try KeplerStandIn(of: pipeline.cluster, Self.watts)
        let prometheus =
            throughPrometheus && PrometheusUnderTest.isHere ? try PrometheusUnderTest(scraping: kepler.port) : nil
        if throughPrometheus, prometheus == nil { return }
        let source = prometheus.map { ["--prometheus", $0.url] } ?? ["--agent", kepler.url]
        // Kepler's page has no samples on order, and its own words end the window.
        let run = pipeline.ends(
            try pipeline.brahe(
                [
                    "pipeline", "--project", "shop", "--version", "1.10", "--projects",
                    pipeline.folder("projects/projects.json"), "--baseline", "1s", "--idle", "0s", "--for", "30s",
                    "--until-metric", "kepler_node_package_joules_total=150", "--interval", "500ms",
                    "--poll", "50ms", "--lock", pipeline.folder("lock"),
                ] + source + pipeline.connection))
        let report = try pipeline.report()
        #expect(report["status"] == "succeeded")
        #expect(report["collection"]["mode"] == (throughPrometheus ? "prometheus" : "agent"))
        #expect(report["collection"]["generation"] == "kepler 0.4 to 0.9")
        #expect(report["collection"]["estimate"] == false)
        #expect(report["meta"]["agent"]["kepler_version"] == "v0.7.12")
        #expect(report["meta"]["agent"]["cpu"] == "Sapphire Rapids")
        let said = run.errorText.split(separator: "\n").filter { $0.contains("it is no brahe-agent") }
        #expect(said.count == (throughPrometheus ? 0 : 1), "\(run.errorText)")

        // Three seconds of 50 W, and no more than it takes to see it.
        let seconds = try PipelineUnderTest.seconds(of: "run", in: report)
        #expect((2.9...6).contains(seconds), "\(seconds) s")
        let node = ["package", "dram"].compactMap { Self.watts[$0] }
        let due = [
            "node": node.reduce(0) { $0 + $1.idle + $1.dynamic }, "project": 8.5, "workload": 13.5, "namespace": 22,
        ]
        for (scope, watts) in due {
            let found = PipelineUnderTest.scope(scope, in: report)["energy"]
            let joules = found["gross_J"].number ?? 0
            #expect(abs(joules / (watts * seconds) - 1) < 0.03, "\(scope): \(joules) J of \(watts * seconds) J")
            // A page takes some milliseconds to be made, so that its values are of no exact time.
            #expect(found["lower_J"].number ?? .infinity <= min(joules, watts * seconds * 1.03), "\(scope): \(found)")
            #expect(found["upper_J"].number ?? 0 >= max(joules, watts * seconds * 0.97), "\(scope): \(found)")
        }
        #expect(try PipelineUnderTest.seconds(of: "baseline", in: report) > 0.9)
        #expect(report["windows"].array.count == 2)
        pipeline.ends(try pipeline.take("report", nil, ["--verify"]))
        try pipeline.checkIsEmpty()
    }

    /// A server of files, which takes no orders and whose page is what a test has written.
    @Test func whatCannotBeMeasuredIsRefusedWithItsReason() throws {
        let pipeline = try PipelineUnderTest()
        try pipeline.folder.write("metrics", "node_load1 1\n")
        let server = try Running(
            "/usr/bin/python3", ["-u", "-m", "http.server", "0", "-b", "127.0.0.1", "-d", pipeline.folder.path])
        try server.await("a port") { server.outputText.contains(" port ") }
        let words = server.outputText.split(separator: " ")
        let url = "http://127.0.0.1:\(try #require(words.firstIndex(of: "port").map { words[$0 + 1] }))"
        let refused = pipeline.ends(try pipeline.start("pipeline", ["--agent", url]), with: 3)
        #expect(refused.errorText.contains("\(url) tells of no energy: its page is neither"), "\(refused.errorText)")
        #expect(try pipeline.cluster.objects("Pod").isEmpty)

        // Kepler from 0.10 on does not say when it began, unless it is told to.
        try pipeline.folder.write("metrics", "kepler_node_cpu_joules_total{zone=\"package\",path=\"/p\"} 1\n")
        let killed = try pipeline.start("pipeline", ["--agent", url, "--for", "30s"])
        try killed.await("the window") { pipeline.journal().contains { $0["detail"]["began"].string != nil } }
        kill(killed.pid, SIGKILL)
        _ = killed.wait()
        let resumed = pipeline.ends(try pipeline.take("resume"), with: 8)
        let reason = "\(url) does not say since when it counts: its page has no process_start_time_seconds"
        #expect(resumed.errorText.contains(reason), "\(resumed.errorText)")
        #expect(resumed.errorText.contains("was not measured"), "\(resumed.errorText)")
        try pipeline.checkIsEmpty()
    }
}

/// Kepler 0.7 as StandIns/kepler_node.py plays it. It ends with this object.
final class KeplerStandIn {
    let port: UInt16
    var url: String { "http://127.0.0.1:\(port)" }
    private let running: Running

    init(of cluster: EmulatedCluster, _ watts: [String: (idle: Double, dynamic: Double)]) throws {
        let pairs = watts.mapValues { JSON.array([.number($0.idle), .number($0.dynamic)]) }
        var members = pairs.filter { !$0.key.hasSuffix("-") }
        members["pods"] = .object(pairs.filter { $0.key.hasSuffix("-") })
        let program = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "StandIns/kepler_node.py").path
        let running = try Running(
            "/usr/bin/python3",
            [program, cluster.url, JSON.object(members).line, "\(ProcessInfo.processInfo.processIdentifier)"])
        try running.await("a port") { running.outputText.hasSuffix("\n") }
        self.running = running
        port = try #require(UInt16(running.outputText.trimmingCharacters(in: .whitespacesAndNewlines)))
    }
}

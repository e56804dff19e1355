import Foundation
import Glibc
import Testing

/// A real Prometheus scrapes the agent.
@Suite(
    .enabled(
        if: Here.canLoadProbe && access("/usr/bin/prometheus", X_OK) == 0,
        "needs root, kernel BTF and Debian's prometheus"),
    .serialized)
struct PrometheusTests {
    @Test func promtoolFindsNothingButTwoNamesOfKepler() throws {
        let agent = try AgentUnderTest(["--source", "estimator"])
        _ = try agent.scrape()
        let page = FileManager.default.temporaryDirectory.appending(path: "brahe-page-\(UUID().uuidString)")
        try agent.request("GET", "/metrics").body.write(to: page, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: page) }
        let promtool = try Running("/bin/sh", ["-c", "promtool check metrics < \(page.path)"])
        _ = promtool.wait()
        let complaints = (promtool.errorText + promtool.outputText).split(separator: "\n").sorted()
        // Names and types that dashboards depend on are not ours to improve; anything else would be our mistake.
        #expect(
            complaints == [
                "kepler_container_bpf_cpu_time_ms_total metric names should not contain abbreviated units",
                "kepler_node_info counter metrics should have \"_total\" suffix",
            ])
    }

    @Test func theSeedsQueryAnswers() throws {
        let simulator = try Simulator(package: 31, core: 17, dram: 5)
        defer { simulator.stop() }
        let agent = try AgentUnderTest(["--sysfs", simulator.root])
        let folder = FileManager.default.temporaryDirectory.appending(path: "brahe-prometheus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let configuration = """
            global: {scrape_interval: 500ms, scrape_timeout: 500ms}
            scrape_configs:
              - job_name: brahe
                static_configs: [{targets: ['127.0.0.1:\(agent.port)']}]
            """
        try configuration.write(to: folder.appending(path: "c.yml"), atomically: true, encoding: .utf8)
        let port = try Here.freePort()
        let prometheus = try Running(
            "/usr/bin/prometheus",
            [
                "--config.file=\(folder.path)/c.yml", "--storage.tsdb.path=\(folder.path)/data",
                "--web.listen-address=127.0.0.1:\(port)",
            ])
        var answer = ""
        try prometheus.await("a positive sum(kepler_container_joules_total)") {
            let query = try? Running(
                "/usr/bin/promtool",
                ["query", "instant", "http://127.0.0.1:\(port)", "sum(kepler_container_joules_total)"])
            _ = query?.wait()
            answer = query?.outputText ?? ""
            // `{} => 12.3 @[…]`
            return answer.split(separator: " ").dropFirst(2).first.flatMap { Double($0) }.map { $0 > 0 } ?? false
        }
        #expect(answer.hasPrefix("{} => "))
        kill(prometheus.pid, SIGTERM)
        _ = prometheus.wait()
    }
}

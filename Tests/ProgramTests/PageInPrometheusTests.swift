import Exposition
import Foundation
import Testing

/// What a real Prometheus, and promtool, make of the page of a whole node.
@Suite(
    .enabled(if: Here.canLoadProbe && PrometheusUnderTest.isHere, "needs root, kernel BTF and Debian's prometheus"),
    .serialized)
struct PageInPrometheusTests {
    @Test func itTakesEverySeriesOfTheOpenMetricsPage() throws {
        let node = try WholeNode()
        let page = try Curl(
            "http://127.0.0.1:\(node.agent.port)/metrics",
            ["-H", "Accept: application/openmetrics-text; version=1.0.0"])
        #expect(page.text.hasSuffix("# EOF\n"))
        let series = try ExpositionText(page.text).series
        // The agent samples once a minute, so that the page stays.
        let prometheus = try PrometheusUnderTest(scraping: node.agent)
        #expect(try prometheus.value("scrape_samples_scraped") == Double(series))
        #expect(try prometheus.value("scrape_samples_post_metric_relabeling") == Double(series))
        let complaints = prometheus.log.filter { line in
            line.contains("component=\"scrape manager\"")
                && (line.contains("level=warn") || line.contains("level=error") || line.contains("err="))
        }
        #expect(complaints.isEmpty, "\(complaints)")
        // And what it took is what the page says, in one family of each generation.
        let text = try Scrape(node.agent.request("GET", "/metrics").body)
        for name in ["kepler_container_joules_total", "kepler_pod_cpu_joules_total", "pod_total_energy_millijoule"] {
            let sum = text.series(named: name).reduce(0) { $0 + $1.value }
            let taken = try #require(try prometheus.value("sum(\(name))"))
            #expect(abs(taken - sum) <= sum * 1e-9, "\(name)")
        }
    }

    /// No cgroup's name has a line break, for the kernel refuses it (cgroup_mkdir); the node's may.
    @Test func valuesWithQuotesBackslashesAndLineBreaksAreFoundByTheirLabels() throws {
        let name = "a \"node\"\nof \\two\\n lines"
        let agent = try AgentUnderTest(["--source", "estimator", "--interval", "60s", "--node-name", name])
        let paths = ["/brahe \"test\"", "/brahe\\test\\n", "/brahe\ttest\r", "/brahe{test=\"ü\"} 1"]
        let cgroups = try paths.map { try TestCgroup(path: $0) }
        for cgroup in cgroups { #expect(cgroup.work() == 0) }
        let page = try agent.scrape()
        let prometheus = try PrometheusUnderTest(scraping: agent)
        #expect(try prometheus.value("up") == 1)
        for (family, value) in [("kepler_node_cpu_usage_ratio", name)]
            + paths.map({ ("brahe_cgroup_cpu_seconds_total", $0) })
        {
            let own = page.series(named: family).first { $0.labels.values.contains(value) }
            let label = try #require(own?.labels.first { $0.value == value }?.key, "\(value)")
            // A string of PromQL is escaped as one of Go.
            let quoted = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            let found = try prometheus.query("\(family){\(label)=\"\(quoted)\"}")
            #expect(found.count == 1, "\(value)")
            #expect(found.first?.labels[label] == value)
            #expect(found.first?.value == own?.value)
        }
    }

    // MARK: promtool

    /// Names and types that dashboards depend on are not ours to improve; anything else would be our mistake.
    private static let ofDefault = [
        "kepler_container_bpf_cpu_time_ms_total metric names should not contain abbreviated units",
        "kepler_node_info counter metrics should have \"_total\" suffix",
        "kepler_vm_bpf_cpu_time_ms_total metric names should not contain abbreviated units",
    ]
    private static let ofFirst =
        ["core", "dram", "other", "pkg", "uncore"].map {
            "pod_total_energy_in_\($0)_millijoule counter metrics should have \"_total\" suffix"
        } + [
            "kepler_process_bpf_cpu_time_ms_total metric names should not contain abbreviated units",
            "pod_cpu_cpu_time_us counter metrics should have \"_total\" suffix",
            "pod_cpu_cpu_time_us metric names should not contain abbreviated units",
            "pod_total_dynamic_energy_millijoule counter metrics should have \"_total\" suffix",
            "pod_total_energy_millijoule counter metrics should have \"_total\" suffix",
        ]

    @Test(arguments: [([], ofDefault), (WholeNode.everything, ofDefault + ofFirst)])
    func promtoolComplainsOfNamesAndTypesOfKeplerAlone(_ arguments: [String], _ expected: [String]) throws {
        let node = try WholeNode(arguments)
        let files = try Scratch()
        try files.write("page", node.agent.request("GET", "/metrics").body)
        let promtool = try Running("/bin/sh", ["-c", "promtool check metrics < \(files("page"))"])
        _ = promtool.wait()
        let complaints = (promtool.errorText + promtool.outputText).split(separator: "\n").map(String.init)
        #expect(complaints.sorted() == expected.sorted())
    }
}

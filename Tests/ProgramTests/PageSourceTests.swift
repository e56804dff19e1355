import Documents
import Exposition
import Foundation
import Glibc
import Host
import Pages
import Review
import Testing

/// The two ways to the edges of a window: asking the agent, and asking a Prometheus that scrapes it.
@Suite(
    .enabled(if: Here.canLoadProbe && PrometheusUnderTest.isHere, "needs root, kernel BTF and Debian's prometheus"),
    .serialized)
struct PageSourceTests {
    @Test func aWindowOfThePastIsTheSameFromPrometheusAsFromTheAgent() throws {
        let simulator = try Simulator(package: 40, core: 10, dram: 5)
        defer { simulator.stop() }
        let agent = try AgentUnderTest(["--sysfs", simulator.root, "--interval", "100ms"])
        let prometheus = try PrometheusUnderTest(scraping: agent)
        let direct = PageSource.agent(AgentClient(url: "http://127.0.0.1:\(agent.port)/"))
        let client = PrometheusClient(url: prometheus.url, instance: "127.0.0.1:\(agent.port)")
        let start = Moment.now
        let first = try direct.edge(say: { _ in }, wait: {})
        usleep(3_000_000)
        let end = Moment.now
        let second = try direct.edge(say: { _ in }, wait: {})
        let asked = try Window(from: Scrape(first.text), to: Scrape(second.text))
        // Both edges lie in the past by now.
        usleep(1_000_000)
        let pages = try [start, end].map { try client.page(from: $0, wait: {}) }
        // Each edge is the first scrape after the moment, and scrapes are half a second apart.
        for (page, moment) in zip(pages, [start, end]) {
            #expect((0..<700).contains(page.read - moment))
            #expect((0..<200).contains(page.read - page.counted))
        }
        let remembered = try Window(from: Scrape(pages[0].text), to: Scrape(pages[1].text))
        // To the nearest millisecond, as all edges are.
        #expect((remembered.start + 500) / 1000 == UInt64(pages[0].counted.milliseconds))
        #expect(abs(Int64(remembered.microseconds) - Int64(asked.microseconds)) < 700_000)
        let (one, other) = (NodeUse(asked), NodeUse(remembered))
        let watts = [(one, asked), (other, remembered)].map { Double($0.total) / Double($1.microseconds) }
        #expect(abs(watts[0] / watts[1] - 1) < 0.02, "\(watts)")
        func names(_ window: Window, _ metric: String, _ label: String) -> Set<String> {
            Set(window.increases(named: metric).compactMap { $0.labels[label] })
        }
        #expect(!names(remembered, "kepler_container_joules_total", "container_id").isEmpty)
        let cgroups = "brahe_cgroup_cpu_seconds_total"
        #expect(names(remembered, cgroups, "path") == names(asked, cgroups, "path"))
        #expect(other.zones.keys.sorted() == ["core", "dram", "package"])
    }

    @Test func theNextScrapeIsAwaitedForAnEdgeThatIsNow() throws {
        let agent = try AgentUnderTest(["--source", "estimator"])
        let prometheus = try PrometheusUnderTest(scraping: agent)
        var waits = 0
        let now = Moment.now
        let page = try PageSource.prometheus(PrometheusClient(url: prometheus.url, instance: nil)).edge(
            say: { _ in },
            wait: {
                waits += 1
                usleep(50_000)
            })
        #expect(waits > 0)
        #expect(Moment.now - now < 5000)
        #expect(page.text.contains("kepler_container_joules_total{"))
    }

    @Test func whatIsMissingIsOneLine() throws {
        let agent = try AgentUnderTest(["--source", "estimator"])
        let prometheus = try PrometheusUnderTest(scraping: agent)
        var other = PrometheusClient(url: prometheus.url, instance: "elsewhere:1")
        other.patience = 300
        let failure = try #require(
            throws: Failure.self, performing: { _ = try other.page(from: .now, wait: { usleep(100_000) }) })
        #expect(failure.exit == .dataMissing)
        #expect(failure.message.contains("no series") || failure.message.contains("there is none"))
        let nobody = PageSource.agent(AgentClient(url: "http://127.0.0.1:1"))
        #expect(throws: Failure.self) { try nobody.edge(say: { _ in }, wait: {}) }
    }
}

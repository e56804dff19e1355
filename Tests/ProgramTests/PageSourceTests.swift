import Documents
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
        let asked = try Window(from: first, to: second, of: direct.url)
        // Both edges lie in the past by now.
        usleep(1_000_000)
        let pages = try [start, end].map { try client.page(from: $0, wait: {}) }
        let remembered = try Window(from: pages[0], to: pages[1], of: client.url)
        // Each edge is the first scrape after the moment, and scrapes are half a second apart.
        #expect(remembered.start / 1000 >= start.milliseconds - 200)
        #expect(abs(Int64(remembered.microseconds) - Int64(asked.microseconds)) < 700_000)
        let (one, other) = (NodeUse(asked), NodeUse(remembered))
        let watts = [(one, asked), (other, remembered)].map { Double($0.total) / Double($1.microseconds) }
        #expect(abs(watts[0] / watts[1] - 1) < 0.02, "\(watts)")
        #expect(!Report(remembered).containers.isEmpty)
        #expect(Report(remembered).cgroups.map(\.title) == Report(asked).cgroups.map(\.title))
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
        #expect(page.contains("kepler_container_joules_total{"))
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

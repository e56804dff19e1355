import Exposition
import Foundation
import Glibc
import Testing

/// What becomes of the series of containers that are gone, on the pages of the real agent.
@Suite(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"), .serialized)
struct RetentionTests {
    /// The families that have a container's energy or time, in which nothing may be lost.
    private let families = [
        "kepler_container_joules_total", "kepler_container_package_joules_total", "kepler_container_core_joules_total",
        "kepler_container_dram_joules_total", "kepler_container_bpf_cpu_time_ms_total",
        "kepler_container_cpu_joules_total", "kepler_container_cpu_seconds_total",
    ]

    /// A page's values in millionths by family, mode and zone, and by container within.
    private func values(_ page: Scrape) throws -> [String: [String: UInt64]] {
        var values: [String: [String: UInt64]] = [:]
        for family in families {
            #expect(!page.series(named: family).isEmpty, "\(family)")
            for series in page.series(named: family) {
                let group = "\(family) \(series.labels["mode"] ?? "") \(series.labels["zone"] ?? "")"
                values[group, default: [:]][try #require(series.labels["container_id"])] = try units(series)
            }
        }
        return values
    }

    /// A value in its smallest units: microjoules, or nanoseconds.
    private func units(_ series: Scrape.Series) throws -> UInt64 {
        if series.name.hasSuffix("joules_total") { return try #require(series.microunits) }
        return UInt64((series.value * (series.name.hasSuffix("ms_total") ? 1e6 : 1e9)).rounded())
    }

    /// A page of a later sample.
    private func nextPage(_ agent: AgentUnderTest) throws -> Scrape {
        usleep(300_000)
        return try agent.page()
    }

    @Test func theFinalValueStaysForTwoScrapesAndThenIsRetired() throws {
        let simulator = try Simulator(package: 31, core: 17, dram: 5)
        defer { simulator.stop() }
        let agent = try AgentUnderTest([
            "--sysfs", simulator.root, "--interval", "100ms", "--retain", "1s", "--retain-max", "100000",
        ])
        let cgroup = try TestCgroup(pod: Here.podUID())
        try cgroup.work(milliseconds: 500)
        let usage = try cgroup.usage()
        cgroup.remove()
        // Nobody looks for longer than `--retain`, for the head alone shows nothing.
        usleep(2_000_000)
        for _ in 0..<3 { #expect(try agent.request("HEAD", "/metrics").status == 200) }
        usleep(500_000)
        var pages: [Scrape] = []
        for scraper in ["one", "another"] {
            let page = try nextPage(agent)
            pages.append(page)
            let own = page.series(of: cgroup.id)
            #expect(own.count > 8, "\(scraper) sees it")
            #expect(abs(try #require(page.milliseconds(of: cgroup.id)) * 1000 - usage) <= usage * 0.001)
            #expect(own.allSatisfy { $0.labels["state"] ?? "terminated" == "terminated" })
            #expect(page.all("kepler_container_cpu_watts", ["container_id": cgroup.id]).allSatisfy { $0.value == 0 })
        }
        for _ in 0..<3 { pages.append(try nextPage(agent)) }
        #expect(pages[2].series(of: cgroup.id).isEmpty)

        // Other containers of this machine may come and go besides: the same goes for them.
        let history = try pages.map(values)
        for (before, after) in zip(history, history.dropFirst()) {
            for (group, old) in before {
                let new = try #require(after[group])
                let left = old.filter { new[$0.key] == nil }.reduce(0) { $0 + $1.value }
                let (had, has) = (try #require(old["retired"]), try #require(new["retired"]))
                #expect(has - had == left, "\(group)")
                #expect(new.reduce(0) { $0 + $1.value } >= old.reduce(0) { $0 + $1.value }, "\(group)")
                for (id, value) in old { #expect(new[id] ?? .max >= value, "\(group) \(id)") }
            }
        }
        let retired = pages.last?.milliseconds(of: "retired") ?? 0
        #expect(retired * 1000 >= usage * 0.999)
    }

    @Test func retainOutlastsScrapes() throws {
        let agent = try AgentUnderTest(["--source", "estimator", "--interval", "100ms", "--retain-max", "100000"])
        let cgroup = try TestCgroup()
        try cgroup.work(milliseconds: 100)
        cgroup.remove()
        usleep(500_000)
        let final = try nextPage(agent).milliseconds(of: cgroup.id)
        #expect(final != nil)
        for _ in 0..<5 { #expect(try nextPage(agent).milliseconds(of: cgroup.id) == final) }
    }

    @Test(arguments: [["--retain", "0s"], ["--retain-max", "0"]])
    func aPodIsTheSumOfItsContainersAndOutlivesThem(options: [String]) throws {
        let simulator = try Simulator(package: 31, core: 17, dram: 5)
        defer { simulator.stop() }
        let agent = try AgentUnderTest(["--sysfs", simulator.root, "--interval", "100ms"] + options)
        let uid = Here.podUID()
        let containers = try (0..<2).map { _ in try TestCgroup(pod: uid) }
        for container in containers { try container.work(milliseconds: 300) }
        let of = ["pod_id": uid]
        let zones = ["package", "core", "dram"].map { ["pod_id": uid, "zone": $0] }
        let pod = "kepler_pod_cpu_joules_total"
        let both = try agent.scrape()
        for zone in zones {
            #expect(both.all(pod, zone).count == 1 && both.all("kepler_container_cpu_joules_total", zone).count == 2)
            #expect(
                try both.microjoules(pod, zone) == both.microjoules("kepler_container_cpu_joules_total", zone))
        }

        containers[0].remove()
        let one = try agent.await("the fold") { $0.series(of: containers[0].id).isEmpty }
        #expect(one.all("kepler_container_cpu_joules_total", zones[0]).count == 1)
        for zone in zones { #expect(try one.microjoules(pod, zone) >= both.microjoules(pod, zone)) }
        #expect(one.all(pod, of).allSatisfy { $0.labels["state"] == "running" })

        containers[1].remove()
        let none = try agent.await("the pod's end") { $0.all(pod, of).isEmpty }
        for zone in ["package", "core", "dram"] {
            let retired = try none.microjoules(pod, ["pod_id": "retired", "zone": zone])
            #expect(try retired >= one.microjoules(pod, ["pod_id": uid, "zone": zone]))
        }
    }
}

import Exposition
import Glibc
import Testing

/// Cgroups that are no containers, by path, on the pages of the real agent.
@Suite(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"), .serialized)
struct CgroupPathTests {
    @Test func aServiceHasItsOwnSeries() throws {
        let simulator = try Simulator(package: 31, core: 17, dram: 5)
        defer { simulator.stop() }
        let agent = try AgentUnderTest(["--sysfs", simulator.root])
        let service = try TestCgroup(path: "/system.slice/brahe-test-\(getpid()).service")
        try service.work(milliseconds: 800)
        let labels = ["path": service.path]
        let due = try service.usage()
        let page = try agent.scrape()
        let seconds = page.all("brahe_cgroup_cpu_seconds_total", labels)
        #expect(seconds.count == 1)
        #expect(abs(page.sum("brahe_cgroup_cpu_seconds_total", labels) * 1e6 / due - 1) < 0.005)
        let joules = page.all("brahe_cgroup_joules_total", labels)
        #expect(Set(joules.compactMap { $0.labels["zone"] }) == ["package", "core", "dram"])
        #expect(joules.allSatisfy { $0.value > 0 })
        // Kepler has one bucket for all of them.
        let bucket = ["container_id": "system_processes"]
        #expect(page.sum("kepler_container_bpf_cpu_time_ms_total", bucket) * 1000 >= due)
        #expect(page.samples.allSatisfy { $0.labels["container_id"] != service.path })
        #expect(page.all("brahe_cgroup_joules_total").allSatisfy { !($0.labels["path"] ?? "").contains("kubepods") })
        #expect(try page.zonesEqualTheirTerms())
    }

    @Test func theSwitchTakesThemOffThePage() throws {
        let agent = try AgentUnderTest(["--source", "estimator", "--cgroups", "off"])
        let service = try TestCgroup(path: "/system.slice/brahe-test-\(getpid()).service")
        try service.work(milliseconds: 300)
        let due = try service.usage()
        let page = try agent.scrape()
        #expect(page.samples.allSatisfy { !$0.name.hasPrefix("brahe_cgroup_") })
        #expect(page.sum("kepler_container_bpf_cpu_time_ms_total", ["container_id": "system_processes"]) * 1000 >= due)
    }
}

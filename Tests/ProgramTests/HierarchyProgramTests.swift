import Exposition
import Testing

/// Containers of either hierarchy on the pages of the real agent.
@Suite(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"), .serialized)
struct HierarchyProgramTests {
    private func agent(_ hierarchy: String) throws -> AgentUnderTest {
        try AgentUnderTest(["--source", "estimator", "--cgroup-hierarchy", hierarchy])
    }

    @Test(.enabled(if: Here.hasV1("cpuacct"), "needs a cgroup v1 hierarchy"), arguments: ["auto", "v1:cpuacct"])
    func aContainerOfV1AloneIsThere(hierarchy: String) throws {
        let agent = try agent(hierarchy)
        let uid = Here.podUID()
        let cgroup = try TestCgroup(pod: uid, v1: ["cpuacct"])
        try check(agent, cgroup, ["runtime": "kubepods", "pod_id": uid])
    }

    @Test(arguments: ["auto", "v2"])
    func aContainerOfV2AloneIsThere(hierarchy: String) throws {
        let agent = try agent(hierarchy)
        let uid = Here.podUID()
        let cgroup = try TestCgroup(pod: uid)
        try check(agent, cgroup, ["runtime": "containerd", "pod_id": uid])
    }

    @Test(.enabled(if: Here.hasV1("cpuacct"), "needs a cgroup v1 hierarchy"))
    func bothAtOnceAreTwoContainers() throws {
        let agent = try agent("auto")
        let cgroups = [try TestCgroup(pod: Here.podUID()), try TestCgroup(pod: Here.podUID(), v1: ["cpuacct"])]
        for cgroup in cgroups { try check(agent, cgroup, [:]) }
        #expect(try agent.scrape().zonesEqualTheirTerms())
    }

    /// A container that works is on the page with the time that the kernel has for it.
    private func check(_ agent: AgentUnderTest, _ cgroup: TestCgroup, _ labels: [String: String]) throws {
        let work = try cgroup.start("exec \(Here.program("brahe")) workload bursty --seconds 1")
        #expect(work.wait() == 0, "\(work.errorText)")
        let due = try cgroup.usage()
        let page = try agent.scrape()
        let ours = try #require(page.milliseconds(of: cgroup.id)) * 1000
        #expect(due > 100_000 && abs(ours - due) <= due * 0.001, "ours \(ours) us, the kernel's \(due) us")
        let own = labels.merging(["container_id": cgroup.id]) { $1 }
        #expect(page.all("kepler_container_cpu_seconds_total", own).count == 1)
    }

    @Test func aHierarchyThatIsNotMountedIsOneLineAndExitThree() throws {
        let agent = try Running(
            Here.program("brahe-agent"),
            ["--source", "estimator", "--listen", "127.0.0.1:0", "--cgroup-hierarchy", "v1:nope"])
        #expect(agent.wait() == 3)
        let lines = agent.errorText.split(separator: "\n").filter { !$0.contains("source estimator") }
        #expect(lines.count == 1)
        #expect(lines.first?.contains("find the cgroup v1 hierarchy nope: ") == true, "\(lines)")
    }

    @Test(arguments: ["v1", "v1:", "v3", "V2", ""])
    func aWordThatIsNoHierarchyIsOneLineAndExitTwo(word: String) throws {
        let agent = try Running(Here.program("brahe-agent"), ["--cgroup-hierarchy", word])
        #expect(agent.wait() == 2)
        #expect(agent.errorText.split(separator: "\n").count == 1)
        #expect(agent.errorText.contains("--cgroup-hierarchy \"\(word)\""), "\(agent.errorText)")
    }
}

import Exposition
import Glibc
import Testing

/// cAdvisor's families against the kernel's files, on the pages of the real agent.
@Suite(
    .enabled(
        if: Here.canLoadProbe && Here.hasV1("cpuacct", "memory"), "needs root, kernel BTF and memory in cgroup v1"),
    .serialized)
struct CadvisorTests {
    private let families = [
        "container_cpu_usage_seconds_total", "container_memory_rss", "container_memory_working_set_bytes",
    ]

    @Test func aContainersFilesAreOnThePage() throws {
        let logs = try PodLogTree()
        let pod = TestPod(name: "cache-0", namespace: "shop")
        let agent = try AgentUnderTest(["--source", "estimator", "--pod-logs", logs.path, "--cadvisor", "on"])
        let cgroup = try TestCgroup(pod: pod.uid, v1: ["cpuacct", "memory"])
        try logs.add(pod, container: "redis", id: cgroup.id)
        // 64 MiB that stay, a file of 32 MiB that was read once, and some work.
        let folder = try Scratch()
        let script = """
            import time
            memory = bytearray(64 << 20)
            for place in range(0, len(memory), 4096): memory[place] = 1
            with open('\(folder("file"))', 'wb') as file: file.write(bytes(32 << 20))
            with open('\(folder("file"))', 'rb') as file: file.read()
            open('\(folder("ready"))', 'w').close()
            time.sleep(60)
            """
        let work = try cgroup.start("exec /usr/bin/python3 -c \"\(script)\"")
        try work.await("its memory") { access(folder("ready"), F_OK) == 0 }
        usleep(200_000)
        let page = try agent.scrape()
        let labels = ["name": cgroup.id]
        for family in families {
            let series = page.all(family, labels)
            #expect(series.count == 1, "\(family)")
            let found = try #require(series.first).labels
            #expect(found["pod"] == "cache-0" && found["namespace"] == "shop" && found["container"] == "redis")
            #expect(found["id"] == cgroup.path)
        }
        let seconds = try cgroup.number("cpuacct.usage") / 1e9
        #expect(seconds > 0.01 && abs(page.sum(families[0], labels) / seconds - 1) < 0.01)
        let rss = try cgroup.memory("total_rss")
        #expect(rss > 64e6 && abs(page.sum(families[1], labels) / rss - 1) < 0.01, "\(rss) bytes")
        let working = try cgroup.number("memory.usage_in_bytes") - cgroup.memory("total_inactive_file")
        #expect(working > rss && abs(page.sum(families[2], labels) / working - 1) < 0.01, "\(working) bytes")
        kill(work.pid, SIGKILL)
        _ = work.wait()
    }

    @Test func theyAreOffUnlessAskedFor() throws {
        let agent = try AgentUnderTest(["--source", "estimator"])
        let cgroup = try TestCgroup(pod: Here.podUID())
        try cgroup.work(milliseconds: 100)
        let page = try agent.scrape()
        #expect(page.milliseconds(of: cgroup.id) != nil)
        #expect(page.samples.allSatisfy { !families.contains($0.name) })
    }
}

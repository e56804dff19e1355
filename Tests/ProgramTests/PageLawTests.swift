import Exposition
import Foundation
import Glibc
import Testing

/// What holds of every page of a running agent, whatever comes and goes.
@Suite(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"), .serialized)
struct PageLawTests {
    // MARK: Series

    /// Programs of one name, one after the other: in one process, in one process id, in cgroups that come back.
    @Test func noSeriesIsThereTwiceUnderChurnOfProcessesAndContainers() throws {
        let simulator = try Simulator(package: 31, core: 17, dram: 5, uncore: 3, psys: 60)
        defer { simulator.stop() }
        let files = try Scratch()
        let agent = try AgentUnderTest(
            ["--sysfs", simulator.root, "--interval", "100ms", "--name-wait", "0s"] + WholeNode.everything)
        let spin = "i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done"
        // A wrapper that becomes the program of its own name, as distributions have them.
        try FileManager.default.createDirectory(atPath: files("bin"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "/bin/sleep", toPath: files("bin/app"))
        try files.write("app", "#!/bin/sh\n\(spin)\nexec \(files("bin/app")) 0.2\n")
        chmod(files("app"), 0o755)
        let system = try ["a", "b"].map { try TestCgroup(path: "/brahe-test-\($0)") }
        // Two pods that nobody can name are one in the first generation.
        let pods = try ["1", "2"].map { try TestCgroup(pod: "0ddba11d-0000-0000-0000-00000000000\($0)") }
        let id = TestCgroup.newID()
        for round in 0..<12 {
            let moving = try Running(
                "/bin/sh",
                [
                    "-c",
                    "echo $$ > \(system[0].folder)/cgroup.procs; \(spin); echo $$ > \(system[1].folder)/cgroup.procs; "
                        + "\(spin); exec /bin/sh -c '\(spin); exec \(files("app"))'",
                ])
            // The same process id, name and program again and again.
            let again = try Running(
                "/bin/sh", ["-c", "echo 29999 > /proc/sys/kernel/ns_last_pid; /bin/sh -c '\(spin)'"])
            for pod in pods { pod.work() }
            do {
                let back = try TestCgroup(path: "/docker/\(id)")
                back.work()
                back.remove()
            }
            if round % 3 == 2 { #expect(moving.wait() == 0, "\(moving.errorText)") }
            _ = again.wait()
            // Reading the page fails at the first series that is there twice.
            let page = try Scrape(agent.request("GET", "/metrics").body)
            #expect(!page.samples.isEmpty)
        }
        let page = try agent.scrape()
        let commands = page.series(named: "kepler_process_bpf_cpu_time_ms_total").compactMap { $0.labels["command"] }
        #expect(commands.contains("app"))
        #expect(try #require(page.milliseconds(of: id)) > 0)
    }

    @Test(arguments: ["none", "usage", "even"])
    func noCounterFallsWhereContainersComeGoAndAreFolded(idle: String) throws {
        let simulator = try Simulator(package: 31, core: 17, dram: 5, uncore: 3, psys: 60)
        defer { simulator.stop() }
        let agent = try AgentUnderTest(
            [
                "--sysfs", simulator.root, "--interval", "60s", "--retain", "0s", "--retain-max", "3", "--name-wait",
                "0s", "--idle", idle,
            ] + WholeNode.everything)
        // What cAdvisor counts is of containers that are there. Of everybody else's work nothing is added up: what this
        // test's own lost would be lost in it.
        let others: Set = ["kernel_processes", "system_processes", "unnamed", "overflow"]
        var watch = CounterWatch { series in
            let values = series.labels.values
            if values.contains("retired") { return true }
            return !series.name.hasPrefix("container_") && !values.contains { others.contains($0) }
                && (!series.name.hasPrefix("brahe_cgroup_") || values.contains { $0.hasPrefix("/brahe-test") })
        }
        let lasting = try TestCgroup(pod: "0ddba11d-0000-0000-0000-000000000003")
        let id = TestCgroup.newID()
        var folded = false
        for round in 0..<16 {
            lasting.work()
            var fleeting = try (0..<3).map { _ in try TestCgroup() }
            fleeting.append(try TestCgroup(pod: "0ddba11d-0000-0000-0000-0000000001\(10 + round)"))
            fleeting.append(try TestCgroup(path: "/machine.slice/machine-qemu\\x2d\(round)\\x2dguest.scope"))
            fleeting.append(try TestCgroup(path: "/brahe-test-\(round)"))
            // It comes back every other round.
            if round % 2 == 0 { fleeting.append(try TestCgroup(path: "/docker/\(id)")) }
            for cgroup in fleeting { cgroup.work() }
            for cgroup in fleeting where round % 3 != 0 { cgroup.remove() }
            let page = try agent.scrape()
            watch.check(page)
            #expect(try page.zonesEqualTheirTerms())
            if try page.microjoules("kepler_container_joules_total", ["container_id": "retired"]) > 0 { folded = true }
            usleep(60_000)
        }
        #expect(folded)
    }

    // MARK: What is asked for

    @Test(arguments: KeplerInventory.Generation.allCases)
    func aGenerationAloneShowsNoFamilyOfAnother(_ generation: KeplerInventory.Generation) throws {
        let node = try WholeNode(["--compat", generation.rawValue, "--levels", "node,container,pod,process,vm"])
        let page = try node.agent.scrape()
        let own = Set(KeplerInventory.metrics(generation).map(\.name))
        let met = page.types.keys.filter { name in
            ["kepler_", "pod_", "node_"].contains { name.hasPrefix($0) }
        }
        #expect(met.count > 10)
        #expect(Set(met).isSubset(of: own), "\(Set(met).subtracting(own).sorted())")
    }

    @Test func theLevelNodeAloneShowsNobodyElse() throws {
        let node = try WholeNode(["--compat", "0.9,0.11,0.3", "--levels", "node", "--cgroups", "off"])
        let page = try node.agent.scrape()
        #expect(!page.series(named: "kepler_node_package_joules_total").isEmpty)
        let others = page.samples.filter { series in
            ["container_id", "pod_name", "pod_id", "pid", "vm_id"].contains { series.labels[$0] != nil }
        }
        #expect(others.isEmpty, "\(Set(others.map(\.name)).sorted())")
    }

    @Test(arguments: ["node", "node,container"])
    func aNameThatComesLateIsToldAtTheLevelOfContainersOnly(_ levels: String) throws {
        let logs = try Scratch()
        let agent = try AgentUnderTest(
            ["--source", "estimator", "--pod-logs", logs.path, "--name-wait", "0s", "--levels", levels])
        let container = try TestCgroup()
        container.work()
        _ = try agent.scrape()
        try WholeNode.name(container, in: logs)
        usleep(200_000)
        let told = try agent.scrape().series(named: "brahe_container_info")
        #expect(told.map { $0.labels["pod_name"] } == (levels == "node" ? [] : ["web-0"]))
    }

    /// The kernel tells of each map and program that a process holds (`/proc/PID/fdinfo`).
    @Test func withoutTheLevelProcessTheKernelHoldsNoTableOfProcesses() throws {
        func held(_ levels: String) throws -> (memory: Int, programs: Int) {
            let agent = try AgentUnderTest(["--source", "estimator", "--levels", levels])
            let folder = "/proc/\(agent.running.pid)/fdinfo"
            var held = (memory: 0, programs: 0)
            for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
                let text = (try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)) ?? ""
                if text.contains("\nprog_type:") { held.programs += 1 }
                guard text.contains("\nmap_type:") else { continue }
                let line = text.split(separator: "\n").first { $0.hasPrefix("memlock:") }
                held.memory += line?.split(separator: "\t").last.flatMap { Int($0) } ?? 0
            }
            return held
        }
        let off = try held("node,container,pod,vm")
        let on = try held("node,container,pod,process,vm")
        #expect(off.memory > 0)
        // 16384 places of 8 bytes for each CPU.
        #expect(on.memory >= off.memory + 16384 * 8)
        #expect(on.programs > off.programs)
    }
}

import Exposition
import Foundation
import Glibc
import Testing

/// Single processes on the pages of the real agent.
@Suite(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"), .serialized)
struct ProcessLevelTests {
    private let level = ["--levels", "node,container,pod,process,vm", "--interval", "500ms"]

    /// A process's nanoseconds on a CPU as the kernel has them: the first field of /proc/PID/schedstat.
    private func runTime(_ pid: pid_t) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(pid)/schedstat", encoding: .utf8)
        return try #require(text.split(separator: " ").first.flatMap { Double($0) })
    }

    @Test(arguments: [[], ["/usr/bin/unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]])
    func aProcessHasItsNamesAndItsTimeAsTheHostSeesIt(through: [String]) throws {
        let agent = try AgentUnderTest(level + ["--source", "estimator"], through: through)
        let cgroup = try TestCgroup()
        let brahe = try Here.program("brahe")
        let work = try cgroup.start("exec \(brahe) workload steady --seconds 30")
        usleep(2_000_000)
        kill(work.pid, SIGSTOP)
        usleep(100_000)
        let due = try runTime(work.pid)
        let page = try agent.scrape()
        // What the shell that it was before did is another program's.
        let own = page.all("kepler_process_cpu_seconds_total", ["pid": "\(work.pid)", "comm": "brahe"])
        #expect(own.count == 1)
        let series = try #require(own.first)
        #expect(abs(series.value * 1e9 / due - 1) < 0.01, "\(series.value) s, schedstat \(due) ns")
        #expect(series.labels["exe"] == brahe)
        #expect(series.labels["container_id"] == cgroup.id)
        #expect(series.labels["type"] == "container" && series.labels["vm_id"] == "")
        let itsOwn = ["pid": "\(work.pid)", "comm": "brahe", "zone": "package"]
        let joules = page.sum("kepler_process_cpu_joules_total", itsOwn)
        #expect(abs(joules / (series.value * 2.76) - 1) < 0.01, "2.76 W while it runs: \(joules) J")
        let older = page.all(
            "kepler_process_bpf_cpu_time_ms_total",
            ["pid": "\(work.pid)", "command": "brahe", "container_id": cgroup.id])
        #expect(older.count == 1 && abs((older.first?.value ?? 0) / 1000 - series.value) < 1e-6)
        let itself = page.all("kepler_process_cpu_seconds_total", ["comm": "brahe-agent", "type": "regular"])
        let pid = through.isEmpty ? agent.running.pid : try child(of: agent.running.pid)
        #expect(itself.contains { $0.labels["pid"] == "\(pid)" })
        kill(work.pid, SIGKILL)
    }

    private func child(of pid: pid_t) throws -> pid_t {
        let text = try String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)
        return try #require(text.split(separator: " ").first.flatMap { pid_t($0) })
    }

    @Test func noShortLivedProcessIsLost() throws {
        let simulator = try Simulator(package: 31, core: 17, dram: 5)
        defer { simulator.stop() }
        let agent = try AgentUnderTest(level + ["--sysfs", simulator.root, "--retain-max", "100000"])
        let cgroup = try TestCgroup()
        let storm = try cgroup.start("i=0; while [ $i -lt 2000 ]; do /bin/true; i=$((i+1)); done")
        #expect(storm.wait() == 0)
        let due = try cgroup.usage() / 1e6
        let page = try agent.scrape()
        let own = page.all("kepler_process_cpu_seconds_total", ["container_id": cgroup.id])
        #expect(own.filter { $0.labels["comm"] == "true" }.count >= 1990, "\(own.count) series")
        let sum = own.reduce(0) { $0 + $1.value }
        #expect(abs(sum / due - 1) < 0.01, "\(sum) s, cpu.stat \(due) s")
        try check(page)
    }

    @Test func whatIsRetiredStaysInTheSum() throws {
        let simulator = try Simulator(package: 31, core: 17, dram: 5)
        defer { simulator.stop() }
        let agent = try AgentUnderTest(level + ["--sysfs", simulator.root, "--retain-max", "20"])
        let cgroup = try TestCgroup()
        let before = try agent.scrape()
        let storm = try cgroup.start("i=0; while [ $i -lt 300 ]; do /bin/true; i=$((i+1)); done")
        #expect(storm.wait() == 0)
        let page = try agent.await("the end of all but 20") {
            $0.all("kepler_process_cpu_seconds_total", ["state": "terminated"]).count <= 21
                && $0.all("kepler_process_cpu_seconds_total", ["container_id": cgroup.id]).count <= 20
        }
        let seconds = [before, page].map { $0.sum("kepler_process_cpu_seconds_total", ["pid": "retired"]) }
        #expect(seconds[1] > seconds[0])
        try check(page)
    }

    /// Processes have the same time as containers and all else together, and the same energy in each zone.
    private func check(_ page: Scrape) throws {
        for zone in ["package", "core", "dram"] {
            let processes = try page.microjoules("kepler_process_\(zone)_joules_total", ["mode": "dynamic"])
            let node = try page.microjoules("kepler_node_\(zone)_joules_total", ["mode": "dynamic"])
            // Each ledger keeps less than a microjoule for each account until its next posting.
            let rounding = Int64(page.series(named: "kepler_process_\(zone)_joules_total").count)
            #expect(node > 0 && abs(Int64(processes) - Int64(node)) <= rounding, "\(zone): \(processes) of \(node) uJ")
        }
        let processes = page.sum("kepler_process_bpf_cpu_time_ms_total")
        let containers = page.sum("kepler_container_bpf_cpu_time_ms_total")
        #expect(abs(processes - containers) < 10, "\(processes) ms of \(containers) ms")
        #expect(try page.zonesEqualTheirTerms())
    }

    @Test func aProcessThatMovesOrBecomesAnotherOfItsNameHasOneSeries() throws {
        let agent = try AgentUnderTest(level + ["--source", "estimator"])
        let service = try TestCgroup(path: "/system.slice/brahe-test-\(getpid()).service")
        let folder = try Scratch()
        // A script whose name is that of the program which it becomes, as a version manager's are.
        let spin = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"
        let script = try folder.write("dash", "#!/usr/bin/env bash\n\(spin)\nexec /usr/bin/dash -c '\(spin)'\n")
        chmod(script, 0o755)
        let move = "echo $$ > \(service.folder)/cgroup.procs"
        let work = try Running("/bin/sh", ["-c", "\(spin); \(move); \(spin); exec \(script)"])
        #expect(work.wait() == 0, "\(work.errorText)")
        usleep(700_000)
        // Reading the page refuses what is there twice.
        let own = try agent.scrape().all("kepler_process_cpu_seconds_total", ["pid": "\(work.pid)"])
        #expect(Set(own.compactMap { $0.labels["comm"] }).isSuperset(of: ["sh", "bash", "dash"]), "\(own)")
        #expect(own.first { $0.labels["comm"] == "dash" }?.labels["exe"] == "/usr/bin/dash")
        #expect(own.first { $0.labels["comm"] == "sh" }?.value ?? 0 > 0.2)
    }

    @Test func withoutTheLevelThereIsNothingOfIt() throws {
        let agent = try AgentUnderTest(["--source", "estimator", "--cgroup-hierarchy", "v2"])
        #expect(try agent.scrape().samples.allSatisfy { !$0.name.hasPrefix("kepler_process_") })
        let with = try AgentUnderTest(["--source", "estimator", "--cgroup-hierarchy", "v2"] + level)
        #expect(try !with.scrape().all("kepler_process_cpu_seconds_total").isEmpty)
        // The kernel's word for it: three programs for cgroups, and three more for processes.
        let (few, many) = (programs(agent.running.pid), programs(with.running.pid))
        #expect(few.count == many.count - 3, "\(few) and \(many)")
        #expect(few.max() ?? 0 < many.max() ?? 0, "the one that charges is longer with processes")
        #expect(mapped(agent.running.pid) * 2 < mapped(with.running.pid))
    }

    /// The instructions of each BPF program that a process has open.
    private func programs(_ pid: pid_t) -> [Int] { fdinfo(pid, "verified_insns") }

    /// The bytes of all the BPF maps that a process has open.
    private func mapped(_ pid: pid_t) -> Int { fdinfo(pid, "memlock", where: "map_type").reduce(0, +) }

    private func fdinfo(_ pid: pid_t, _ key: String, where other: String? = nil) -> [Int] {
        let folder = "/proc/\(pid)/fdinfo"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.compactMap { file in
            let text = (try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)) ?? ""
            guard other.map({ text.contains("\($0):") }) ?? true else { return nil }
            return text.split(separator: "\n").first { $0.hasPrefix("\(key):") }
                .flatMap { $0.split(separator: "\t").last }.flatMap { Int($0) }
        }
    }
}

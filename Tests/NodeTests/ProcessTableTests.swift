import Attribution
import CAgent
import Glibc
import Testing

@testable import Node

/// The table of processes against the kernel's own account of each, and against the table of cgroups.
@Suite(
    .enabled(if: geteuid() == 0 && access("/sys/kernel/btf/vmlinux", R_OK) == 0, "needs root and kernel BTF"),
    .serialized)
struct ProcessTableTests {
    private let watch: Watch

    init() throws { watch = try Watch(slots: 16384) }

    @Test func eachProcessHasItsOwnTime() throws {
        let workshop = try Workshop("own-time")
        let loops = [400_000, 800_000, 1_600_000]
        let work = try loops.map { try workshop.start("i=0; while [ $i -lt \($0) ]; do i=$((i+1)); done") }
        let truth = work.map { pid in
            var usage = rusage()
            wait4(pid, nil, 0, &usage)
            return UInt64(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1_000_000_000
                + UInt64(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000
        }
        let seen = watch.read()
        for (pid, truth) in zip(work, truth) {
            let keys = seen.processes.filter { $0.value.pid == pid }
            #expect(keys.contains { $0.value.comm == "sh" && $0.value.exe == "/usr/bin/dash" })
            let ours = keys.keys.reduce(0) { $0 + seen.time[$1, default: 0] }
            #expect(truth > 100_000_000)
            #expect(abs(Double(ours) / Double(truth) - 1) < 0.01, "\(pid): table \(ours) ns, kernel \(truth) ns")
        }
    }

    @Test func aStormOfShortProcessesLosesNothing() throws {
        let workshop = try Workshop("storm")
        // Two thousand programs, and five hundred forks that run none.
        try workshop.run(
            "i=0; while [ $i -lt 2000 ]; do i=$((i+1)); /bin/true; done; while [ $i -gt 1500 ]; do i=$((i-1)); (:); done"
        )
        let seen = watch.read()
        let here = seen.processes.filter { $0.value.cgroup == workshop.id }
        #expect(here.values.count { $0.comm == "true" && $0.exe == "/usr/bin/true" } == 2000)
        #expect(Set(here.values.filter { $0.exe == "/usr/bin/dash" }.map(\.pid)).count >= 501)
        #expect(here.values.allSatisfy { !$0.exe.isEmpty })
        #expect(here.keys.allSatisfy { seen.exited.contains($0) })
        // All work of the machine is in both tables, which were read some milliseconds apart.
        let (processes, cgroups) = (seen.time.values.reduce(0, +), seen.cgroupTime.values.reduce(0, +))
        #expect(abs(Double(processes) / Double(cgroups) - 1) < 0.005, "\(processes) ns, \(cgroups) ns")
        let ours = here.keys.reduce(0) { $0 + seen.time[$1, default: 0] }
        let truth = seen.cgroupTime[workshop.id, default: 0]
        #expect(abs(Double(ours) / Double(truth) - 1) < 0.01, "\(ours) ns, \(truth) ns")
        #expect(watch.unplaced == 0 && watch.delayed == 0)
    }

    @Test func theExecutableIsNamedAsItsProcessSeesIt() throws {
        let workshop = try Workshop("view")
        let folder = "/tmp/brahe-test-\(getpid())-view"
        try #require(mkdir(folder, 0o755) == 0 && mkdir(folder + "/deep", 0o755) == 0)
        defer {
            rmdir(folder + "/deep")
            rmdir(folder)
        }
        try workshop.run(
            "exec unshare -m sh -c 'mount --bind /usr/bin \(folder)/deep && \(folder)/deep/true;"
                + " mount --rbind / \(folder)/deep && chroot \(folder)/deep /usr/bin/env true'")
        let here = watch.read().processes.values.filter { $0.cgroup == workshop.id }
        #expect(here.contains { $0.exe == folder + "/deep/true" && $0.comm == "true" })
        #expect(here.contains { $0.exe == "/usr/bin/true" && $0.comm == "true" })
        #expect(here.contains { $0.exe == "/usr/bin/env" })
        #expect(!here.contains { $0.exe.hasSuffix("deep/usr/bin/true") })
    }

    @Test func kernelThreadsHaveNoExecutable() throws {
        sleep(1)
        let threads = watch.read().processes.values.filter { $0.comm.hasPrefix("kworker") || $0.comm.hasPrefix("rcu") }
        #expect(!threads.isEmpty)
        #expect(threads.allSatisfy { $0.exe.isEmpty })
    }

    @Test func aProcessThatMovesIsSeenAgain() throws {
        let (first, second) = (try Workshop("before"), try Workshop("after"))
        let pid = try first.start("while :; do :; done")
        defer {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
        usleep(100_000)
        #expect(watch.read().processes.values.contains { $0.pid == pid && $0.cgroup == first.id })
        second.admit(pid)
        #expect(watch.read().processes.values.contains { $0.pid == pid && $0.cgroup == second.id })
    }

    @Test func afterAnExecItIsAnotherProcess() throws {
        let workshop = try Workshop("exec")
        let pid = try workshop.start("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; exec /bin/sleep 0.01")
        waitpid(pid, nil, 0)
        let seen = watch.read()
        for (program, leastTime) in [("/usr/bin/dash", 10_000_000), ("/usr/bin/sleep", 100_000)] {
            let keys = seen.processes.filter { $0.value.pid == pid && $0.value.exe == program }.keys
            #expect(keys.reduce(0) { $0 + seen.time[$1, default: 0] } > UInt64(leastTime), "\(program)")
            #expect(keys.allSatisfy { seen.exited.contains($0) })
        }
    }

    @Test func aFullTableOverflowsAndLosesNothing() throws {
        let small = try Watch(slots: Int(SLOT_FIRST + SLOT_PROBES) + 1)
        let workshop = try Workshop("small-table")
        try workshop.run("i=0; while [ $i -lt 200 ]; do i=$((i+1)); /bin/true; done")
        let seen = small.read()
        #expect(small.unplaced > 0)
        #expect(seen.time[0, default: 0] > 0)
        let (processes, cgroups) = (seen.time.values.reduce(0, +), seen.cgroupTime.values.reduce(0, +))
        #expect(abs(Double(processes) / Double(cgroups) - 1) < 0.01, "\(processes) ns, \(cgroups) ns")
    }

    /// A ring that nobody reads turns processes away before it has no room for the ends of those it took.
    @Test func aFullRingDelaysProcessesAndKeepsTheirEnds() throws {
        let small = try Watch(slots: 1000)
        let workshop = try Workshop("small-ring")
        let folder = "/tmp/brahe-test-\(getpid())-" + String(repeating: "x", count: 200)
        try workshop.run(
            "mkdir \(folder); cp /bin/true \(folder); i=0; while [ $i -lt 900 ]; do i=$((i+1)); \(folder)/true; done;"
                + " rm -r \(folder)")
        #expect(small.delayed > 0)
        let seen = small.read()
        let here = seen.processes.filter { $0.value.cgroup == workshop.id && $0.value.comm == "true" }
        #expect(!here.isEmpty && here.keys.allSatisfy { seen.exited.contains($0) })
        #expect(seen.time[0, default: 0] > 0)
        #expect(seen.time.keys.allSatisfy { $0 == 0 || seen.processes[$0] != nil })
    }

    @Test func theProgramIsSmallerWithoutIt() throws {
        let without = try Watch(slots: nil)
        #expect(without.read().time.isEmpty)
        #expect(without.programLength > 0 && without.programLength * 3 < watch.programLength)
    }
}

/// A probe and what it has told so far.
private final class Watch {
    /// Everything since the probe began: processes by key, time by key and by cgroup, and the keys that ended.
    struct Seen {
        var processes: [UInt64: Process] = [:]
        var exited: Set<UInt64> = []
        var time: [UInt64: UInt64] = [:]
        var cgroupTime: [UInt64: UInt64] = [:]
    }

    private var probe: SchedProbe
    private var seen = Seen()

    /// A probe whose table of processes has `slots` slots; nil for no such table.
    init(slots: Int?) throws { probe = try SchedProbe(processSlots: slots, topology: Topology(sysfs: "/sys")) }

    var unplaced: UInt64 { probe.unplacedByProcess }
    var delayed: UInt64 { probe.delayedProcesses }
    var programLength: Int { probe.programLength ?? 0 }

    func read() -> Seen {
        probe.read(at: Clock.monotonic)
        for gain in probe.table.gains { seen.cgroupTime[gain.owner, default: 0] += gain.nanoseconds }
        if probe.processes != nil { addProcesses() }
        return seen
    }

    private func addProcesses() {
        for gain in probe.processes?.gains ?? [] { seen.time[gain.owner, default: 0] += gain.nanoseconds }
        probe.processEvents?.receive()
        for event in probe.processEvents?.waiting ?? [] {
            switch event {
            case .seen(let key, let process): seen.processes[key] = process
            case .exited(let key): seen.exited.insert(key)
            }
        }
        probe.processEvents?.waiting.removeAll()
    }
}

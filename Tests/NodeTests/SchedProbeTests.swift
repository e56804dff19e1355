import Attribution
import CAgent
import Glibc
import Testing

@testable import Node

/// The probe against a second truth: a program that takes the clock at every context switch.
@Suite(
    .enabled(if: geteuid() == 0 && access("/sys/kernel/btf/vmlinux", R_OK) == 0, "needs root and kernel BTF"),
    .serialized)
struct SchedProbeTests {
    @Test func agreesWithAClockReadAtEverySwitch() throws {
        let clock = try LoadedObject(image: yardstickObject, name: "yardstick") { object throws(SystemError) in
            try object.leaveOut("empty")
            try object.leaveOut("percpu_hash")
        }
        try clock.attach(["switch_clock"])
        var probe = try SchedProbe(topology: Topology(sysfs: "/sys"))
        let steady = try Workshop("steady")
        let forks = try Workshop("forks")
        let work = try [
            steady.start("i=0; while [ $i -lt 3000000 ]; do i=$((i+1)); done"),
            forks.start("i=0; while [ $i -lt 1500 ]; do i=$((i+1)); /bin/true; done"),
        ]
        for pid in work { waitpid(pid, nil, 0) }
        probe.table.read(at: Clock.monotonic)
        for workshop in [steady, forks] {
            let ours = probe.table.gains.filter { $0.owner == workshop.id }.reduce(0) { $0 + $1.nanoseconds }
            let truth = Self.clockTime(clock.map("clock_ns"), workshop.id)
            #expect(truth > 500_000_000)
            let ratio = Double(ours) / Double(truth)
            #expect(abs(ratio - 1) < 0.02, "\(workshop.name): probe \(ours) ns, clock \(truth) ns")
        }
    }

    @Test func aFullTableOverflowsAndLosesNothing() throws {
        // Room for no cgroup at all: every charge must land in the overflow.
        var probe = try SchedProbe(slots: Int(SLOT_FIRST + SLOT_PROBES) + 1, topology: Topology(sysfs: "/sys"))
        let workshops = try (0..<40).map { try Workshop("crowd-\($0)") }
        let work = try workshops.map { try $0.start("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done") }
        for pid in work { waitpid(pid, nil, 0) }
        probe.table.read(at: Clock.monotonic)
        #expect(probe.unplaced > 0)
        #expect(probe.table.gains.contains { $0.owner == 0 && $0.nanoseconds > 0 })
        let truth = try workshops.reduce(0) { try $0 + $1.usage() } * 1000
        let ours = probe.table.gains.reduce(0) { $0 + $1.nanoseconds }
        #expect(ours >= truth)
    }

    @Test func aClosedSlotIsEmptiedAndNeverInherited() throws {
        var probe = try SchedProbe(topology: Topology(sysfs: "/sys"))
        let first = try Workshop("first")
        waitpid(try first.start("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"), nil, 0)
        let now = Clock.monotonic
        probe.table.read(at: now)
        let slot = try #require(probe.table.gains.first { $0.owner == first.id }).slot
        probe.table.close(slot: slot, owner: first.id, at: now)
        probe.table.read(at: now + 50_000_000)
        #expect(probe.table.gains.contains { $0.slot == slot && $0.owner == first.id })
        probe.table.read(at: now + 200_000_000)
        probe.table.read(at: now + 300_000_000)
        #expect(!probe.table.gains.contains { $0.slot == slot })
        // Said again when it is somebody else's, or nobody's, it changes nothing.
        probe.table.close(slot: slot, owner: first.id, at: now + 300_000_000)
        probe.table.read(at: now + 310_000_000)
        #expect(!probe.table.gains.contains { $0.slot == slot })
    }

    @Test func eventsCarryThePathOfACgroupThatIsAlreadyGone() throws {
        let probe = try SchedProbe(topology: Topology(sysfs: "/sys"))
        let brief = try Workshop("brief")
        brief.remove()
        var made: [UInt64: String] = [:]
        var removed: [UInt64] = []
        probe.events.receive()
        for event in probe.events.waiting {
            switch event {
            case .made(let id, let path): made[id] = path
            case .removed(let id): removed.append(id)
            }
        }
        #expect(made[brief.id] == "/" + brief.name)
        #expect(removed.contains(brief.id))
    }

    private static func clockTime(_ map: Int32, _ cgroup: UInt64) -> UInt64 {
        var values = [UInt64](repeating: 0, count: Int(libbpf_num_possible_cpus()))
        var key = cgroup
        guard bpf_map_lookup_elem(map, &key, &values) == 0 else { return 0 }
        return values.reduce(0, +)
    }
}

import Attribution
import CAgent
import Glibc
import Testing

@testable import Node

@Suite struct HierarchyChoiceTests {
    private static let v2 = CgroupMount(point: "/u", isV2: true, controllers: [])
    private static let cpu = CgroupMount(point: "/c", isV2: false, controllers: ["rw", "cpu", "cpuacct"])
    private static let pids = CgroupMount(point: "/p", isV2: false, controllers: ["rw", "pids"])
    private static let named = CgroupMount(point: "/s", isV2: false, controllers: ["rw", "xattr", "name=systemd"])

    @Test(arguments: [
        ([v2], Hierarchy.v2),
        ([v2, named], .v2),
        ([named, pids, cpu, v2], .hybrid("cpuacct")),
        ([v2, pids], .hybrid("pids")),
        ([cpu, pids], .v1("cpuacct")),
    ])
    func autoFindsWhereContainersAre(mounts: [CgroupMount], hierarchy: Hierarchy) throws {
        #expect(try Hierarchy(.auto, among: mounts) == hierarchy)
    }

    @Test func whatIsNamedIsUsedOrRefused() throws {
        #expect(Hierarchy.Choice("v1:systemd") == .v1("name=systemd"))
        #expect(Hierarchy.Choice("v1:") == nil)
        #expect(Hierarchy.Choice("v3") == nil)
        #expect(try Hierarchy(.v1("cpu,cpuacct"), among: [Self.v2, Self.cpu]) == .v1("cpu,cpuacct"))
        #expect(try Hierarchy(.v2, among: [Self.v2, Self.cpu]) == .v2)
        #expect(throws: Hierarchy.Absent.self) { try Hierarchy(.v2, among: [Self.cpu]) }
        #expect(throws: Hierarchy.Absent.self) { try Hierarchy(.v1("memory"), among: [Self.v2, Self.cpu]) }
        #expect(throws: Hierarchy.Absent.self) { try Hierarchy(.auto, among: [Self.named]) }
    }

    @Test func mountsAndNumbersAreReadAsTheKernelWritesThem() {
        let mountinfo = """
            31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
            33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
            40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd
            41 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:3 master:4 - cgroup2 cgroup2 rw,nsdelegate
            """
        let mounts = CgroupMount.list(mountinfo)
        #expect(mounts.map(\.point) == ["cpu,cpuacct", "systemd", "unified"].map { "/sys/fs/cgroup/" + $0 })
        #expect(mounts.map(\.isV2) == [false, false, true])
        #expect(mounts[0].has("cpuacct") && mounts[0].has("cpu,cpuacct") && !mounts[0].has("cpu,memory"))
        let numbers = "12:name=systemd:/a:b\n4:cpu,cpuacct:/\n0::/a"
        #expect(CgroupTree.number("name=systemd", in: numbers) == 12)
        #expect(CgroupTree.number("cpuacct", in: numbers) == 4)
        #expect(CgroupTree.number("pids", in: numbers) == nil)
    }
}

/// Containers that exist in one hierarchy alone, on a machine that has v1 and v2.
@Suite(
    .enabled(if: geteuid() == 0 && access("/sys/kernel/btf/vmlinux", R_OK) == 0, "needs root and kernel BTF"),
    .enabled(if: Workshop.mount("cpuacct") != nil && Workshop.mount(nil) != nil, "needs a hybrid machine"),
    .serialized)
struct HierarchyTests {
    private static let loop = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"

    @Test(arguments: [
        ("auto", "cpuacct"), ("v1:cpuacct", "cpuacct"), ("v1:pids", "pids"), ("v1:systemd", "name=systemd"),
    ])
    func aContainerOfV1AloneIsFound(option: String, controller: String) throws {
        let watch = try TreeWatch(option)
        let container = try Workshop("v1", v1: controller, container: 1)
        let shadow = try Workshop("shadow")
        waitpid(try container.start(Self.loop, also: [shadow]), nil, 0)
        try Self.expect(watch.times()[container.path], toBe: controller == "cpuacct" ? container : shadow)
    }

    @Test(arguments: ["auto", "v2"]) func aContainerOfV2AloneIsFound(option: String) throws {
        let watch = try TreeWatch(option)
        let container = try Workshop("v2", container: 2)
        try container.run(Self.loop)
        try Self.expect(watch.times()[container.path], toBe: container)
    }

    @Test func containersOfBothAreToldApart() throws {
        let watch = try TreeWatch("auto")
        let older = try Workshop("older", v1: "cpuacct", container: 3)
        let newer = try Workshop("newer", container: 4)
        let both = try Workshop("both", v1: "cpuacct", container: 5)
        let service = try Workshop("service")
        let work = [
            try older.start(Self.loop), try newer.start(Self.loop), try both.start(Self.loop, also: [service]),
            try service.start(Self.loop),
        ]
        for pid in work { waitpid(pid, nil, 0) }
        let times = watch.times()
        for container in [older, newer, both] { try Self.expect(times[container.path], toBe: container) }
        // The service's own work alone, though the kernel counts the container's with it.
        let others = try UInt64(service.usage() - both.usage())
        #expect(abs(Double(times[service.path, default: 0]) / Double(others * 1000) - 1) < 0.02)
    }

    /// Whoever comes and goes between two samples is named, and given up.
    @Test(arguments: ["auto", "v1:cpuacct"]) func aBriefContainerIsNamedAndGone(option: String) throws {
        let watch = try TreeWatch(option)
        let container = try Workshop("brief", v1: "cpuacct", container: 6)
        try container.run(Self.loop)
        let truth = try container.usage()
        container.remove()
        let time = watch.times()[container.path, default: 0]
        #expect(abs(Double(time) / Double(truth * 1000) - 1) < 0.01)
        #expect(watch.removed.contains(container.path))
    }

    /// Work that goes on since before the probe began is in the ids that a walk finds.
    @Test(arguments: ["auto", "v1:cpuacct", "v2"]) func theWalkGivesTheProbesIds(option: String) throws {
        let container = try Workshop("earlier", v1: option == "v2" ? nil : "cpuacct", container: 7)
        let pid = try container.start("while :; do :; done")
        defer {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
        let watch = try TreeWatch(option)
        usleep(200_000)
        #expect(watch.times()[container.path, default: 0] > 50_000_000)
        #expect(watch.unnamed == 0)
    }

    @Test func aProcessOfAPairIsInItsContainer() throws {
        let watch = try TreeWatch("auto")
        let container = try Workshop("process", v1: "cpuacct", container: 8)
        let pid = try container.start("exec /bin/sleep 0.01")
        waitpid(pid, nil, 0)
        #expect(watch.places(of: pid, running: "/usr/bin/sleep") == [container.path])
    }

    @Test func whatIsNotMountedIsRefusedInOneLine() throws {
        #expect(throws: Hierarchy.Absent.self) { try CgroupTree(.v1("no-such-controller")) }
        #expect(throws: Hierarchy.Absent.self) { try CgroupTree(.v1("cpuacct"), root: "/proc") }
        #expect(try CgroupTree(.auto, root: "/proc").hierarchy == .v2)
        #expect(try CgroupTree(.auto, root: try #require(Workshop.mount(nil))).hierarchy == .v2)
    }

    private static func expect(_ time: UInt64?, toBe workshop: Workshop) throws {
        let truth = try workshop.usage() * 1000
        #expect(truth > 50_000_000)
        #expect(abs(Double(time ?? 0) / Double(truth) - 1) < 0.01, "\(time ?? 0) ns, kernel \(truth) ns")
    }
}

/// A probe in a chosen hierarchy, and the paths of what it charges.
private final class TreeWatch {
    private var probe: SchedProbe
    private var paths: [UInt64: String]
    private(set) var removed: [String] = []
    private(set) var unnamed = 0

    init(_ option: String) throws {
        let tree = try CgroupTree(try #require(Hierarchy.Choice(option)))
        probe = try SchedProbe(processSlots: 4096, topology: Topology(sysfs: "/sys"), tree: tree)
        paths = probe.events.walk(tree)
    }

    /// Nanoseconds by path since the probe began.
    func times() -> [String: UInt64] {
        probe.read(at: Clock.monotonic)
        receive()
        var times: [String: UInt64] = [:]
        for gain in probe.table.gains where gain.owner != 0 {
            if paths[gain.owner] == nil { unnamed += 1 }
            times[paths[gain.owner] ?? "", default: 0] += gain.nanoseconds
        }
        return times
    }

    /// The cgroups of a process while it ran a program.
    func places(of pid: pid_t, running exe: String) -> Set<String> {
        receive()
        probe.processEvents?.receive()
        var places: Set<String> = []
        for case .seen(_, let process) in probe.processEvents?.waiting ?? [] where process.pid == pid {
            if process.exe == exe { places.insert(paths[process.cgroup] ?? "") }
        }
        return places
    }

    private func receive() {
        probe.events.receive()
        for event in probe.events.waiting {
            switch event {
            case .made(let id, let path): paths[id] = path
            case .removed(let id): removed.append(paths[id] ?? "")
            }
        }
        probe.events.waiting.removeAll()
    }
}

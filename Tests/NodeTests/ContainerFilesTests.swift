import Foundation
import Glibc
import Testing

@testable import Node

@Suite struct ContainerFilesTests {
    /// `memory.stat` as Linux writes it for v2, in part.
    private static let memoryStat = """
        anon 52428800
        file 20971520
        kernel 1048576
        inactive_anon 52424704
        active_anon 4096
        inactive_file 16777216
        active_file 4194304
        """

    @Test func v2FilesAreReadAsCAdvisorReadsThem() throws {
        let tree = try FixtureTree()
        let mounts = CgroupMounts(unified: tree.root, cpuacct: nil, memory: nil)
        try tree.write("pod/c/cpu.stat", "usage_usec 1234567\nuser_usec 1000000\nsystem_usec 234567")
        try tree.write("pod/c/memory.current", "83886080")
        try tree.write("pod/c/memory.stat", Self.memoryStat)
        let files = ContainerFiles(path: "/pod/c", foundIn: .v2, mounts: mounts)
        #expect(
            files.read()
                == ContainerUsage(cpuTime: 1_234_567_000, residentMemory: 52_428_800, workingSet: 67_108_864))
        // Usage and statistics are not of one instant; less than nothing is nothing.
        try tree.write("pod/c/memory.current", "4096")
        #expect(files.read().workingSet == 0)
    }

    @Test func whatIsNotCountedIsAbsent() throws {
        let tree = try FixtureTree()
        let mounts = CgroupMounts(unified: tree.root, cpuacct: nil, memory: nil)
        try tree.write("c/cpu.stat", "usage_usec 7")
        let files = ContainerFiles(path: "/c", foundIn: .v2, mounts: mounts)
        #expect(files.read() == ContainerUsage(cpuTime: 7000))
        // The controller may come a moment after the cgroup.
        try tree.write("c/memory.current", "8192")
        try tree.write("c/memory.stat", "anon 4096")
        #expect(files.read() == ContainerUsage(cpuTime: 7000, residentMemory: 4096))
        let nowhere = ContainerFiles(path: "/d", foundIn: .v1, mounts: mounts)
        for _ in 0..<20 { #expect(nowhere.read() == ContainerUsage()) }
    }

    /// On a hybrid node the CPU time is that of the hierarchy where the container was found.
    @Test func aNamesakeInTheOtherHierarchyIsNotMistakenForIt() throws {
        let tree = try FixtureTree()
        let mounts = CgroupMounts(
            unified: tree.root + "/v2", cpuacct: tree.root + "/cpuacct", memory: tree.root + "/memory")
        try tree.write("v2/c/cpu.stat", "usage_usec 1")
        try tree.write("cpuacct/c/cpuacct.usage", "2")
        try tree.write("memory/c/memory.usage_in_bytes", "9000")
        try tree.write("memory/c/memory.stat", "rss 1\ninactive_file 2\ntotal_rss 3000\ntotal_inactive_file 4000")
        let memory = ContainerUsage(residentMemory: 3000, workingSet: 5000)
        var expected = memory
        expected.cpuTime = 1000
        #expect(ContainerFiles(path: "/c", foundIn: .v2, mounts: mounts).read() == expected)
        expected.cpuTime = 2
        #expect(ContainerFiles(path: "/c", foundIn: .v1, mounts: mounts).read() == expected)
    }

    @Test func keysAreWholeWords() {
        let text = Array("anon_thp 1\nactive_anon 2\nanon 3\nanonymous 4\nlast".utf8)
        #expect(KeyedFile.number(of: "anon", in: text.span) == 3)
        #expect(KeyedFile.number(of: "last", in: text.span) == nil)
        #expect(KeyedFile.number(of: "nothing", in: text.span) == nil)
    }

    @Test func mountsAreFoundByControllerAndType() {
        let mounts = CgroupMounts(
            CgroupMount.list(
                """
                30 24 0:26 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs ro,mode=755
                31 30 0:27 / /sys/fs/cgroup/unified rw shared:9 - cgroup2 cgroup2 rw,nsdelegate
                32 30 0:28 / /sys/fs/cgroup/cpu,cpuacct rw shared:10 - cgroup cgroup rw,cpu,cpuacct
                33 30 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
                34 30 0:29 / /elsewhere rw - cgroup cgroup rw,memory
                """))
        #expect(
            mounts
                == CgroupMounts(
                    unified: "/sys/fs/cgroup/unified", cpuacct: "/sys/fs/cgroup/cpu,cpuacct",
                    memory: "/sys/fs/cgroup/memory"))
    }

    @Test func mountsOutsideTheTreeThatIsGivenAreNotTheNodes() throws {
        let elsewhere = CgroupMounts(of: try CgroupTree(.auto, root: "/proc"))
        #expect(elsewhere == CgroupMounts(unified: "/proc", cpuacct: nil, memory: nil))
    }
}

/// A real process in real v1 cgroups.
@Suite(.enabled(if: V1Cgroups.areHere, "needs root and the v1 hierarchies cpuacct and memory"))
struct V1ContainerFilesTests {
    @Test func cpuTimeAndMemoryOfAProcessAreReadUntilItsCgroupIsGone() throws {
        let mounts = CgroupMounts(CgroupMount.mounted(below: nil))
        let directories = [try #require(mounts.cpuacct), try #require(mounts.memory)].map { $0 + V1Cgroups.path }
        for directory in directories { #expect(mkdir(directory, 0o755) == 0) }
        defer { for directory in directories { rmdir(directory) } }
        let files = ContainerFiles(path: V1Cgroups.path, foundIn: .v1, mounts: mounts)

        // tail keeps 40 MB until its input ends; before that, the shell leaves 10 MB of file pages behind and counts.
        let file = FileManager.default.temporaryDirectory.appending(path: "brahe-\(UUID().uuidString)").path
        defer { unlink(file) }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = [
            "-c",
            """
            for d in \(directories.joined(separator: " ")); do echo $$ >$d/cgroup.procs; done
            head -c 10000000 /dev/zero >\(file); sync; i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done
            { head -c 40000000 /dev/zero; echo full >&2; read end; } | tail -c 40000000 >/dev/null
            """,
        ]
        let input = Pipe()
        let errors = Pipe()
        process.standardInput = input
        process.standardError = errors
        try process.run()
        _ = try errors.fileHandleForReading.read(upToCount: 1)
        // What tail has not read yet is at most a pipe's worth.
        usleep(200_000)

        let usage = files.read()
        let kernel = try String(contentsOfFile: directories[1] + "/memory.stat", encoding: .utf8)
        let whole = try String(contentsOfFile: directories[1] + "/memory.usage_in_bytes", encoding: .utf8)
        let lines = kernel.split(separator: "\n").map { $0.split(separator: " ") }
        let resident = try #require(lines.first { $0[0] == "total_rss" }.flatMap { UInt64($0[1]) })
        let inactive = try #require(lines.first { $0[0] == "total_inactive_file" }.flatMap { UInt64($0[1]) })
        let all = try #require(UInt64(whole.dropLast()))
        #expect(abs(Double(try #require(usage.residentMemory)) - Double(resident)) < 1e6)
        #expect(resident > 38_000_000)
        #expect(abs(Double(try #require(usage.workingSet)) - Double(all - inactive)) < 1e6)
        #expect(inactive > 5_000_000)
        #expect(try #require(usage.cpuTime) > 20_000_000)

        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        let later = files.read()
        #expect(try #require(later.cpuTime) >= (try #require(usage.cpuTime)))
        #expect(try #require(later.residentMemory) < 5_000_000)
        for directory in directories { #expect(rmdir(directory) == 0) }
        #expect(files.read() == ContainerUsage())
    }
}

private enum V1Cgroups {
    static let path = "/brahe-test-\(getpid())"

    static var areHere: Bool {
        let mounts = CgroupMounts(CgroupMount.mounted(below: nil))
        return geteuid() == 0 && mounts.cpuacct != nil && mounts.memory != nil
    }
}

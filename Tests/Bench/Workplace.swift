import Glibc
import Node

/// What a run leaves on the machine while it lasts: a cgroup and a temporary directory.
struct Workplace {
    /// The cgroup above all of the run's own, as a directory.
    let cgroup: String
    /// Where the hierarchy is mounted.
    let mount: String
    /// The root of the synthetic sysfs.
    var sysfs: String { root + "/sys" }
    /// The root of the kubelet's synthetic log tree.
    var podLogs: String { root + "/log" }
    /// Where a Prometheus keeps what is reported.
    var report: String { root + "/report" }
    private let root: String

    /// Makes both.
    init() throws(Failure) {
        guard let tree = CgroupTree.mounted() else { throw Failure("find cgroup v2: no cgroup2 mount") }
        mount = tree.mount
        cgroup = "\(tree.mount)/brahe-bench-\(getpid())"
        root = "/tmp/brahe-bench-\(getpid())"
        try Files.makeDirectory(cgroup)
        try Files.makeDirectory(sysfs)
    }

    /// Ends what runs in the cgroup and removes it all; processes take a moment to leave.
    func remove() {
        try? Files.write("1", to: cgroup + "/cgroup.kill")
        for _ in 0..<200 where !Files.removeDirectories(cgroup) { usleep(10_000) }
        Self.removeTree(root)
    }

    /// A synthetic sysfs of this machine's CPUs, its counters where they begin.
    func syntheticSysfs() throws(Failure) -> SyntheticSysfs { try SyntheticSysfs(root: sysfs, cpus: Machine.cpus) }

    private static func removeTree(_ path: String) {
        for name in Files.directories(in: path) { removeTree("\(path)/\(name)") }
        guard let stream = opendir(path) else { return }
        while let entry = readdir(stream) {
            withUnsafePointer(to: &entry.pointee.d_name) {
                _ = $0.withMemoryRebound(to: CChar.self, capacity: 256) { unlinkat(dirfd(stream), $0, 0) }
            }
        }
        closedir(stream)
        rmdir(path)
    }
}

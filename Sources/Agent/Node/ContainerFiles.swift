import Glibc

/// What a container's cgroup counts, as cAdvisor reads it; nil for what no hierarchy counts for it.
package struct ContainerUsage: Equatable, Sendable {
    /// CPU time since the cgroup was made, nanoseconds; `container_cpu_usage_seconds_total`.
    package var cpuTime: UInt64?
    /// Anonymous memory, swap cache included, bytes; `container_memory_rss`.
    package var residentMemory: UInt64?
    /// Memory without the file pages that the kernel would reclaim first, bytes; `container_memory_working_set_bytes`.
    package var workingSet: UInt64?
}

/// The open cgroup files of one container: up to three descriptors, closed when this goes.
///
/// cAdvisor (container/libcontainer/handler.go) takes CPU time from `cpu.stat` or `cpuacct.usage`, RSS from `anon` or
/// `total_rss` of `memory.stat`, and for the working set takes `inactive_file` or `total_inactive_file` from
/// `memory.current` or `memory.usage_in_bytes`, down to 0.
package final class ContainerFiles {
    /// In which hierarchy a container was found; its CPU time is read there if it is counted there.
    package enum Hierarchy: Sendable { case v1, v2 }

    /// A runtime makes a container's directories one after the other: so many reads look for those missing.
    private static let attempts = 10

    private let path: String
    private let hierarchy: Hierarchy
    private let mounts: CgroupMounts
    private var cpuStat: Int32 = -1
    private var cpuacctUsage: Int32 = -1
    private var memoryUsage: Int32 = -1
    private var memoryStat: Int32 = -1
    private var memoryIsV2 = false
    private var attemptsLeft = attempts

    /// Opens what there is for the cgroup at `path`, which begins with a slash and is the same in each hierarchy.
    package init(path: String, foundIn hierarchy: Hierarchy, mounts: CgroupMounts) {
        self.path = path
        self.hierarchy = hierarchy
        self.mounts = mounts
        openMissing()
    }

    deinit {
        for descriptor in [cpuStat, cpuacctUsage, memoryUsage, memoryStat] where descriptor >= 0 { close(descriptor) }
    }

    /// Reads now; what cannot be read is nil, and all of it is once the cgroup is gone. Allocates nothing once all
    /// files are found, or after a few reads.
    package func read() -> ContainerUsage {
        if attemptsLeft > 0 { openMissing() }
        var usage = ContainerUsage()
        if cpuStat >= 0 {
            usage.cpuTime = KeyedFile.read(cpuStat, "usage_usec", "usage_usec").first.map { $0 * 1000 }
        } else if cpuacctUsage >= 0 {
            usage.cpuTime = DecimalFile.read(cpuacctUsage)
        }
        guard memoryStat >= 0 else { return usage }
        let statistics =
            memoryIsV2
            ? KeyedFile.read(memoryStat, "anon", "inactive_file")
            : KeyedFile.read(memoryStat, "total_rss", "total_inactive_file")
        usage.residentMemory = statistics.first
        if let inactive = statistics.second, let all = DecimalFile.read(memoryUsage) {
            usage.workingSet = all > inactive ? all - inactive : 0
        }
        return usage
    }

    private func openMissing() {
        attemptsLeft -= 1
        if cpuStat < 0, cpuacctUsage < 0 { openCPU() }
        if memoryStat < 0 { openMemory() }
        if cpuStat >= 0 || cpuacctUsage >= 0, memoryStat >= 0 { attemptsLeft = 0 }
    }

    private func openCPU() {
        // A cgroup that a runtime made in v1 may have a namesake in v2 that nothing runs in, and the other way round.
        if hierarchy == .v2 { cpuStat = open("cpu.stat", in: mounts.unified) }
        if cpuStat < 0 { cpuacctUsage = open("cpuacct.usage", in: mounts.cpuacct) }
        // In v2, CPU time is counted without any controller, from the moment the cgroup is there.
        if cpuStat < 0, cpuacctUsage < 0 { cpuStat = open("cpu.stat", in: mounts.unified) }
    }

    /// Memory is a controller, which is in one hierarchy only: a cgroup has no `memory.current` where it is not.
    private func openMemory() {
        for isV2 in [true, false] where memoryStat < 0 {
            let mount = isV2 ? mounts.unified : mounts.memory
            memoryUsage = open(isV2 ? "memory.current" : "memory.usage_in_bytes", in: mount)
            guard memoryUsage >= 0 else { continue }
            memoryStat = open("memory.stat", in: mount)
            memoryIsV2 = isV2
            guard memoryStat < 0 else { continue }
            close(memoryUsage)
            memoryUsage = -1
        }
    }

    private func open(_ name: String, in mount: String?) -> Int32 {
        guard let mount else { return -1 }
        let descriptor = Glibc.open("\(mount)\(path)/\(name)", O_RDONLY | O_CLOEXEC)
        // Descriptors are given out from the lowest: near the end, the rest are for connections.
        guard descriptor >= 0, descriptor < DescriptorLimit.shared else {
            if descriptor >= 0 { close(descriptor) }
            return -1
        }
        return descriptor
    }
}

/// How many files this process may have open.
enum DescriptorLimit {
    /// The most that are wanted: three for each of many thousand containers.
    private static let wanted: rlim_t = 65_536
    /// What is left for everything else.
    private static let reserved: rlim_t = 256

    /// The first descriptor that is not for containers' files, once the soft limit is raised as far as it may be. The
    /// corresponding C functions are `getrlimit` and `setrlimit`.
    static let shared: Int32 = {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        if limit.rlim_cur < min(limit.rlim_max, wanted) {
            var raised = rlimit(rlim_cur: min(limit.rlim_max, wanted), rlim_max: limit.rlim_max)
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        let most = min(limit.rlim_cur, wanted)
        return most > reserved ? Int32(most - reserved) : 0
    }()
}

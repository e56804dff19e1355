/// Where the cgroup hierarchies that count CPU time and memory are mounted.
package struct CgroupMounts: Equatable, Sendable {
    /// The v2 hierarchy.
    package let unified: String?
    /// The v1 hierarchy with the controller `cpuacct`.
    package let cpuacct: String?
    /// The v1 hierarchy with the controller `memory`.
    package let memory: String?

    /// Mounts as given; nil for a hierarchy that is not mounted.
    package init(unified: String?, cpuacct: String?, memory: String?) {
        self.unified = unified
        self.cpuacct = cpuacct
        self.memory = memory
    }

    /// The first mount of each kind in the text of a mountinfo file.
    package init(mountinfo: String) {
        let mounts = CgroupMount.list(mountinfo)
        func v1(_ controller: String) -> String? { mounts.first { !$0.isV2 && $0.has(controller) }?.point }
        self.init(unified: mounts.first { $0.isV2 }?.point, cpuacct: v1("cpuacct"), memory: v1("memory"))
    }

    /// The mounts that this process sees; `unified` takes the place of the v2 mount where it is given.
    package static func current(unified: String? = nil) -> CgroupMounts {
        let found = CgroupMounts(mountinfo: Directory.text("/proc/self/mountinfo") ?? "")
        return CgroupMounts(unified: unified ?? found.unified, cpuacct: found.cpuacct, memory: found.memory)
    }
}

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

    /// The first mount of each kind in the text of a mountinfo file (proc_pid_mountinfo(5): the mount point is the
    /// fifth field; after the field `-` come the type, the source and the superblock's options, a v1 hierarchy's
    /// controllers among them).
    package init(mountinfo: String) {
        var unified: String?
        var v1: [(controllers: Substring, mount: String)] = []
        for line in mountinfo.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), dash > 4, fields.count > dash + 3 else { continue }
            if fields[dash + 1] == "cgroup2" { unified = unified ?? String(fields[4]) }
            if fields[dash + 1] == "cgroup" { v1.append((fields[dash + 3], String(fields[4]))) }
        }
        func mount(of controller: String) -> String? {
            v1.first { $0.controllers.split(separator: ",").contains { $0 == controller } }?.mount
        }
        self.init(unified: unified, cpuacct: mount(of: "cpuacct"), memory: mount(of: "memory"))
    }

    /// The mounts that this process sees; `unified` takes the place of the v2 mount where it is given.
    package static func current(unified: String? = nil) -> CgroupMounts {
        let found = CgroupMounts(mountinfo: Directory.text("/proc/self/mountinfo") ?? "")
        return CgroupMounts(unified: unified ?? found.unified, cpuacct: found.cpuacct, memory: found.memory)
    }
}

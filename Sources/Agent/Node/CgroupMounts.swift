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

    /// The first mount of each kind.
    package init(_ mounts: [CgroupMount]) {
        func v1(_ controller: String) -> String? { mounts.first { !$0.isV2 && $0.has(controller) }?.point }
        self.init(unified: mounts.first { $0.isV2 }?.point, cpuacct: v1("cpuacct"), memory: v1("memory"))
    }

    /// Those that a tree's groups are in: a container has mounts of its own beside the host's, which `--cgroup` names.
    init(of tree: CgroupTree) {
        let found = CgroupMounts(CgroupMount.mounted(below: tree.root))
        self.init(unified: tree.v2Mount ?? found.unified, cpuacct: found.cpuacct, memory: found.memory)
    }
}

import CAgent
import Glibc

/// The cgroup hierarchies that count, as directories.
package struct CgroupTree: Sendable {
    /// A v1 hierarchy.
    struct V1: Sendable {
        /// Where it is mounted.
        let mount: String
        /// Its number in /proc/self/cgroup.
        let number: Int32
        /// The place of one of its controllers among the kernel's; nil where it has a name alone.
        let subsystem: Int32?
    }

    /// Which cgroup of a task counts.
    package let hierarchy: Hierarchy
    /// Where the hierarchy is mounted, v2 where there are two.
    package let mount: String
    /// Where to look for hierarchies and no further; nil for everywhere.
    let root: String?

    /// Where the v2 hierarchy is mounted, where it counts.
    package var v2Mount: String? {
        if case .v1 = hierarchy { return nil }
        return mount
    }

    /// The v1 hierarchy, where one counts.
    let v1: V1?

    /// The v2 hierarchy mounted at `mount`.
    package init(mount: String) {
        self.init(hierarchy: .v2, mount: mount, v1: nil, root: nil)
    }

    /// The hierarchies that are to count, among those mounted.
    ///
    /// - Parameters:
    ///   - choice: which.
    ///   - root: look no further than here and below; v2 is here itself if nothing says otherwise.
    /// - Throws: `Hierarchy.Absent` where they are not mounted, or the kernel does not know them.
    package init(_ choice: Hierarchy.Choice, root: String? = nil) throws(Hierarchy.Absent) {
        let mounts = CgroupMount.mounted(below: root)
        if let root, mounts.isEmpty {
            if case .v1(let name) = choice {
                throw .init(description: "find the cgroup v1 hierarchy \(name): no cgroup mount at \(root) or below")
            }
            self.init(hierarchy: .v2, mount: root, v1: nil, root: root)
            return
        }
        let hierarchy = try Hierarchy(choice, among: mounts)
        let v2 = mounts.first { $0.isV2 }?.point ?? ""
        switch hierarchy {
        case .v2: self.init(hierarchy: hierarchy, mount: v2, v1: nil, root: root)
        case .v1(let name):
            let v1 = try Self.v1(name, among: mounts)
            self.init(hierarchy: hierarchy, mount: v1.mount, v1: v1, root: root)
        case .hybrid(let name):
            self.init(hierarchy: hierarchy, mount: v2, v1: try Self.v1(name, among: mounts), root: root)
        }
    }

    private init(hierarchy: Hierarchy, mount: String, v1: V1?, root: String?) {
        self.hierarchy = hierarchy
        self.mount = mount
        self.v1 = v1
        self.root = root
    }

    /// The first cgroup2 mount in /proc/self/mountinfo; nil where there is none.
    package static func mounted() -> CgroupTree? {
        CgroupMount.mounted(below: nil).first { $0.isV2 }.map { CgroupTree(mount: $0.point) }
    }

    private static func v1(_ name: String, among mounts: [CgroupMount]) throws(Hierarchy.Absent) -> V1 {
        let what = "find the cgroup v1 hierarchy \(name)"
        guard let mount = mounts.first(where: { !$0.isV2 && $0.has(name) }) else {
            throw .init(description: "\(what): it is not mounted")
        }
        guard let number = number(name, in: Directory.text("/proc/self/cgroup") ?? "") else {
            throw .init(description: "\(what): /proc/self/cgroup does not list it")
        }
        guard !name.hasPrefix("name=") else { return V1(mount: mount.point, number: number, subsystem: nil) }
        let controller = String(name.split(separator: ",").first ?? "")
        let subsystem = cgroupSubsystem(controller)
        guard subsystem >= 0 else {
            throw .init(
                description: "\(SystemError("\(what): look up \(controller) in the kernel's BTF", errno: -subsystem))")
        }
        return V1(mount: mount.point, number: number, subsystem: subsystem)
    }

    /// The number of a hierarchy in /proc/self/cgroup, whose lines are `number:controllers:path` (cgroups(7)).
    static func number(_ name: String, in text: String) -> Int32? {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let mount = CgroupMount(
                point: "", isV2: false, controllers: fields[1].split(separator: ",").map(String.init))
            if mount.has(name) { return Int32(fields[0]) }
        }
        return nil
    }

    /// Every cgroup's id and path, the roots included. On 64-bit machines a cgroup's id is its directory's inode number
    /// (since Linux 5.5, commit 67c0496e87d1); an id in a v1 hierarchy is marked as one, as the probe marks it.
    package func walk() -> [UInt64: String] {
        var found: [UInt64: String] = [:]
        if case .v1 = hierarchy {} else { Self.walk(mount, mark: 0, into: &found) }
        if let v1 { Self.walk(v1.mount, mark: CGROUP_ID_V1, into: &found) }
        return found
    }

    private static func walk(_ mount: String, mark: UInt64, into found: inout [UInt64: String]) {
        var status = stat()
        if stat(mount, &status) == 0 { found[UInt64(status.st_ino) | mark] = "/" }
        var pending = [""]
        while let path = pending.popLast() {
            for entry in Directory.entries(mount + path) ?? [] where entry.isDirectory {
                let child = "\(path)/\(entry.name)"
                found[entry.inode | mark] = child
                pending.append(child)
            }
        }
    }
}

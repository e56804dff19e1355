import Glibc

/// The cgroup v2 hierarchy as directories.
package struct CgroupTree: Sendable {
    /// Where the hierarchy is mounted.
    package let mount: String

    /// A hierarchy mounted at `mount`.
    package init(mount: String) { self.mount = mount }

    /// The first cgroup2 mount in /proc/self/mountinfo (proc_pid_mountinfo(5): the mount point is the fifth field,
    /// the type follows the field `-`); nil where there is none.
    package static func mounted() -> CgroupTree? {
        for line in (Directory.text("/proc/self/mountinfo") ?? "").split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), fields.count > dash + 1, fields[dash + 1] == "cgroup2",
                fields.count > 4
            else { continue }
            return CgroupTree(mount: String(fields[4]))
        }
        return nil
    }

    /// Every cgroup's id and path, root included. On 64-bit machines a cgroup's id is its directory's inode number
    /// (since Linux 5.5, commit 67c0496e87d1).
    package func walk() -> [UInt64: String] {
        var found: [UInt64: String] = [:]
        var status = stat()
        if stat(mount, &status) == 0 { found[UInt64(status.st_ino)] = "/" }
        var pending = [""]
        while let path = pending.popLast() {
            for entry in Directory.entries(mount + path) ?? [] where entry.isDirectory {
                let child = "\(path)/\(entry.name)"
                found[entry.inode] = child
                pending.append(child)
            }
        }
        return found
    }
}

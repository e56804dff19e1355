/// Which cgroup of a task its time is charged to.
package enum Hierarchy: Equatable, Sendable {
    /// Its one in the v2 hierarchy.
    case v2
    /// Its one in the v1 hierarchy of a controller, or of that name.
    case v1(String)
    /// The pair of both, on a node where containers may be in either.
    case hybrid(String)

    /// What may be asked for.
    package enum Choice: Equatable, Sendable {
        case auto, v2
        /// By a controller, the controllers mounted together, or `name=systemd`.
        case v1(String)

        /// Reads `auto`, `v2` or `v1:NAME`; nil for anything else.
        package init?(_ text: String) {
            switch text {
            case "auto": self = .auto
            case "v2": self = .v2
            default:
                let name = text.dropFirst("v1:".count)
                guard text.hasPrefix("v1:"), !name.isEmpty else { return nil }
                self = .v1(name == "systemd" ? "name=systemd" : String(name))
            }
        }
    }

    /// Why there is no hierarchy as asked for, in one line.
    package struct Absent: Error, CustomStringConvertible {
        package let description: String
    }

    /// The controllers that a runtime makes a container's cgroups under, the one that counts CPU time first.
    static let ofContainers = ["cpuacct", "cpu", "memory", "pids"]

    /// Chooses among what is mounted. Beside a v1 hierarchy that has one of those controllers containers may be in either,
    /// whatever v2 has: runtimes use v2 only where it is all there is. A pair is right in any case, v2 alone is cheaper.
    package init(_ choice: Choice, among mounts: [CgroupMount]) throws(Absent) {
        let v2 = mounts.first { $0.isV2 }
        switch choice {
        case .v2:
            guard v2 != nil else { throw Absent(description: "find cgroup v2: no cgroup2 mount") }
            self = .v2
        case .v1(let name):
            guard mounts.contains(where: { !$0.isV2 && $0.has(name) }) else {
                let mounted = mounts.filter { !$0.isV2 }.map(\.point).joined(separator: " ")
                throw Absent(
                    description: "find the cgroup v1 hierarchy \(name): \(mounted.isEmpty ? "none" : mounted) mounted")
            }
            self = .v1(name)
        case .auto:
            let older = Self.ofContainers.first { name in mounts.contains { !$0.isV2 && $0.has(name) } }
            if let older {
                self = v2 == nil ? .v1(older) : .hybrid(older)
            } else if v2 != nil {
                self = .v2
            } else {
                throw Absent(
                    description: "find a cgroup hierarchy: no cgroup2 mount, nor one of cpuacct, cpu, memory or pids")
            }
        }
    }
}

/// One mounted cgroup hierarchy.
package struct CgroupMount: Equatable, Sendable {
    /// Where.
    package let point: String
    /// Whether it is the v2 hierarchy.
    package let isV2: Bool
    /// Its controllers, and `name=…` where it has a name; none for v2.
    package let controllers: [String]

    /// Whether it has a controller or name, or all of several with commas between.
    package func has(_ names: String) -> Bool {
        names.split(separator: ",").allSatisfy { controllers.contains(String($0)) }
    }

    /// The cgroup mounts in a text such as /proc/self/mountinfo, in order. proc_pid_mountinfo(5): the mount point is the
    /// fifth field; after the field `-` come type, source and options, a v1 controller being one.
    package static func list(_ mountinfo: String) -> [CgroupMount] {
        mountinfo.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), dash > 4, fields.count > dash + 3 else { return nil }
            switch fields[dash + 1] {
            case "cgroup2": return CgroupMount(point: String(fields[4]), isV2: true, controllers: [])
            case "cgroup":
                let options = fields[dash + 3].split(separator: ",").map(String.init)
                return CgroupMount(point: String(fields[4]), isV2: false, controllers: options)
            default: return nil
            }
        }
    }

    /// The cgroup mounts that this process sees at `root` and below, or everywhere where it is nil.
    package static func mounted(below root: String?) -> [CgroupMount] {
        var mounts = list(Directory.text("/proc/self/mountinfo") ?? "")
        if let root {
            let folder = root.hasSuffix("/") ? String(root.dropLast()) : root
            mounts.removeAll { $0.point != folder && !$0.point.hasPrefix(folder + "/") }
        }
        return mounts
    }
}

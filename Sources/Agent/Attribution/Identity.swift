/// Whose work a cgroup's is, told from its path in the v2 hierarchy.
public enum Identity: Hashable, Sendable {
    /// The root cgroup: kernel threads.
    case kernel
    /// A container, by its 64 hexadecimal digits; cgroups nested in it are the container's own.
    case container(Container)
    /// A virtual machine.
    case machine(Machine)
    /// Anything else, by its path.
    case system(String)
    public init(path: String) {
        if path == "/" || path.isEmpty {
            self = .kernel
            return
        }
        for component in path.utf8.split(separator: UInt8(ascii: "/")).reversed() {
            if let id = Self.containerID(component) {
                self = .container(Container(id: id, podUID: "", runtime: .unknown))
                return
            }
        }
        self = .system(path)
    }

    private static func containerID(_ component: Substring.UTF8View) -> String? {
        var name = Substring(component)
        if name.hasSuffix(".scope") { name = name.dropLast(".scope".count) }
        guard name.utf8.count >= 64 else { return nil }
        let id = name.suffix(64)
        let isHex = id.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
        guard isHex, id.utf8.count == 64 else { return nil }
        let prefix = name.dropLast(64)
        let separated = prefix.hasSuffix("-") || prefix.hasSuffix(":")
        guard prefix.isEmpty || (separated && !prefix.dropLast().hasSuffix("conmon")) else { return nil }
        return String(id)
    }
}

public struct Container: Hashable, Sendable {
    public let id: String
    public let podUID: String
    public let runtime: Runtime
    public init(id: String, podUID: String, runtime: Runtime) {
        self.id = id
        self.podUID = podUID
        self.runtime = runtime
    }
}
public enum Runtime: String, Sendable, CaseIterable { case docker, containerd, crio, podman, kubepods, unknown }
public struct Machine: Hashable, Sendable {
    public let id: String
    public let name: String
}

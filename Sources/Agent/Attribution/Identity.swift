/// Whose work a cgroup's is, told from its path alone.
public enum Identity: Hashable, Sendable {
    /// The root cgroup: kernel threads.
    case kernel
    /// A container; cgroups nested in it are the container's own.
    case container(Container)
    /// A virtual machine that runs in no container; the cgroups of its CPUs and its emulator are the machine's own.
    case machine(Machine)
    /// Anything else, by its path.
    case system(String)

    /// Reads a path as it is under the mount of a hierarchy, in the shapes that `Container` and `Machine` list. The
    /// deepest match wins, so that a container in a container is itself. A container goes before a machine: Kata runs
    /// its machine in the container's cgroup, KubeVirt in its pod's.
    public init(path: String) {
        if path == "/" || path.isEmpty {
            self = .kernel
            return
        }
        let components = path.utf8.split(separator: UInt8(ascii: "/")).map(ArraySlice.init)
        if let container = Container(path: components) {
            self = .container(container)
        } else if let machine = Machine(path: components) {
            self = .machine(machine)
        } else {
            self = .system(path)
        }
    }
}

/// One component of a path: bytes, for a cgroup's name need not be text.
typealias PathComponent = ArraySlice<UInt8>

extension PathComponent {
    /// Whether these are the bytes of a word.
    func isWord(_ word: String) -> Bool { elementsEqual(word.utf8) }

    /// What is left after a prefix; nil where there is no such prefix.
    func without(prefix: String) -> PathComponent? {
        starts(with: prefix.utf8) ? dropFirst(prefix.utf8.count) : nil
    }

    /// What is left before a suffix; nil where there is no such suffix.
    func without(suffix: String) -> PathComponent? {
        self.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) ? dropLast(suffix.utf8.count) : nil
    }

    /// Whether there is a byte, and each is a decimal digit.
    var isDecimal: Bool { !isEmpty && allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }

    /// Whether each byte is a lower-case hexadecimal digit.
    var isHexadecimal: Bool {
        allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
        }
    }

    /// The bytes as text.
    var text: String { String(decoding: self, as: UTF8.self) }
}

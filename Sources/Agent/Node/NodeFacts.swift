import Glibc

/// What does not change while the agent runs.
package struct NodeFacts: Sendable {
    /// The agent's version.
    package static let currentVersion = "0.1.0"

    /// The machine's architecture in Go's words, as Kepler's labels have it.
    package static var machine: StaticString {
        #if arch(arm64)
            "arm64"
        #else
            "amd64"
        #endif
    }

    /// The node's name.
    package let name: String
    /// The processor's microarchitecture in Kepler's words; its model where they have none, `unknown` where
    /// /proc/cpuinfo gives neither.
    package let cpuArchitecture: String
    /// The logical CPUs that are online.
    package let processors: [Processor]
    /// When the agent began to count, nanoseconds since 1970.
    package let startedAt: UInt64
    /// The agent's version.
    package let version: String

    /// The facts of this node, under a name; its procfs is mounted at `procfs`.
    package static func current(name: String = hostName, procfs: String = "/proc") -> NodeFacts {
        let processors = Processor.all(Directory.text("\(procfs)/cpuinfo") ?? "")
        let first = processors.first
        let model = first.map(\.modelName).flatMap { $0.isEmpty ? nil : $0 }
        return NodeFacts(
            name: name,
            cpuArchitecture: first?.microarchitecture ?? model ?? "unknown", processors: processors,
            startedAt: Clock.unix, version: currentVersion)
    }

    /// Facts as given.
    package init(
        name: String, cpuArchitecture: String, processors: [Processor] = [], startedAt: UInt64, version: String
    ) {
        self.name = name
        self.cpuArchitecture = cpuArchitecture
        self.processors = processors
        self.startedAt = startedAt
        self.version = version
    }

    /// The host name; `unknown` where the kernel gives none. The corresponding C function is `uname`.
    package static var hostName: String {
        var name = utsname()
        guard uname(&name) == 0 else { return "unknown" }
        return withUnsafePointer(to: &name.nodename) {
            $0.withMemoryRebound(to: CChar.self, capacity: 65) { String(cString: $0) }
        }
    }
}

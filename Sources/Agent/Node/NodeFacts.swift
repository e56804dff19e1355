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

    /// The node's name: NODE_NAME where it is set (the DaemonSet sets it), else the host name.
    package let name: String
    /// The processor's model, as /proc/cpuinfo gives it; `unknown` where it does not.
    package let cpuArchitecture: String
    /// When the agent began to count, nanoseconds since 1970.
    package let startedAt: UInt64
    /// The agent's version.
    package let version: String
    package var processors: [Processor] = []

    /// The facts of this node.
    package static func current() -> NodeFacts {
        NodeFacts(
            name: getenv("NODE_NAME").map { String(cString: $0) } ?? hostname(), cpuArchitecture: model(),
            startedAt: Clock.unix, version: currentVersion)
    }

    /// Facts as given.
    package init(name: String, cpuArchitecture: String, startedAt: UInt64, version: String) {
        self.name = name
        self.cpuArchitecture = cpuArchitecture
        self.startedAt = startedAt
        self.version = version
    }

    private static func hostname() -> String {
        var name = utsname()
        guard uname(&name) == 0 else { return "unknown" }
        return withUnsafePointer(to: &name.nodename) {
            $0.withMemoryRebound(to: CChar.self, capacity: 65) { String(cString: $0) }
        }
    }

    private static func model() -> String {
        for line in (Directory.text("/proc/cpuinfo") ?? "").split(separator: "\n") where line.hasPrefix("model name") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            return String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        return "unknown"
    }
}

package struct Processor: Sendable { package let processor, vendorID, modelName, physicalID, coreID: String }

import Glibc
import Node

/// The machine that the numbers are from.
enum Machine {
    /// How many CPUs are online.
    static var cpus: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// CPUs, kernel and processor model.
    static func described() -> JSON {
        let kernel = Files.read("/proc/sys/kernel/osrelease") ?? "unknown"
        return .object([
            ("cpus", .count(UInt64(cpus))),
            ("kernel", .text(String(kernel.prefix { $0 != "\n" }))),
            ("model", .text(NodeFacts.current().cpuArchitecture)),
        ])
    }
}

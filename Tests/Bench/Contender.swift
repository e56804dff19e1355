import Attribution
import CAgent
import Glibc
import Node

/// What runs at every scheduler event while the ball bounces.
enum Contender: String, CaseIterable {
    /// Nothing.
    case none
    /// A program that returns at once: what any program costs.
    case empty
    /// The agent's probe.
    case probe
    /// The same with the table of processes.
    case processes
    /// The same on a hybrid node, where a cgroup is a pair.
    case hybrid
    /// The map that one would take first: a hash with a value for each CPU.
    case hash = "percpu_hash"

    /// The name of its program on `sched_stat_runtime`.
    private var program: String {
        switch self {
        case .probe: "sched_stat_runtime"
        case .processes, .hybrid: "runtime_extras"
        default: rawValue
        }
    }

    /// Runs `body` while it alone is attached, and hands it a way to read the program's statistics.
    func attached<Result>(_ body: (() -> ProgramStatistics?) throws -> Result) throws -> Result {
        switch self {
        case .none:
            return try body { nil }
        case .empty, .hash:
            let object = try LoadedObject(image: yardstickObject, name: "yardstick") { object throws(SystemError) in
                for other in ["empty", "percpu_hash", "switch_clock"] where other != rawValue {
                    try object.leaveOut(other)
                }
            }
            try object.attach([rawValue])
            return try withExtendedLifetime(object) { try watched(body) }
        case .probe, .processes, .hybrid:
            let probe = try SchedProbe(
                processSlots: self == .processes ? 16384 : nil, topology: Topology(sysfs: "/sys"),
                tree: self == .hybrid ? CgroupTree(.auto) : nil)
            let result = try watched(body)
            // Detaches when it is no longer needed, so it is needed here.
            _ = probe.unplaced
            return result
        }
    }

    private func watched<Result>(_ body: (() -> ProgramStatistics?) throws -> Result) throws -> Result {
        let program = ProgramStatistics.openYoungest(program)
        guard program >= 0 else { throw Failure("find the BPF program of \(rawValue)") }
        defer { close(program) }
        return try body { ProgramStatistics(program) }
    }
}

import CAgent
import CBench
import Glibc

/// The probe against its yardsticks: the nanoseconds of an event, and of the switches that raise events.
///
/// A ball bounces between two processes on one CPU, in one cgroup or in two. One contender is attached at a time, in
/// another order each round, so that what else the machine does falls on all alike.
struct ProbeBench {
    /// One contender on one course.
    private struct Contest: Hashable {
        let contender: Contender
        /// Whether the cgroup changes at every switch.
        let alternates: Bool

        static let all = Contender.allCases.flatMap { contender in
            [false, true].map { Contest(contender: contender, alternates: $0) }
        }
    }

    private static let rounds = 15
    private static let bounces: Int32 = 12_000

    private let ping: String
    private let pong: String
    private let cpu = Int32(Machine.cpus - 1)
    private var events: [Contest: Series] = [:]
    private var bounces: [Contest: Series] = [:]

    /// A bench with two cgroups below the cgroup `root`.
    init(root: String) throws(Failure) {
        ping = root + "/ping"
        pong = root + "/pong"
        try Files.makeDirectory(ping)
        try Files.makeDirectory(pong)
    }

    /// Measures everything.
    mutating func run() throws -> JSON {
        for round in 0..<Self.rounds {
            progress("probe: round \(round + 1) of \(Self.rounds)")
            for index in Contest.all.indices {
                let contest = Contest.all[(index + round * 5) % Contest.all.count]
                try contest.contender.attached { statistics in
                    // What the statistics cost is no part of the bounce, so one after the other.
                    bounces[contest, default: Series()].add(try bounce(contest))
                    guard contest.contender != .none else { return }
                    events[contest, default: Series()].add(try event(contest, statistics))
                }
            }
        }
        return .object([
            ("rounds", .count(UInt64(Self.rounds))),
            ("bounces_per_round", .count(UInt64(Self.bounces))),
            ("event_ns", table(events)),
            ("event_ns_over_empty", table(events, over: .empty)),
            ("bounce_ns", table(bounces)),
            ("bounce_ns_over_none", table(bounces, over: Contender.none)),
        ])
    }

    private func bounce(_ contest: Contest) throws(Failure) -> Double {
        let took = cbench_pingpong_ns(
            cpu, Self.bounces, ping + "/cgroup.procs", (contest.alternates ? pong : ping) + "/cgroup.procs")
        guard took > 0 else { throw Failure("bounce a byte between two processes on CPU \(cpu)") }
        return took
    }

    private func event(_ contest: Contest, _ statistics: () -> ProgramStatistics?) throws(Failure) -> Double {
        let switchedOn = bpf_enable_stats(BPF_STATS_RUN_TIME)
        guard switchedOn >= 0 else { throw Failure("enable BPF statistics: \(String(cString: strerror(errno)))") }
        defer { close(switchedOn) }
        let before = statistics()
        _ = try bounce(contest)
        guard let before, let after = statistics(), after.runs > before.runs else {
            throw Failure("count the runs of \(contest.contender.rawValue)")
        }
        return Double(after.nanoseconds - before.nanoseconds) / Double(after.runs - before.runs)
    }

    /// Least and median of each contest; less those of a base, which is left out then.
    private func table(_ series: [Contest: Series], over base: Contender? = nil) -> JSON {
        .object(
            Contender.allCases.filter { $0 != base }.compactMap { contender in
                let courses = [false, true].compactMap { alternates -> (String, JSON)? in
                    guard let own = series[Contest(contender: contender, alternates: alternates)] else { return nil }
                    let other = base.flatMap { series[Contest(contender: $0, alternates: alternates)] }
                    return (
                        alternates ? "alternating" : "repeating",
                        .object([
                            ("least", .number(own.least - (other?.least ?? 0))),
                            ("median", .number(own.median - (other?.median ?? 0))),
                        ])
                    )
                }
                return courses.isEmpty ? nil : (contender.rawValue, .object(courses))
            })
    }
}

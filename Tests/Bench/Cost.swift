import CBench
import Glibc
import Node

/// CPU time and allocations of one piece of work, over many runs of it.
struct Cost {
    /// One run.
    struct Run {
        let nanoseconds: UInt64
        let mallocs: UInt
    }

    /// Print the stack of every allocation in a run that is to make none.
    private static let traces = getenv("BENCH_TRACE") != nil

    /// CPU time in nanoseconds.
    private(set) var nanoseconds = Series()
    private var mallocs = Series()

    /// Runs `work` and takes its cost; `isSteady` says whether it is to allocate nothing.
    static func of(isSteady: Bool = false, _ work: () -> Void) -> Run {
        if isSteady && traces { cbench_trace_mallocs(true) }
        let mallocs = cbench_mallocs()
        let began = Clock.process
        work()
        let run = Run(nanoseconds: Clock.process - began, mallocs: cbench_mallocs() - mallocs)
        if isSteady && traces { cbench_trace_mallocs(false) }
        return run
    }

    /// Adds a run; allocations count only in steady ones, in which nobody came or went.
    mutating func add(_ run: Run, isSteady: Bool = true) {
        nanoseconds.add(Double(run.nanoseconds))
        if isSteady { mallocs.add(Double(run.mallocs)) }
    }

    /// Least, median and most.
    var described: JSON {
        .object([
            ("cpu_us_least", .number(nanoseconds.least / 1000)),
            ("cpu_us_median", .number(nanoseconds.median / 1000)),
            ("cpu_us_most", .number(nanoseconds.most / 1000)),
            ("steady_runs", .count(UInt64(mallocs.count))),
            ("mallocs_median", .number(mallocs.median)),
            ("mallocs_most", .number(mallocs.most)),
        ])
    }
}

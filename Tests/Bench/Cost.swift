import CBench
import Node

/// CPU time and allocations of one piece of work, over many runs of it.
struct Cost {
    /// One run.
    struct Run {
        let nanoseconds: UInt64
        let mallocs: UInt
    }

    private var nanoseconds = Series()
    private var mallocs = Series()

    /// Runs `work` and takes its cost.
    static func of(_ work: () -> Void) -> Run {
        let mallocs = cbench_mallocs()
        let began = Clock.process
        work()
        return Run(nanoseconds: Clock.process - began, mallocs: cbench_mallocs() - mallocs)
    }

    /// Adds a run.
    mutating func add(_ run: Run) {
        nanoseconds.add(Double(run.nanoseconds))
        mallocs.add(Double(run.mallocs))
    }

    /// Least, median and most.
    var described: JSON {
        .object([
            ("cpu_us_least", .number(nanoseconds.least / 1000)),
            ("cpu_us_median", .number(nanoseconds.median / 1000)),
            ("cpu_us_most", .number(nanoseconds.most / 1000)),
            ("mallocs_median", .number(mallocs.median)),
            ("mallocs_most", .number(mallocs.most)),
        ])
    }
}

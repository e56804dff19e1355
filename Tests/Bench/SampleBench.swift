import Attribution
import CBench
import Exposition
import Glibc
import Node

/// What a sample costs the agent, and a page, in CPU time and allocations, with so many cgroups at work.
struct SampleBench {
    private static let warmUps = 5
    private static let samples = 15
    /// Long enough for every process of a `Population` to wake.
    private static let interval: UInt32 = 150_000

    private var sysfs: SyntheticSysfs
    private let mount: String
    /// Print the stack of every allocation that a measured sample or page makes.
    private let traces = getenv("BENCH_TRACE") != nil

    /// A bench with the energy of `sysfs` and the cgroups under `mount`.
    init(sysfs: SyntheticSysfs, mount: String) {
        self.sysfs = sysfs
        self.mount = mount
    }

    /// Measures with an agent's own sampler and page, made anew.
    mutating func run() throws -> JSON {
        let topology = Topology(sysfs: sysfs.root)
        let powercap = try Powercap(sysfs: sysfs.root, topology: topology)
        let sampler = Sampler(
            source: .powercap(powercap), probe: try SchedProbe(topology: topology), tree: CgroupTree(mount: mount),
            topology: topology)
        var page = MetricsPage(about: NodeFacts.current(), sampler: sampler)
        var sample = Cost()
        var render = Cost()
        var active = Series()
        // Not zero, or the counting itself is broken.
        var early: UInt = 0
        for round in 0..<Self.warmUps + Self.samples {
            usleep(Self.interval)
            try sysfs.advance()
            let before = Self.times(sampler.ledger)
            let isMeasured = round >= Self.warmUps
            if isMeasured && traces { cbench_trace_mallocs(true) }
            let sampled = Cost.of { sampler.sample() }
            let rendered = Cost.of { page.render(sampler) }
            if isMeasured && traces { cbench_trace_mallocs(false) }
            guard isMeasured else {
                early += sampled.mallocs + rendered.mallocs
                continue
            }
            sample.add(sampled)
            render.add(rendered)
            active.add(Double(Self.worked(since: before, in: sampler)))
        }
        return .object([
            ("samples", .count(UInt64(Self.samples))),
            ("active_containers", .number(active.median)),
            ("known_cgroups", .count(UInt64(sampler.roster.accounts.members))),
            ("mallocs_in_\(Self.warmUps)_warm_ups", .count(UInt64(early))),
            ("sample", sample.described),
            ("page", render.described),
            ("page_bytes", .count(UInt64(page.page.bytes.count))),
        ])
    }

    private static func times(_ ledger: Ledger) -> [UInt64] { (0..<ledger.rows).map { ledger.cpuTime($0) } }

    /// How many containers have more CPU time than they had.
    private static func worked(since before: [UInt64], in sampler: Sampler) -> Int {
        let after = times(sampler.ledger)
        return after.indices.count { row in
            guard case .container = sampler.roster.identity(row) else { return false }
            return after[row] > (row < before.count ? before[row] : 0)
        }
    }
}

import Attribution
import Exposition
import Glibc
import Node

/// What a sample costs the agent in CPU time and allocations, and a page of the default options, with so many cgroups
/// at work.
struct SampleBench {
    private static let warmUps = 5
    private static let samples = 15
    /// Long enough for every process of a `Population` to wake.
    static let interval: UInt32 = 150_000

    private let workplace: Workplace
    private let measuresProcesses: Bool

    /// A bench in a workplace, with processes measured too or not.
    init(_ workplace: Workplace, processes: Bool = false) {
        self.workplace = workplace
        measuresProcesses = processes
    }

    /// Measures with an agent's own sampler and page, made anew; where processes are measured, a second one beside it
    /// does without.
    func run() throws -> JSON {
        var sysfs = try workplace.syntheticSysfs()
        let subject = try Subject(workplace, processes: measuresProcesses)
        let other = measuresProcesses ? try Subject(workplace) : nil
        var page = MetricsPage(about: NodeFacts.current(), sampler: subject.sampler)
        var sample = Cost()
        var without = Cost()
        var render = Cost()
        var active = Series()
        // Not zero, or the counting itself is broken.
        var early: UInt = 0
        for round in 0..<Self.warmUps + Self.samples {
            usleep(Self.interval)
            try sysfs.advance()
            let before = subject.times
            let members = subject.members
            let isMeasured = round >= Self.warmUps
            let sampled = Cost.of(isSteady: isMeasured) { subject.sampler.sample() }
            let rendered = Cost.of(isSteady: isMeasured) { page.render(subject.sampler) }
            let beside = other.map { other in Cost.of { other.sampler.sample() } }
            guard isMeasured else {
                early += sampled.mallocs + rendered.mallocs
                continue
            }
            let isSteady = subject.members == members
            sample.add(sampled, isSteady: isSteady)
            render.add(rendered, isSteady: isSteady)
            if let beside { without.add(beside, isSteady: isSteady) }
            active.add(Double(subject.worked(since: before)))
        }
        var members: [(String, JSON)] = [
            ("samples", .count(UInt64(Self.samples))),
            ("active_containers", .number(active.median)),
            ("named_containers", .count(UInt64(subject.named))),
            ("known_cgroups", .count(UInt64(subject.members.cgroups))),
            ("known_processes", .count(UInt64(subject.members.processes))),
            ("mallocs_in_\(Self.warmUps)_warm_ups", .count(UInt64(early))),
            ("sample", sample.described),
            ("page", render.described),
            ("page_bytes", .count(UInt64(page.page.bytes.count))),
        ]
        if other != nil {
            members.append(("sample_without_processes", without.described))
            members.append(("ratio", .number(sample.nanoseconds.median / without.nanoseconds.median)))
        }
        return .object(members)
    }
}

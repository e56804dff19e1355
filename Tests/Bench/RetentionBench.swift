import Exposition
import Glibc
import Node

/// What it costs to keep a thousand containers that are gone: a sampler that has seen them beside one that never did.
struct RetentionBench {
    private static let samples = 15

    private let workplace: Workplace

    /// A bench in a workplace.
    init(_ workplace: Workplace) { self.workplace = workplace }

    /// Ends the population and measures.
    func run(_ population: inout Population) throws -> JSON {
        var sysfs = try workplace.syntheticSysfs()
        let keeper = try Subject(workplace)
        for _ in 0..<3 {
            usleep(SampleBench.interval)
            keeper.sampler.sample()
        }
        try population.end()
        // What was removed is kept for one sample more.
        for _ in 0..<3 {
            usleep(SampleBench.interval)
            keeper.sampler.sample()
        }
        let fresh = try Subject(workplace)
        let subjects = [("none_kept", fresh), ("kept", keeper)]
        let pages = subjects.map { RenderedPage($0.1, PageContent()) }
        var samples = subjects.map { _ in Cost() }
        for (page, subject) in zip(pages, subjects) { page.warmUp(subject.1, .text) }
        for _ in 0..<Self.samples {
            usleep(SampleBench.interval)
            try sysfs.advance()
            for (index, (_, subject)) in subjects.enumerated() {
                let members = subject.members
                let sample = Cost.of(isSteady: true) { subject.sampler.sample() }
                samples[index].add(sample, isSteady: subject.members == members)
                pages[index].measure(subject, .text, isSteady: subject.members == members)
            }
        }
        var result = subjects.indices.map { index in
            (
                subjects[index].0,
                JSON.object([
                    ("gone", .count(UInt64(subjects[index].1.members.gone))),
                    ("sample", samples[index].described), ("page", pages[index].described),
                ])
            )
        }
        result.append(("sample_ratio", .number(samples[1].nanoseconds.median / samples[0].nanoseconds.median)))
        return .object(result)
    }
}

/// The generations of Kepler whose families a page has.
package struct Generations: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// The eBPF generation, 0.5 to 0.9.
    package static let ebpf = Generations(rawValue: 1)
    /// The current one, from 0.10 on.
    package static let current = Generations(rawValue: 2)
    /// The first one, of 2022.
    package static let first = Generations(rawValue: 4)
}

/// The levels that Kepler's families are listed at.
package struct Levels: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let node = Levels(rawValue: 1)
    package static let container = Levels(rawValue: 2)
    package static let pod = Levels(rawValue: 4)
    package static let process = Levels(rawValue: 8)
    package static let vm = Levels(rawValue: 16)
}

/// What a page is to show.
package struct PageContent: Sendable {
    package var generations: Generations
    package var levels: Levels
    /// Whether cgroups that are no container are listed by path.
    package var cgroups: Bool
    /// Whether an OpenMetrics page has `_created` series.
    package var created: Bool

    package init(
        generations: Generations = [.ebpf, .current], levels: Levels = [.node, .container, .pod, .vm],
        cgroups: Bool = true, created: Bool = true
    ) {
        self.generations = generations
        self.levels = levels
        self.cgroups = cgroups
        self.created = created
    }
}

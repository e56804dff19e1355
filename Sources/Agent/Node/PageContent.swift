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

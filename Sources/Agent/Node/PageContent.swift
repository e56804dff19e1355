/// What a page is to show.
package struct PageContent: Sendable {
    /// Whose families.
    package var generations: Generations
    /// At which levels.
    package var levels: Levels
    /// Whether cgroups that are no container are listed by path.
    package var cgroups: Bool
    /// Whether it has what cAdvisor counts of each container.
    package var cadvisor: Bool
    /// Whether an OpenMetrics page has `_created` series.
    package var created: Bool
    /// Where sysfs is mounted, for what is read anew for each page.
    package var sysfs: String

    /// Content as given; by default that of the agent's own options.
    package init(
        generations: Generations = [.ebpf, .current], levels: Levels = [.node, .container, .pod, .vm],
        cgroups: Bool = true, cadvisor: Bool = false, created: Bool = true, sysfs: String = "/sys"
    ) {
        self.generations = generations
        self.levels = levels
        self.cgroups = cgroups
        self.cadvisor = cadvisor
        self.created = created
        self.sysfs = sysfs
    }
}

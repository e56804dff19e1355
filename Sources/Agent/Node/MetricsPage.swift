import Attribution
package import Exposition

/// The metrics page of one agent: the only place with metric names, here and in the files `MetricsPage+….swift`, one
/// for each generation of Kepler and one for ourselves.
package struct MetricsPage: ~Copyable {
    /// The page as of the last `render`.
    package internal(set) var page: Page

    let about: NodeFacts
    let zones: [Zone]
    let content: PageContent
    let source: StaticString
    /// Whether anybody but the node has idle energy.
    let carriesIdle: Bool
    /// Labels of many series, made once: the eBPF generation's `mode` and `source`; for each kind the current one's
    /// `state` and `zone`.
    let modes: Modes, running: [LabelSet], terminated: [LabelSet]
    var lists: Listings
    var usages: ContainerUsages
    var frequencies: Frequencies

    /// A page for what `sampler` measures on the node that `about` describes.
    package init(about: NodeFacts, sampler: Sampler, content: PageContent = PageContent()) {
        page = Page(writesCreated: content.created)
        self.about = about
        self.content = content
        zones = sampler.ledger.zones
        source = sampler.source.label
        carriesIdle = sampler.ledger.policy != .none
        modes = Modes(source)
        running = Zone.Kind.allCases.map { LabelSet(("state", "running"), ("zone", "\($0.label)")) }
        terminated = Zone.Kind.allCases.map { LabelSet(("state", "terminated"), ("zone", "\($0.label)")) }
        usages = ContainerUsages(sampler.hierarchies)
        let asksFrequencies = content.generations.contains(.first) && content.levels.contains(.node)
        frequencies = Frequencies(sysfs: content.sysfs, cpus: asksFrequencies ? sampler.topology.domainOfCPU.count : 0)
        lists = Listings(sampler, about: about, content: content)
    }

    /// Renders the page anew, into the same buffer.
    package mutating func render(_ sampler: Sampler, as format: PageFormat = .text) {
        page.clear(as: format)
        lists.refresh(sampler)
        if content.generations.contains(.ebpf) { renderEBPF(sampler) }
        if content.generations.contains(.current) { renderCurrent(sampler) }
        if content.generations.contains(.first) { renderFirst(sampler) }
        renderCgroups(sampler)
        renderCadvisor(sampler)
        renderSelf(sampler)
        page.end()
    }

    // MARK: What the generations share

    /// A family's name and the kind of zone that it is about.
    typealias Component = (kind: Zone.Kind, name: StaticString)

    /// Writes the value of one series in joules, since when it counts included.
    mutating func joules(_ energy: Energy, created: UInt64) {
        page.value(energy.microjoules, decimals: 6, created: created)
    }

    /// What all zones of a kind have.
    func account(_ kind: Zone.Kind, _ sampler: Sampler) -> NodeFigures {
        var sum = NodeFigures()
        for zone in lists.zonesOfKind[kind.index] { sum.add(sampler.ledger.accounts[zone]) }
        return sum
    }

    /// What the node has of a kind of zone, all sockets together.
    struct NodeFigures {
        var dynamic = Energy.zero
        var idle = Energy.zero
        /// Of the last sample.
        var microwatts: UInt64 = 0, idleMicrowatts: UInt64 = 0

        mutating func add(_ account: Ledger.Account) {
            dynamic += account.dynamic
            idle += account.idle
            microwatts += account.recent.microwatts(over: account.recentTime)
            idleMicrowatts += account.recentIdle.microwatts(over: account.recentTime)
        }
    }

    // MARK: Ours, by path

    private mutating func renderCgroups(_ sampler: Sampler) {
        guard content.cgroups else { return }
        if !zones.isEmpty {
            page.family(
                "brahe_cgroup_joules_total", .counter, unit: "joules",
                "Energy of a cgroup that is no container, in joules.")
            for index in lists.cgroups.entries.indices {
                let entry = lists.cgroups.entries[index]
                for kind in Zone.Kind.allCases where lists.has(kind) {
                    page.begin()
                    page.label(lists.cgroups.ebpf(index))
                    page.label("zone", kind.label)
                    joules(lists.cgroups.figures(index, kind).energy, created: entry.created)
                }
            }
        }
        page.family(
            "brahe_cgroup_cpu_seconds_total", .counter, unit: "seconds",
            "CPU time of a cgroup that is no container, in seconds.")
        for index in lists.cgroups.entries.indices {
            let entry = lists.cgroups.entries[index]
            page.begin()
            page.label(lists.cgroups.ebpf(index))
            page.value(entry.cpuTime, decimals: 9, created: entry.created)
        }
    }
}

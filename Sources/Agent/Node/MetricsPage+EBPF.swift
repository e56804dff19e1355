import Attribution
import Exposition

/// Kepler's eBPF generation, 0.5 to 0.9: its names, labels and meanings.
extension MetricsPage {
    private static let containerComponents: [Component] = [
        (.package, "kepler_container_package_joules_total"), (.core, "kepler_container_core_joules_total"),
        (.uncore, "kepler_container_uncore_joules_total"), (.dram, "kepler_container_dram_joules_total"),
        (.other, "kepler_container_other_joules_total"), (.psys, "kepler_container_platform_joules_total"),
    ]
    private static let machineComponents: [Component] = [
        (.package, "kepler_vm_package_joules_total"), (.core, "kepler_vm_core_joules_total"),
        (.uncore, "kepler_vm_uncore_joules_total"), (.dram, "kepler_vm_dram_joules_total"),
        (.other, "kepler_vm_other_joules_total"), (.psys, "kepler_vm_platform_joules_total"),
    ]
    private static let processComponents: [Component] = [
        (.package, "kepler_process_package_joules_total"), (.core, "kepler_process_core_joules_total"),
        (.uncore, "kepler_process_uncore_joules_total"), (.dram, "kepler_process_dram_joules_total"),
        (.other, "kepler_process_other_joules_total"), (.psys, "kepler_process_platform_joules_total"),
    ]
    private static let nodeComponents: [Component] = [
        (.package, "kepler_node_package_joules_total"), (.core, "kepler_node_core_joules_total"),
        (.uncore, "kepler_node_uncore_joules_total"), (.dram, "kepler_node_dram_joules_total"),
        (.other, "kepler_node_other_joules_total"), (.psys, "kepler_node_platform_joules_total"),
    ]
    /// What Kepler adds up for its total: core and uncore lie within package, and platform holds everything.
    private static let totalled: [Zone.Kind] = [.package, .dram, .other]

    mutating func renderEBPF(_ sampler: Sampler) {
        let levels = content.levels
        if levels.contains(.container) {
            total("kepler_container_joules_total", lists.containers)
            components(Self.containerComponents, lists.containers)
            cpuTime("kepler_container_bpf_cpu_time_ms_total", lists.containers)
        }
        if levels.contains(.process), sampler.processes != nil {
            total("kepler_process_joules_total", lists.processes)
            components(Self.processComponents, lists.processes)
            cpuTime("kepler_process_bpf_cpu_time_ms_total", lists.processes)
        }
        if levels.contains(.vm), !lists.machines.entries.isEmpty {
            components(Self.machineComponents, lists.machines)
            cpuTime("kepler_vm_bpf_cpu_time_ms_total", lists.machines)
        }
        if levels.contains(.node) { nodes(sampler) }
        infos()
    }

    private mutating func total(_ name: StaticString, _ list: Listing) {
        guard !zones.isEmpty else { return }
        page.family(name, .counter, unit: "joules", "Energy in joules: packages, memory and the platform's rest.")
        for index in list.entries.indices {
            var sum = Listing.Figures()
            for kind in Self.totalled { sum += list.figures(index, kind) }
            let labels = list.ebpf(index)
            let created = list.entries[index].created
            series(labels, modes.ofTotal.dynamic, sum.dynamic, created)
            // Kepler lists the series whether or not anybody carries idle energy.
            series(labels, modes.ofTotal.idle, sum.idle, created)
        }
    }

    private mutating func components(_ components: [Component], _ list: Listing) {
        for component in components where lists.has(component.kind) {
            page.family(component.name, .counter, unit: "joules", "Energy in one component, in joules.")
            let modes = modes.ofKind[component.kind.index]
            for index in list.entries.indices {
                let figures = list.figures(index, component.kind)
                let labels = list.ebpf(index)
                let created = list.entries[index].created
                series(labels, modes.dynamic, figures.dynamic, created)
                if carriesIdle { series(labels, modes.idle, figures.idle, created) }
            }
        }
    }

    private mutating func series(_ labels: LabelSet, _ mode: LabelSet, _ energy: Energy, _ created: UInt64) {
        page.begin()
        page.label(labels)
        page.label(mode)
        joules(energy, created: created)
    }

    private mutating func cpuTime(_ name: StaticString, _ list: Listing) {
        page.family(name, .counter, "CPU time in milliseconds.")
        for index in list.entries.indices {
            let entry = list.entries[index]
            page.begin()
            page.label(list.ebpf(index))
            page.label("source", "bpf")
            page.value(entry.cpuTime, decimals: 6, created: entry.created)
        }
    }

    private mutating func nodes(_ sampler: Sampler) {
        for component in Self.nodeComponents where lists.has(component.kind) {
            page.family(component.name, .counter, unit: "joules", "Energy of the node in one component, in joules.")
            for zone in lists.zonesOfKind[component.kind.index] {
                let account = sampler.ledger.accounts[zone]
                node(zone, "dynamic", account.dynamic)
                node(zone, "idle", account.idle)
            }
        }
    }

    private mutating func node(_ zone: Int, _ mode: StaticString, _ energy: Energy) {
        let kind = zones[zone].kind
        page.begin()
        if kind == .psys || kind == .other {
            page.label("package", "psys")
        } else {
            page.label("package", zones[zone].package)
        }
        page.label("instance", about.name)
        page.label("mode", mode)
        page.label("source", source(of: kind))
        joules(energy, created: about.startedAt)
    }

    private mutating func infos() {
        page.family("kepler_node_info", .counter, "What this node is and what meters it.")
        page.begin()
        page.label("cpu_architecture", about.cpuArchitecture)
        page.label("components_power_source", source)
        page.label("platform_power_source", lists.has(.psys) ? Self.platformSource : "none")
        page.label("source", "os")
        page.value(1)
        page.family("kepler_exporter_build_info", .gauge, "What stands in for Kepler's exporter here.")
        page.begin()
        page.label("branch", "")
        page.label("revision", "")
        page.label("version", about.version)
        page.label("os", "linux")
        page.label("arch", NodeFacts.machine)
        page.value(1)
    }

    private static let platformSource: StaticString = "rapl-psys"

    private func source(of kind: Zone.Kind) -> StaticString { Self.source(of: kind, source) }

    private static func source(of kind: Zone.Kind, _ source: StaticString) -> StaticString {
        kind == .psys || kind == .other ? platformSource : source
    }

    /// The labels `mode` and `source`, made once.
    struct Modes {
        /// Of one source.
        typealias Pair = (dynamic: LabelSet, idle: LabelSet)

        let ofTotal = Self.pair("")
        let ofKind: [Pair]

        /// The labels where components are metered by `source`.
        init(_ source: StaticString) {
            ofKind = Zone.Kind.allCases.map { Self.pair(MetricsPage.source(of: $0, source)) }
        }

        private static func pair(_ source: StaticString) -> Pair {
            (
                LabelSet(("mode", "dynamic"), ("source", "\(source)")),
                LabelSet(("mode", "idle"), ("source", "\(source)"))
            )
        }
    }
}

import Attribution
import Exposition

/// Kepler's first generation, 0.3 of 2022. What it calls current is of a period of 3 s, so here it is the last sample's
/// power for as long; its energies are in millijoules.
extension MetricsPage {
    private static let current: [Component] = [
        (.core, "pod_curr_energy_in_core_millijoule"), (.dram, "pod_curr_energy_in_dram_millijoule"),
        (.uncore, "pod_curr_energy_in_uncore_millijoule"), (.package, "pod_curr_energy_in_pkg_millijoule"),
        (.other, "pod_curr_energy_in_other_millijoule"),
    ]
    private static let total: [Component] = [
        (.core, "pod_total_energy_in_core_millijoule"), (.dram, "pod_total_energy_in_dram_millijoule"),
        (.uncore, "pod_total_energy_in_uncore_millijoule"), (.package, "pod_total_energy_in_pkg_millijoule"),
        (.other, "pod_total_energy_in_other_millijoule"),
    ]
    private static let node: [Component] = [
        (.core, "node_curr_energy_in_core_joule"), (.dram, "node_curr_energy_in_dram_joule"),
        (.uncore, "node_curr_energy_in_uncore_joule"), (.package, "node_curr_energy_in_pkg_joule"),
        (.other, "node_curr_energy_in_other_joule"),
    ]
    /// The label of each of them in the two families that carry numbers in labels.
    private static let inNodeStat: [Component] = [
        (.core, "node_curr_energy_in_core_joule"), (.dram, "node_curr_energy_in_dram_joule"),
        (.uncore, "node_curr_energy_in_uncore_joule"), (.package, "node_curr_energy_in_pkg_joule"),
        (.other, "node_curr_energy_in_other_joule"),
    ]
    /// What the first generation adds up; memory is not in its sums.
    private static let summed: [Zone.Kind] = [.package, .other]
    /// Three seconds of so many microwatts, in microjoules.
    private static let period: UInt64 = 3

    mutating func renderFirst(_ sampler: Sampler) {
        let levels = content.levels
        if !zones.isEmpty {
            if levels.contains(.pod) { pods() }
            if levels.contains(.node) {
                nodes(sampler)
                packages(sampler)
            }
        }
        if levels.contains(.pod) { podTimes() }
        if levels.contains(.node) { clocks() }
    }

    private mutating func pods() {
        for component in Self.current where lists.has(component.kind) {
            page.family(component.name, .gauge, unit: "millijoule", "Energy of a pod in the last 3 s, in millijoules.")
            for index in lists.named.entries.indices {
                beginPod(index)
                page.value(lists.named.figures(index, component.kind).microwatts * Self.period, decimals: 3)
            }
        }
        for component in Self.total where lists.has(component.kind) {
            page.family(component.name, .counter, unit: "millijoule", "Energy of a pod, in millijoules.")
            for index in lists.named.entries.indices {
                beginPod(index)
                page.value(lists.named.figures(index, component.kind).energy.microjoules, decimals: 3)
            }
        }
        sums("pod_curr_energy_millijoule", .gauge) { $0.microwatts * Self.period }
        sums("pod_curr_dynamic_energy_millijoule", .gauge) { ($0.microwatts - $0.idleMicrowatts) * Self.period }
        sums("pod_total_energy_millijoule", .counter) { $0.energy.microjoules }
        sums("pod_total_dynamic_energy_millijoule", .counter) { $0.dynamic.microjoules }
        page.family("pod_energy_stat", .gauge, "Energy of a pod in the last 3 s, in millijoules, and more as labels.")
        for index in lists.named.entries.indices {
            beginPod(index)
            page.label("total_cpu_time", number: lists.named.entries[index].cpuTime / 1_000_000)
            page.value(sum(index) { $0.microwatts * Self.period }, decimals: 3)
        }
    }

    private func sum(_ index: Int, _ value: (Listing.Figures) -> UInt64) -> UInt64 {
        var sum: UInt64 = 0
        for kind in Self.summed { sum += value(lists.named.figures(index, kind)) }
        return sum
    }

    private mutating func sums(
        _ name: StaticString, _ type: Page.FamilyType, _ value: (Listing.Figures) -> UInt64
    ) {
        page.family(
            name, type, unit: "millijoule", "Energy of a pod in packages and the platform's rest, in millijoules.")
        for index in lists.named.entries.indices {
            beginPod(index)
            page.value(sum(index, value), decimals: 3)
        }
    }

    private mutating func beginPod(_ index: Int) {
        page.begin()
        page.label(lists.named.first(index))
        page.label(lists.named.command(index))
    }

    private mutating func nodes(_ sampler: Sampler) {
        var sum: UInt64 = 0
        for component in Self.node where lists.has(component.kind) {
            let energy = account(component.kind, sampler).microwatts * Self.period
            if Self.summed.contains(component.kind) { sum += energy }
            page.family(component.name, .gauge, unit: "joule", "Energy of the node in the last 3 s, in joules.")
            page.begin()
            page.label("instance", about.name)
            page.value(energy, decimals: 6)
        }
        page.family("node_curr_energy_joule", .gauge, unit: "joule", "Energy of the node in the last 3 s, in joules.")
        page.begin()
        page.label("instance", about.name)
        page.value(sum, decimals: 6)
        page.family("node_energy_stat", .gauge, "Energy of the node in the last 3 s, in joules, and more as labels.")
        page.begin()
        page.label("node_name", about.name)
        page.label("cpu_architecture", about.cpuArchitecture)
        // Of three seconds, in milliseconds.
        let usage = sampler.usage
        let cpuTime = usage.busy * 3000 / max(1, usage.available / UInt64(max(1, about.processors.count)))
        page.label("node_curr_cpu_time", number: cpuTime)
        for component in Self.inNodeStat where lists.has(component.kind) {
            page.label(
                component.name, number: account(component.kind, sampler).microwatts * Self.period, decimals: 6)
        }
        page.value(sum, decimals: 6)
    }

    /// One series for each socket, its numbers in its labels.
    private mutating func packages(_ sampler: Sampler) {
        page.family("node_package_energy_millijoule", .gauge, unit: "millijoule", "Energy of a socket, in millijoules.")
        for zone in lists.zonesOfKind[Zone.Kind.package.index] {
            page.begin()
            page.label("instance", about.name)
            page.label("pkg_id", zones[zone].package)
            for component in Self.socketParts where lists.has(component.kind) {
                for part in lists.zonesOfKind[component.kind.index] where zones[part].package == zones[zone].package {
                    page.label(
                        component.name, number: sampler.ledger.accounts[part].total.microjoules / 1000)
                }
            }
            page.value(sampler.ledger.accounts[zone].total.microjoules, decimals: 3)
        }
    }

    private static let socketParts: [Component] = [(.core, "core"), (.dram, "dram"), (.uncore, "uncore")]

    private mutating func podTimes() {
        page.family("pod_cpu_cpu_time_us", .counter, "CPU time of a pod on all CPUs, in microseconds.")
        for index in lists.named.entries.indices {
            page.begin()
            page.label(lists.named.first(index))
            page.label("cpu", "all")
            page.value(lists.named.entries[index].cpuTime, decimals: 3)
        }
    }

    /// Absent where the kernel does not tell, as in most virtual machines.
    private mutating func clocks() {
        frequencies.read()
        guard !frequencies.entries.isEmpty else { return }
        page.family("node_cpu_scaling_frequency_hertz", .gauge, unit: "hertz", "Frequency of a CPU, in hertz.")
        for entry in frequencies.entries {
            page.begin()
            page.label("instance", about.name)
            page.label("cpu", number: entry.cpu)
            page.value(entry.kilohertz * 1000)
        }
    }
}

import Attribution
import Exposition

/// Kepler's current generation, from 0.10 on: its names, labels and meanings.
extension MetricsPage {
    private static let kinds: [Zone.Kind] = [.package, .core, .uncore, .dram, .psys]

    mutating func renderCurrent(_ sampler: Sampler) {
        let levels = content.levels
        if levels.contains(.node) {
            nodes(sampler)
            processors()
        }
        if levels.contains(.process), sampler.processes != nil {
            energy("kepler_process_cpu_joules_total", "kepler_process_cpu_watts", lists.processes)
            seconds("kepler_process_cpu_seconds_total", lists.processes, withState: false)
        }
        if levels.contains(.container) {
            energy("kepler_container_cpu_joules_total", "kepler_container_cpu_watts", lists.containers)
            seconds("kepler_container_cpu_seconds_total", lists.containers, withState: true)
        }
        if levels.contains(.vm), !lists.machines.entries.isEmpty {
            energy("kepler_vm_cpu_joules_total", "kepler_vm_cpu_watts", lists.machines)
        }
        if levels.contains(.pod) { energy("kepler_pod_cpu_joules_total", "kepler_pod_cpu_watts", lists.pods) }
        page.family("kepler_build_info", .gauge, "What stands in for Kepler here.")
        page.begin()
        page.label("arch", NodeFacts.machine)
        page.label("branch", "")
        page.label("revision", "")
        page.label("version", about.version)
        page.label("goversion", "")
        page.value(1)
    }

    // MARK: The node

    /// What a family of the node's shows.
    private enum Part { case all, active, idle }

    private mutating func nodes(_ sampler: Sampler) {
        if !zones.isEmpty {
            nodeJoules("kepler_node_cpu_joules_total", .all, sampler)
            nodeJoules("kepler_node_cpu_active_joules_total", .active, sampler)
            nodeJoules("kepler_node_cpu_idle_joules_total", .idle, sampler)
            nodeWatts("kepler_node_cpu_watts", .all, sampler)
            nodeWatts("kepler_node_cpu_active_watts", .active, sampler)
            nodeWatts("kepler_node_cpu_idle_watts", .idle, sampler)
        }
        page.family("kepler_node_cpu_usage_ratio", .gauge, unit: "ratio", "Share of CPU time that was worked.")
        page.begin()
        page.label("node_name", about.name)
        let usage = sampler.usage
        let millionths = usage.available > 0 ? min(1_000_000, usage.busy * 1000 / max(1, usage.available / 1000)) : 0
        page.value(millionths, decimals: 6)
    }

    private mutating func nodeJoules(_ name: StaticString, _ part: Part, _ sampler: Sampler) {
        page.family(name, .counter, unit: "joules", "Energy of the node's zones of a kind, in joules.")
        for kind in Self.kinds where lists.has(kind) {
            let figures = account(kind, sampler)
            nodeLabels(kind, sampler)
            switch part {
            case .all: joules(figures.dynamic + figures.idle, created: about.startedAt)
            case .active: joules(figures.dynamic, created: about.startedAt)
            case .idle: joules(figures.idle, created: about.startedAt)
            }
        }
    }

    private mutating func nodeWatts(_ name: StaticString, _ part: Part, _ sampler: Sampler) {
        page.family(name, .gauge, unit: "watts", "Power of the node's zones of a kind over the last sample, in watts.")
        for kind in Self.kinds where lists.has(kind) {
            let figures = account(kind, sampler)
            nodeLabels(kind, sampler)
            switch part {
            case .all: page.value(figures.microwatts, decimals: 6)
            case .active: page.value(figures.microwatts - figures.idleMicrowatts, decimals: 6)
            case .idle: page.value(figures.idleMicrowatts, decimals: 6)
            }
        }
    }

    private mutating func nodeLabels(_ kind: Zone.Kind, _ sampler: Sampler) {
        page.begin()
        page.label("node_name", about.name)
        page.label("zone", kind.label)
        page.label("path", lists.paths[kind.index])
    }

    private mutating func processors() {
        page.family("kepler_node_cpu_info", .gauge, "One series for each CPU.")
        for processor in about.processors {
            page.begin()
            page.label("processor", processor.processor)
            page.label("vendor_id", processor.vendorID)
            page.label("model_name", processor.modelName)
            page.label("physical_id", processor.physicalID)
            page.label("core_id", processor.coreID)
            page.value(1)
        }
    }

    // MARK: Everybody else

    private mutating func energy(_ total: StaticString, _ power: StaticString, _ list: Listing) {
        guard !zones.isEmpty else { return }
        page.family(total, .counter, unit: "joules", "Energy in a kind of zone, in joules.")
        for index in list.entries.indices {
            let labels = list.current(index)
            for kind in Self.kinds where lists.has(kind) && begin(labels, list.entries[index], kind) {
                joules(list.figures(index, kind).energy, created: list.entries[index].created)
            }
        }
        page.family(power, .gauge, unit: "watts", "Power in a kind of zone over the last sample, in watts.")
        for index in list.entries.indices {
            let labels = list.current(index)
            for kind in Self.kinds where lists.has(kind) && begin(labels, list.entries[index], kind) {
                page.value(list.figures(index, kind).microwatts, decimals: 6)
            }
        }
    }

    /// Begins a series of somebody whom this generation lists.
    private mutating func begin(_ labels: LabelSet, _ entry: Listing.Entry, _ kind: Zone.Kind) -> Bool {
        guard !labels.isEmpty else { return false }
        page.begin()
        page.label(labels)
        page.label(entry.isRunning ? running[kind.index] : terminated[kind.index])
        return true
    }

    private mutating func seconds(_ name: StaticString, _ list: Listing, withState: Bool) {
        page.family(name, .counter, unit: "seconds", "CPU time in seconds.")
        for index in list.entries.indices {
            let entry = list.entries[index]
            let labels = list.current(index)
            guard !labels.isEmpty else { continue }
            page.begin()
            page.label(labels)
            if withState { page.label("state", entry.isRunning ? "running" : "terminated") }
            page.value(entry.cpuTime, decimals: 9, created: entry.created)
        }
    }
}

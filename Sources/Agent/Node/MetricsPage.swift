import Attribution
package import Exposition

/// The metrics page of one agent: the only place with metric names, here and in `MetricsPage+Self.swift`.
///
/// Kepler's families have the labels and meanings of Kepler 0.9; the `brahe_` families are ours.
package struct MetricsPage: ~Copyable {
    /// The page as of the last `render`.
    package internal(set) var page = Page(capacity: 1 << 16)

    let about: NodeFacts
    let zones: [Zone]
    private let source: StaticString
    private let zonesOfKind: [[Int]]
    /// Energy per zone, and CPU time, of all work outside of containers; as of this rendering.
    private var systemEnergy: [Energy]
    private var systemTime: UInt64 = 0

    /// A page for what `sampler` measures on the node that `about` describes.
    package init(about: NodeFacts, sampler: Sampler) {
        self.about = about
        let zones = sampler.ledger.zones
        self.zones = zones
        source = sampler.source.label
        zonesOfKind = Zone.Kind.allCases.map { kind in zones.indices.filter { zones[$0].kind == kind } }
        systemEnergy = zones.map { _ in .zero }
    }

    /// Renders the page anew, into the same buffer.
    package mutating func render(_ sampler: Sampler) {
        page.clear()
        addUpSystem(sampler)
        if !zones.isEmpty {
            containers(sampler)
            components(sampler)
            nodes(sampler)
            cgroups(sampler)
        }
        cpuTimes(sampler)
        page.family("kepler_node_info", "counter", "What this node is and what meters it.")
        page.begin("kepler_node_info")
        page.label("cpu_architecture", about.cpuArchitecture)
        page.label("components_power_source", source)
        page.label("platform_power_source", "none")
        page.label("source", "os")
        page.value(1)
        renderSelf(sampler)
    }

    // MARK: Kepler's families

    private mutating func containers(_ sampler: Sampler) {
        page.family(
            "kepler_container_joules_total", "counter", "Energy of a container in joules: packages and memory.")
        for row in 0..<sampler.ledger.rows where isHolder(row, sampler) {
            page.begin("kepler_container_joules_total")
            holderLabels(row, sampler)
            page.label("mode", "dynamic")
            page.label("source", "")
            page.value(
                (energy(row, .package, sampler) + energy(row, .dram, sampler)).microjoules, decimals: 6)
            // Idle energy stays with the node; Kepler lists the series all the same.
            page.begin("kepler_container_joules_total")
            holderLabels(row, sampler)
            page.label("mode", "idle")
            page.label("source", "")
            page.value(0)
        }
    }

    private mutating func components(_ sampler: Sampler) {
        component("kepler_container_package_joules_total", .package, sampler)
        component("kepler_container_core_joules_total", .core, sampler)
        component("kepler_container_uncore_joules_total", .uncore, sampler)
        component("kepler_container_dram_joules_total", .dram, sampler)
    }

    private mutating func component(_ name: StaticString, _ kind: Zone.Kind, _ sampler: Sampler) {
        guard has(kind) else { return }
        page.family(name, "counter", "Energy of a container in one component, in joules.")
        for row in 0..<sampler.ledger.rows where isHolder(row, sampler) {
            page.begin(name)
            holderLabels(row, sampler)
            page.label("mode", "dynamic")
            page.label("source", source)
            page.value(energy(row, kind, sampler).microjoules, decimals: 6)
        }
    }

    private mutating func nodes(_ sampler: Sampler) {
        node("kepler_node_package_joules_total", .package, sampler)
        node("kepler_node_core_joules_total", .core, sampler)
        node("kepler_node_uncore_joules_total", .uncore, sampler)
        node("kepler_node_dram_joules_total", .dram, sampler)
    }

    private mutating func node(_ name: StaticString, _ kind: Zone.Kind, _ sampler: Sampler) {
        guard has(kind) else { return }
        page.family(name, "counter", "Energy of the node in one component of a socket, in joules.")
        for zone in zones.indices where zones[zone].kind == kind {
            let idle = sampler.ledger.idle[zone]
            // What is left over from division is in neither mode until its next posting, or it could fall.
            let dynamic = sampler.ledger.total[zone] - idle - sampler.ledger.rounding[zone]
            node(name, zone, "dynamic", dynamic)
            node(name, zone, "idle", idle)
        }
    }

    private mutating func node(_ name: StaticString, _ zone: Int, _ mode: StaticString, _ energy: Energy) {
        page.begin(name)
        page.label("package", zones[zone].package)
        page.label("instance", about.name)
        page.label("mode", mode)
        page.label("source", source)
        page.value(energy.microjoules, decimals: 6)
    }

    private mutating func cpuTimes(_ sampler: Sampler) {
        page.family("kepler_container_bpf_cpu_time_ms_total", "counter", "CPU time of a container in milliseconds.")
        for row in 0..<sampler.ledger.rows where isHolder(row, sampler) {
            page.begin("kepler_container_bpf_cpu_time_ms_total")
            holderLabels(row, sampler)
            page.label("source", "bpf")
            page.value(row == Ledger.system ? systemTime : sampler.ledger.cpuTime(row), decimals: 6)
        }
        page.family(
            "brahe_cgroup_cpu_seconds_total", "counter", "CPU time of a cgroup that is no container, in seconds.")
        for row in Ledger.firstOpen..<max(Ledger.firstOpen, sampler.ledger.rows) {
            guard case .system(let path) = sampler.roster.identity(row) else { continue }
            page.begin("brahe_cgroup_cpu_seconds_total")
            page.label("cgroup", path)
            page.value(sampler.ledger.cpuTime(row), decimals: 9)
        }
    }

    private mutating func cgroups(_ sampler: Sampler) {
        page.family("brahe_cgroup_joules_total", "counter", "Energy of a cgroup that is no container, in joules.")
        for row in Ledger.firstOpen..<max(Ledger.firstOpen, sampler.ledger.rows) {
            guard case .system(let path) = sampler.roster.identity(row) else { continue }
            for kind in Zone.Kind.allCases where has(kind) {
                page.begin("brahe_cgroup_joules_total")
                page.label("cgroup", path)
                page.label("zone", kind.label)
                page.value(energy(row, kind, sampler).microjoules, decimals: 6)
            }
        }
    }

    // MARK: Rows

    /// Whether a row is a line of Kepler's container families: the ledger's own four, and containers.
    private func isHolder(_ row: Ledger.Row, _ sampler: Sampler) -> Bool {
        if row < Ledger.firstOpen { return true }
        guard case .container = sampler.roster.identity(row) else { return false }
        return true
    }

    private mutating func holderLabels(_ row: Ledger.Row, _ sampler: Sampler) {
        switch row {
        case Ledger.kernel: bucketLabels("kernel_processes", "kernel")
        case Ledger.system: bucketLabels("system_processes", "system")
        case Ledger.overflow: bucketLabels("overflow", "system")
        case Ledger.retired: bucketLabels("retired", "system")
        default:
            guard case .container(let id) = sampler.roster.identity(row) else { return }
            page.label("container_id", id)
            // Names come with pod metadata; until then they are empty, not invented.
            page.label("pod_name", "")
            page.label("container_name", "")
            page.label("container_namespace", "")
        }
    }

    private mutating func bucketLabels(_ name: StaticString, _ namespace: StaticString) {
        page.label("container_id", name)
        page.label("pod_name", name)
        page.label("container_name", name)
        page.label("container_namespace", namespace)
    }

    private func has(_ kind: Zone.Kind) -> Bool { !zonesOfKind[kind.index].isEmpty }

    /// A row's energy over all zones of a kind; the system's row stands for everything outside of containers.
    private func energy(_ row: Ledger.Row, _ kind: Zone.Kind, _ sampler: Sampler) -> Energy {
        var sum = Energy.zero
        for zone in zonesOfKind[kind.index] {
            sum += row == Ledger.system ? systemEnergy[zone] : sampler.ledger.energy(row, zone: zone)
        }
        return sum
    }

    private mutating func addUpSystem(_ sampler: Sampler) {
        for zone in zones.indices { systemEnergy[zone] = sampler.ledger.energy(Ledger.system, zone: zone) }
        systemTime = sampler.ledger.cpuTime(Ledger.system)
        for row in Ledger.firstOpen..<max(Ledger.firstOpen, sampler.ledger.rows) {
            guard case .system = sampler.roster.identity(row) else { continue }
            for zone in zones.indices { systemEnergy[zone] += sampler.ledger.energy(row, zone: zone) }
            systemTime += sampler.ledger.cpuTime(row)
        }
    }
}

extension Zone.Kind {
    /// The kind as a label value.
    var label: StaticString {
        switch self {
        case .package: "package"
        case .core: "core"
        case .uncore: "uncore"
        case .dram: "dram"
        case .psys: "psys"
        }
    }

    /// The kind's place in `allCases`.
    fileprivate var index: Int {
        switch self {
        case .package: 0
        case .core: 1
        case .uncore: 2
        case .dram: 3
        case .psys: 4
        }
    }
}

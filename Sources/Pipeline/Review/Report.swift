/// Who used how much energy in a window: the node, its containers, its pods and its other cgroups.
public struct Report: Sendable {
    /// The use of one container, pod or cgroup.
    public struct Row: Sendable, Equatable {
        /// The labels that name it.
        public let labels: [String: String]
        /// Its energy in the zones that make up a node, in microjoules.
        public internal(set) var microjoules: UInt64 = 0
        /// Its CPU time, in microseconds.
        public internal(set) var cpuMicroseconds: UInt64 = 0

        /// What to call it in a table: a cgroup's path, a pod as namespace/name, a container as pod/name.
        public var title: String {
            if let cgroup = labels["path"] { return cgroup }
            let id = labels["container_id", default: ""]
            guard !Report.buckets.contains(id) else { return id }
            let place = labels["container_id"] == nil ? labels["container_namespace"] : labels["pod_name"]
            let name = labels[labels["container_id"] == nil ? "pod_name" : "container_name", default: ""]
            let words = [place ?? "", name].filter { !$0.isEmpty }
            return words.isEmpty ? String(id.prefix(32)) : words.joined(separator: "/")
        }
    }

    /// The window that is reported.
    public let window: Window
    /// The whole node.
    public let node: NodeUse
    /// The containers, and what is charged to no container (`system_processes` and the like), by falling energy.
    public let containers: [Row]
    /// The sums of the containers of each pod, by falling energy.
    public let pods: [Row]
    /// The cgroups that are no container, by falling energy.
    public let cgroups: [Row]

    /// The report of a window.
    public init(_ window: Window) {
        self.window = window
        node = NodeUse(window)
        let energy = window.increases(named: "kepler_container_joules_total")
        // A millionth of a millisecond is a nanosecond.
        let cpuTime = window.increases(named: "kepler_container_bpf_cpu_time_ms_total").map {
            Window.Increase(identity: $0.identity, microunits: $0.microunits / 1000)
        }
        containers = Self.rows(energy: Self.withoutReturns(energy, in: window), cpuTime: cpuTime) { labels in
            labels.filter { Self.containerLabels.contains($0.key) }
        }
        pods = Self.rows(energy: energy, cpuTime: cpuTime) { labels in
            guard let pod = labels["pod_name"], !pod.isEmpty else { return nil }
            guard !Self.buckets.contains(labels["container_id", default: ""]) else { return nil }
            return ["pod_name": pod, "container_namespace": labels["container_namespace", default: ""]]
        }
        let nodeZones = window.increases(named: "brahe_cgroup_joules_total").filter {
            NodeUse.parts.contains($0.labels["zone", default: ""])
        }
        cgroups = Self.rows(
            energy: nodeZones, cpuTime: window.increases(named: "brahe_cgroup_cpu_seconds_total")
        ) { $0["path"] == Self.retired ? nil : $0.filter { $0.key == "path" } }
    }

    /// What cgroups that are gone for good had, most of it before the window began.
    private static let retired = "retired"

    private static let containerLabels: Set = ["container_id", "pod_name", "container_name", "container_namespace"]

    /// What Kepler's page gives the form of a container and is none; it has a pod's name, and is no pod either.
    private static let buckets: Set = ["kernel_processes", "system_processes", "overflow", "retired"]

    /// The energies, less what only moved into the retired row.
    ///
    /// When a container is gone for good, the agent moves all it ever used to `retired`. What it had used before the
    /// window began is no energy of the window.
    private static func withoutReturns(_ energy: [Window.Increase], in window: Window) -> [Window.Increase] {
        energy.map { increase in
            guard increase.labels["container_id"] == "retired", window.resets == 0 else { return increase }
            let mode = increase.labels["mode"]
            let returned = window.vanished.filter {
                $0.name == increase.name && $0.labels["mode"] == mode
            }.reduce(UInt64(0)) { $0.addingOrFull($1.microunits) }
            return Window.Increase(
                identity: increase.identity, microunits: increase.microunits - min(returned, increase.microunits))
        }
    }

    private static func rows(
        energy: [Window.Increase], cpuTime: [Window.Increase], by key: ([String: String]) -> [String: String]?
    ) -> [Row] {
        var rows: [[String: String]: Row] = [:]
        for increase in energy {
            guard let labels = key(increase.labels) else { continue }
            let row = rows[labels, default: Row(labels: labels)].microjoules
            rows[labels, default: Row(labels: labels)].microjoules = row.addingOrFull(increase.microunits)
        }
        for increase in cpuTime {
            guard let labels = key(increase.labels) else { continue }
            let row = rows[labels, default: Row(labels: labels)].cpuMicroseconds
            rows[labels, default: Row(labels: labels)].cpuMicroseconds = row.addingOrFull(increase.microunits)
        }
        return rows.values.sorted {
            ($1.microjoules, $1.cpuMicroseconds, $0.title) < ($0.microjoules, $0.cpuMicroseconds, $1.title)
        }
    }
}

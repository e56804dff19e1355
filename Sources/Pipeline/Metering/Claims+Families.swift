internal import Samples

/// Which families each generation has; https://github.com/sustainable-computing-io/kepler, `pkg/metrics` up to 0.9 and
/// `internal/exporter/prometheus/collector` since.
extension Claims {
    static let joules = 1_000_000.0
    private static let millijoules = 1_000.0

    /// Claims all series of a recording that tell of energy, CPU time or memory.
    mutating func gather(_ recording: Recording, _ generation: Generation, _ zones: Zones, _ terms: Terms) {
        switch generation {
        case .first: first(recording, zones)
        case .second: second(recording, zones)
        case .third: third(recording, zones, terms)
        }
        cgroups(recording, zones)
        cadvisor(recording)
    }

    // MARK: Kepler 0.4 to 0.9

    private mutating func second(_ recording: Recording, _ zones: Zones) {
        let total = recording["kepler_container_joules_total"]
        let components = zones.names.flatMap { zone in
            Self.spellings(zone).flatMap { recording["kepler_container_\($0)_joules_total"] }
        }
        // The total is package, dram, other and gpu, and more exact than the sum of its rounded parts.
        for series in zones.isDefault && !total.isEmpty ? total : components {
            let part = "\(series.name) \(series.labels["mode", default: ""])"
            add(series, .energy, of: container(series), part: part, scale: Self.joules)
        }
        if !zoneCounters(recording, zones) {
            for series in zones.names.flatMap({ zone in
                Self.spellings(zone).flatMap { recording["kepler_node_\($0)_joules_total"] }
            }) {
                let part =
                    "\(series.name) \(series.labels["package", default: ""]) \(series.labels["mode", default: ""])"
                add(series, .energy, of: .node(node(series)), part: part, scale: Self.joules)
            }
        }
        for (name, scale) in [
            ("kepler_container_bpf_cpu_time_ms_total", 1000.0), ("kepler_container_bpf_cpu_time_us_total", 1),
            ("kepler_container_cpu_cpu_time_us", 1),
        ] where !has(.cpu) {
            for series in recording[name] { add(series, .cpu, of: container(series), part: name, scale: scale) }
        }
    }

    /// How the families of this generation spell a zone.
    static func spellings(_ zone: String) -> [String] {
        switch zone {
        case "psys": ["platform"]
        case "other": ["other", "other_host_components"]
        default: [zone]
        }
    }

    private mutating func container(_ series: Series) -> Owner {
        let id = series.labels["container_id", default: ""]
        let title = Title(
            namespace: series.labels["container_namespace", default: ""], pod: series.labels["pod_name", default: ""],
            container: series.labels["container_name", default: ""])
        let name = id.isEmpty ? title.pod : id
        if Owner.buckets.contains(name) { return .bucket(name, node: node(series)) }
        let owner = Owner.container(id.isEmpty ? "\(title.namespace)/\(title.pod)/\(title.container)" : id)
        self.name(owner, title)
        return owner
    }

    // MARK: Kepler 0.10 and later

    private mutating func third(_ recording: Recording, _ zones: Zones, _ terms: Terms) {
        for series in recording["kepler_pod_cpu_joules_total"] + recording["kepler_pod_gpu_joules_total"] {
            let owner = pod(series)
            guard let zone = Self.zone(series), zones.names.contains(zone) else { continue }
            add(series, .energy, of: owner, part: "pod \(zone)", scale: Self.joules)
        }
        for series in recording["kepler_container_cpu_joules_total"] + recording["kepler_container_gpu_joules_total"] {
            guard let zone = Self.zone(series), zones.names.contains(zone) else { continue }
            add(series, .energy, of: containerOfPod(series), part: "container \(zone)", scale: Self.joules)
        }
        for series in recording["kepler_container_cpu_seconds_total"] {
            add(series, .cpu, of: containerOfPod(series), part: series.name, scale: Self.joules)
        }
        guard !zoneCounters(recording, zones) else { return }
        for series in recording["kepler_node_cpu_joules_total"] + recording["kepler_node_gpu_joules_total"] {
            guard let zone = Self.zone(series), zones.names.contains(zone) else { continue }
            let part = "\(zone) \(series.labels["path", default: ""]) \(series.labels["gpu_uuid", default: ""])"
            // On one socket it is the register itself, which neither begins with the exporter nor ends with it.
            let range = terms.rawRangeJoules[zone].map { UInt64(reading: $0 * Self.joules) }
            add(
                series, .energy, of: .node(node(series)), part: part, scale: Self.joules,
                origin: zone == "gpu" ? .exporter : .register(range: range))
        }
    }

    private static func zone(_ series: Series) -> String? {
        series.name.hasSuffix("_gpu_joules_total") ? "gpu" : series.labels["zone"]
    }

    private mutating func pod(_ series: Series) -> Owner {
        let id = series.labels["pod_id", default: ""]
        let title = Title(
            namespace: series.labels["pod_namespace", default: ""], pod: series.labels["pod_name", default: ""])
        let name = id.isEmpty ? title.pod : id
        if Owner.buckets.contains(name) { return .bucket(name, node: node(series)) }
        let owner = Owner.pod(id.isEmpty ? "\(title.namespace)/\(title.pod)" : id)
        self.name(owner, title)
        return owner
    }

    private mutating func containerOfPod(_ series: Series) -> Owner {
        let id = series.labels["container_id", default: ""]
        let pod = series.labels["pod_id", default: ""]
        let name = series.labels["container_name", default: ""]
        if Owner.buckets.contains(id) { return .bucket(id, node: node(series)) }
        let owner = Owner.container(id.isEmpty ? "\(pod)/\(name)" : id)
        var title = titles[.pod(pod)] ?? Title(pod: pod)
        title.container = name
        self.name(owner, title)
        return owner
    }

    // MARK: Kepler up to 0.3

    private mutating func first(_ recording: Recording, _ zones: Zones) {
        let names = zones.names.map { $0 == "package" ? "pkg" : $0 }
        var hasNode = false
        for name in names {
            for series in recording["pod_curr_energy_in_\(name)_millijoule"] {
                add(series, .energy, of: podByName(series), part: name, scale: Self.millijoules, isGauge: true)
            }
            for series in recording["node_curr_energy_in_\(name)_joule"] {
                hasNode = true
                add(series, .energy, of: .node(node(series)), part: name, scale: Self.joules, isGauge: true)
            }
        }
        for series in recording["node_energy_stat"] where !hasNode {
            for name in names {
                // The numbers are in the labels, so each is a series of its own.
                guard let joules = series.labels["node_curr_energy_in_\(name)_joule"].flatMap(Double.init) else {
                    continue
                }
                let samples = series.samples.map { Sample(time: $0.time, value: joules) }
                add(
                    Series(series.identity, samples: samples), .energy, of: .node(node(series)), part: name,
                    scale: Self.joules, isGauge: true)
            }
        }
        for series in recording["pod_cpu_cpu_time_us"] {
            // Kepler's is a gauge of the last three seconds for each CPU; our agent's is a total.
            let cpu = series.labels["cpu", default: ""]
            add(series, .cpu, of: podByName(series), part: cpu, scale: 1, isGauge: cpu != "all")
        }
    }

    private mutating func podByName(_ series: Series) -> Owner {
        let title = Title(
            namespace: series.labels["pod_namespace", default: ""], pod: series.labels["pod_name", default: ""])
        if Owner.buckets.contains(title.pod) { return .bucket(title.pod, node: node(series)) }
        let owner = Owner.pod("\(title.namespace)/\(title.pod)")
        name(owner, title)
        return owner
    }
}

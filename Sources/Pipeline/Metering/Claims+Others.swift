internal import Samples

/// What is the same beside every generation of Kepler: our agent's own families, and cAdvisor's.
extension Claims {
    /// The node by our agent's own zones, idle and dynamic together; false if there are none.
    mutating func zoneCounters(_ recording: Recording, _ zones: Zones) -> Bool {
        let counters = recording["brahe_zone_joules_total"].filter {
            zones.names.contains($0.labels["zone", default: ""])
        }
        for series in counters {
            let part = "\(series.labels["zone", default: ""]) \(series.labels["package", default: ""])"
            add(series, .energy, of: .node(node(series)), part: part, scale: Self.joules)
        }
        return !counters.isEmpty
    }

    /// What our agent calls `system_processes` in Kepler's families, one by one: cgroups and virtual machines.
    mutating func cgroups(_ recording: Recording, _ zones: Zones) {
        for series in recording["brahe_cgroup_joules_total"] {
            guard let zone = series.labels["zone"], zones.names.contains(zone) else { continue }
            let owner = Owner.cgroup(series.labels["path", default: ""], node: node(series))
            add(series, .energy, of: owner, part: "cgroup \(zone)", scale: Self.joules)
        }
        for series in recording["brahe_cgroup_cpu_seconds_total"] {
            let owner = Owner.cgroup(series.labels["path", default: ""], node: node(series))
            add(series, .cpu, of: owner, part: series.name, scale: Self.joules)
        }
        guard !recording["brahe_cgroup_cpu_seconds_total"].isEmpty else { return }
        for series in zones.names.flatMap({ zone in
            Self.spellings(zone).flatMap { recording["kepler_vm_\($0)_joules_total"] }
        }) {
            let part = "\(series.name) \(series.labels["mode", default: ""])"
            add(series, .energy, of: machine(series), part: part, scale: Self.joules)
        }
        for series in recording["kepler_vm_bpf_cpu_time_ms_total"] {
            add(series, .cpu, of: machine(series), part: series.name, scale: 1000)
        }
    }

    private func machine(_ series: Series) -> Owner {
        let id = series.labels["vm_id", default: ""]
        return .cgroup(id == "retired" ? id : "vm/\(id)", node: node(series))
    }

    /// cAdvisor's containers; it lists pods and their sandboxes as well, which would count twice.
    mutating func cadvisor(_ recording: Recording) {
        let cpu = recording["container_cpu_usage_seconds_total"]
        let hasImages = cpu.contains { !$0.labels["image", default: ""].isEmpty }
        let hasTotals = cpu.contains { $0.labels["cpu"] == "total" }
        func isContainer(_ labels: [String: String]) -> Bool {
            let name = labels["container"] ?? labels["container_name", default: ""]
            // Our agent knows no images.
            return !name.isEmpty && name != "POD" && (!hasImages || !labels["image", default: ""].isEmpty)
        }
        let isKnown = has(.cpu) { if case .cgroup = $0 { false } else { true } }
        for series in cpu where !isKnown {
            let part = series.labels["cpu", default: ""]
            guard !hasTotals || part == "total" || part.isEmpty else { continue }
            if isContainer(series.labels) {
                let id = series.labels["id", default: ""]
                add(
                    series, .cpu, of: containerByName(series), part: "\(id) \(part)", scale: Self.joules,
                    origin: .kernel)
            } else if series.labels["id"] == "/" {
                add(series, .cpu, of: .node(node(series)), part: part, scale: Self.joules, origin: .kernel)
            }
        }
        for name in ["container_memory_rss", "container_memory_working_set_bytes"] {
            for series in recording[name] where isContainer(series.labels) {
                add(memory: series, of: containerByName(series))
            }
        }
    }

    private mutating func containerByName(_ series: Series) -> Owner {
        let title = Title(
            namespace: series.labels["namespace", default: ""],
            pod: series.labels["pod"] ?? series.labels["pod_name", default: ""],
            container: series.labels["container"] ?? series.labels["container_name", default: ""])
        let owner = Owner.container("\(title.namespace)/\(title.pod)/\(title.container)")
        name(owner, title)
        return owner
    }
}

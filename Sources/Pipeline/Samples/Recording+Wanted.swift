/// Which metrics matter for reports.
extension Recording {
    /// Their names: energy, CPU time and memory of nodes, virtual machines, pods, containers and cgroups in all generations
    /// of Kepler, and what tells of the sources. Processes are left out: there are thousands, and no report shows them.
    package static let wanted: Set<String> = {
        var names: Set<String> = [
            "up", "process_start_time_seconds", "brahe_zone_limit_watts", "brahe_name_wait_seconds",
            "brahe_sample_timestamp_seconds",
            "brahe_energy_source", "brahe_ledger_cpu_seconds",
            "brahe_build_info", "brahe_zone_joules_total", "brahe_cgroup_joules_total",
            "brahe_cgroup_cpu_seconds_total",
            "brahe_container_info", "kepler_build_info", "kepler_exporter_build_info", "kepler_node_info",
            "container_cpu_usage_seconds_total", "container_memory_rss", "container_memory_working_set_bytes",
            "kepler_container_cpu_seconds_total", "kepler_container_cpu_cpu_time_us", "kepler_node_cpu_info",
            "machine_cpu_cores",
            // Numbers in labels, in Kepler 0.3 and 0.4.
            "node_energy_stat", "pod_energy_stat", "kepler_node_energy_stat", "kepler_pod_energy_stat",
            "node_curr_energy_joule", "pod_curr_energy_millijoule", "pod_total_energy_millijoule",
            "pod_curr_dynamic_energy_millijoule", "pod_total_dynamic_energy_millijoule",
            "node_package_energy_millijoule",
            "pod_cpu_cpu_time_us",
        ]
        for component in ["pkg", "core", "uncore", "dram", "gpu", "other"] {
            names.insert("pod_curr_energy_in_\(component)_millijoule")
            names.insert("pod_total_energy_in_\(component)_millijoule")
            names.insert("node_curr_energy_in_\(component)_joule")
        }
        for level in ["node", "vm", "pod", "container"] {
            let components = ["package", "core", "uncore", "dram", "gpu", "other", "other_host_components", "platform"]
            for component in components { names.insert("kepler_\(level)_\(component)_joules_total") }
            for state in ["", "active_", "idle_"] { names.insert("kepler_\(level)_cpu_\(state)joules_total") }
            for state in ["active_", "idle_"] { names.insert("kepler_\(level)_gpu_\(state)joules_total") }
            names.insert("kepler_\(level)_joules_total")
            names.insert("kepler_\(level)_bpf_cpu_time_ms_total")
            names.insert("kepler_\(level)_bpf_cpu_time_us_total")
        }
        return names
    }()

    /// Those of them that an exporter of energy tells and nobody else: Kepler and our agent.
    package static let ofExporters = wanted.filter { name in
        !name.hasPrefix("container_") && !["up", "process_start_time_seconds", "machine_cpu_cores"].contains(name)
    }

    /// Whether reports are made from a metric of that name.
    package static func isWanted(metric name: String) -> Bool { wanted.contains(name) }

    /// Whether a metric of that name is the energy of anything.
    package static func tellsOfEnergy(metric name: String) -> Bool {
        wanted.contains(name) && (name.contains("joule") || name.hasSuffix("energy_stat"))
    }
}

/// The generation of 2022, 0.1 to 0.3.
extension KeplerInventory {
    private static let pod = ["pod_name", "pod_namespace", "command"]
    private static let parts = ["core", "dram", "uncore", "pkg", "gpu", "other"]

    static var first: [Section] {
        [
            Section(title: "Pods", generation: .first, metrics: pods),
            Section(title: "The node", generation: .first, metrics: nodes),
            Section(title: "Names that 0.1 and 0.2 had and 0.3 has not", generation: .first, metrics: before),
        ]
    }

    /// Labels that 0.3 carried numbers in; the others of the two families are in their rows.
    static let missingLabels: [MissingLabels] = {
        let counters = "`cpu_cycles`, `cpu_instr`, `cache_miss`"
        let files = "`cgroupfs_*`, `kubelet_*`, `bytes_read`, `bytes_writes`, `block_devices_used`"
        return ["pod_energy_stat", "node_energy_stat"].flatMap { family in
            [
                MissingLabels(family: family, labels: "of \(counters)", verdict: .refused(.perf)),
                MissingLabels(family: family, labels: "of \(files)", verdict: .refused(.cgroupFiles)),
            ]
        } + [
            MissingLabels(
                family: "pod_energy_stat", labels: "`curr_cpu_time`",
                verdict: .renamed("rate(pod_cpu_cpu_time_us[1m])")),
            MissingLabels(
                family: "pod_energy_stat", labels: "`avg_cpu_frequency`",
                verdict: .renamed("avg(node_cpu_scaling_frequency_hertz)")),
            MissingLabels(
                family: "node_energy_stat", labels: "`node_curr_energy_in_gpu_joule`", verdict: .refused(.gpu)),
        ]
    }()

    private static func metric(
        _ name: String, _ type: String, _ labels: [String], _ verdict: Verdict = .present, _ note: String = ""
    ) -> Metric {
        Metric(name: name, type: type, labels: labels, verdict: verdict, note: note)
    }

    private static var pods: [Metric] {
        [("curr", "gauge"), ("total", "counter")].flatMap { time, type in
            parts.map { part in
                metric(
                    "pod_\(time)_energy_in_\(part)_millijoule", type, pod, part == "gpu" ? .refused(.gpu) : .present)
            } + [
                metric("pod_\(time)_dynamic_energy_millijoule", type, pod),
                metric("pod_\(time)_energy_millijoule", type, pod),
            ]
        } + [
            metric(
                "pod_energy_stat", "gauge", pod + ["total_cpu_time"], .present, "of the labels that carry numbers, one"),
            metric(
                "pod_cpu_cpu_time_us", "counter", ["pod_name", "pod_namespace", "cpu"], .present,
                "a total, where 0.3 has a gauge of the last 3 s; all CPUs together, `cpu=\"all\"`"),
            metric("pod_cpu_instructions", "gauge", ["pod_name", "pod_namespace"], .refused(.perf)),
        ]
    }

    private static var nodes: [Metric] {
        let energies = parts.map { "node_curr_energy_in_\($0)_joule" }
        return energies.map { metric($0, "gauge", ["instance"], $0 == energies[4] ? .refused(.gpu) : .present) } + [
            metric("node_curr_energy_joule", "gauge", ["instance"]),
            metric(
                "node_energy_stat", "gauge",
                ["node_name", "cpu_architecture", "node_curr_cpu_time"] + energies.filter { $0 != energies[4] },
                .present, "the value is `node_curr_energy_joule`, where 0.3 has that of a hwmon sensor"),
            metric("node_hwmon_energy_joule_total", "counter", ["instance", "chip", "sensor"], .refused(.hwmon)),
            metric(
                "node_cpu_scaling_frequency_hertz", "gauge", ["instance", "cpu"], .present,
                "absent where the kernel has no cpufreq, as in most virtual machines"),
            metric(
                "node_package_energy_millijoule", "gauge", ["instance", "pkg_id", "core", "dram", "uncore"], .present,
                "counts from the agent's start"),
        ]
    }

    private static var before: [Metric] {
        let name = ["pod_name", "pod_namespace"]
        return [
            metric("pod_energy_total", "counter", name, .renamed("pod_total_energy_millijoule")),
            metric("pod_energy_current", "counter", name, .renamed("pod_curr_energy_millijoule")),
            metric("pod_cpu_energy_total", "counter", name, .renamed("pod_total_energy_in_core_millijoule")),
            metric("pod_cpu_energy_current", "counter", name, .renamed("pod_curr_energy_in_core_millijoule")),
            metric("pod_dram_energy_total", "counter", name, .renamed("pod_total_energy_in_dram_millijoule")),
            metric("pod_dram_energy_current", "counter", name, .renamed("pod_curr_energy_in_dram_millijoule")),
            metric("pod_stat_*", "gauge", pod, .renamed("pod_energy_stat"), "one family, with the pod in its labels"),
        ]
    }
}

/// The current generation, 0.10 and later.
extension KeplerInventory {
    static var current: [Section] {
        [
            Section(title: "The node", generation: .current, metrics: node + [usage, processors]),
            Section(
                title: "Processes (`--levels process`)", generation: .current,
                metrics: level("process", ["pid", "comm", "exe", "type", "container_id", "vm_id"])
                    + [seconds("process", ["pid", "comm", "exe", "type", "container_id", "vm_id"])]),
            Section(
                title: "Containers", generation: .current,
                metrics: level("container", ["container_id", "container_name", "runtime", "pod_id"])
                    + [seconds("container", ["container_id", "container_name", "runtime", "state", "pod_id"])]),
            Section(
                title: "Virtual machines", generation: .current,
                metrics: level("vm", ["vm_id", "vm_name", "hypervisor"], hasGPU: false)),
            Section(
                title: "Pods", generation: .current,
                metrics: level("pod", ["pod_id", "pod_name", "pod_namespace"])),
            Section(title: "Others", generation: .current, metrics: others),
        ]
    }

    private static func metric(
        _ name: String, _ labels: [String], _ verdict: Verdict = .present, _ note: String = ""
    ) -> Metric {
        Metric(
            name: name, type: name.hasSuffix("_total") ? "counter" : "gauge", labels: ["node_name"] + labels,
            verdict: verdict, note: note)
    }

    private static var node: [Metric] {
        let gpu = ["gpu", "gpu_uuid", "gpu_name", "vendor"]
        return ["", "active_", "idle_"].flatMap { part in
            [
                metric("kepler_node_cpu_\(part)joules_total", ["zone", "path"]),
                metric("kepler_node_cpu_\(part)watts", ["zone", "path"]),
                metric("kepler_node_gpu_\(part)joules_total", gpu, .refused(.gpu)),
                metric("kepler_node_gpu_\(part)watts", gpu, .refused(.gpu)),
            ]
        } + [metric("kepler_node_gpu_info", gpu, .refused(.gpu))]
    }

    private static let usage = metric("kepler_node_cpu_usage_ratio", [])

    private static let processors = Metric(
        name: "kepler_node_cpu_info", type: "gauge",
        labels: ["processor", "vendor_id", "model_name", "physical_id", "core_id"], verdict: .present)

    private static func level(_ level: String, _ labels: [String], hasGPU: Bool = true) -> [Metric] {
        let cpu = [
            metric("kepler_\(level)_cpu_joules_total", labels + ["state", "zone"]),
            metric("kepler_\(level)_cpu_watts", labels + ["state", "zone"]),
        ]
        guard hasGPU else { return cpu }
        return cpu + [
            metric("kepler_\(level)_gpu_joules_total", labels + ["state"], .refused(.gpu)),
            metric("kepler_\(level)_gpu_watts", labels + ["state"], .refused(.gpu)),
        ]
    }

    private static func seconds(_ level: String, _ labels: [String]) -> Metric {
        metric("kepler_\(level)_cpu_seconds_total", labels)
    }

    private static var others: [Metric] {
        [
            Metric(
                name: "kepler_build_info", type: "gauge",
                labels: ["arch", "branch", "revision", "version", "goversion"], verdict: .present,
                note: "the agent's own version; no branch, no revision, no Go"),
            Metric(
                name: "kepler_platform_watts", type: "gauge",
                labels: [
                    "source", "node_name", "bmc_id", "chassis_id", "source_id", "source_name", "source_type",
                ], verdict: .refused(.platform)),
            Metric(name: "go_*", type: "any", labels: [], verdict: .refused(.go)),
            Metric(
                name: "process_*", type: "any", labels: [], verdict: .renamed("process_start_time_seconds"),
                note: "and the `brahe_sample_*` and `brahe_probe_*` families, of what measuring costs"),
            Metric(name: "promhttp_metric_handler_*", type: "any", labels: [], verdict: .refused(.go)),
        ]
    }
}

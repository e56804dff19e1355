/// The eBPF generation, 0.4 to 0.9.
extension KeplerInventory {
    private static let container = ["container_id", "pod_name", "container_name", "container_namespace"]
    private static let process = ["pid", "container_id", "vm_id", "command"]
    private static let machine = ["vm_id"]
    private static let node = ["package", "instance"]

    static var ebpf: [Section] {
        [
            Section(
                title: "Energy of containers", generation: .ebpf,
                metrics: total("container", container) + components("container", container)),
            Section(
                title: "Energy of processes (`--levels process`)", generation: .ebpf,
                metrics: total("process", process) + components("process", process)),
            Section(title: "Energy of virtual machines", generation: .ebpf, metrics: components("vm", machine)),
            Section(title: "Energy of the node", generation: .ebpf, metrics: components("node", node)),
            Section(
                title: "Use of resources", generation: .ebpf,
                metrics: use("container", container) + use("process", process) + use("vm", machine)),
            Section(
                title: "What is what", generation: .ebpf,
                metrics: [
                    Metric(
                        name: "kepler_node_info", type: "counter",
                        labels: ["cpu_architecture", "components_power_source", "platform_power_source", "source"],
                        verdict: .present),
                    Metric(
                        name: "kepler_exporter_build_info", type: "gauge",
                        labels: ["branch", "revision", "version", "os", "arch"], verdict: .present,
                        note: "the agent's own version; no branch, no revision"),
                ]),
            Section(title: "Names that 0.4 to 0.8 had and 0.9 has not", generation: .ebpf, metrics: older),
        ]
    }

    private static func total(_ level: String, _ labels: [String]) -> [Metric] {
        [
            Metric(
                name: "kepler_\(level)_joules_total", type: "counter", labels: labels + ["mode", "source"],
                verdict: .present)
        ]
    }

    private static func components(_ level: String, _ labels: [String]) -> [Metric] {
        ["package", "core", "uncore", "dram", "other", "gpu", "platform"].map { component in
            let isPlatform = component == "other" || component == "platform"
            return Metric(
                name: "kepler_\(level)_\(component)_joules_total", type: "counter",
                labels: labels + ["mode", "source"], verdict: component == "gpu" ? .refused(.gpu) : .present,
                note: isPlatform ? "where RAPL has a psys zone; absent elsewhere, not 0" : "")
        }
    }

    private static func use(_ level: String, _ labels: [String]) -> [Metric] {
        func metric(_ stem: String, _ verdict: Verdict, more: [String] = []) -> Metric {
            Metric(
                name: "kepler_\(level)_\(stem)_total", type: "counter", labels: labels + more + ["source"],
                verdict: verdict)
        }
        return [
            metric("bpf_cpu_time_ms", .present), metric("bpf_page_cache_hit", .refused(.pageCache)),
            metric("bpf_net_tx_irq", .refused(.softirqs)), metric("bpf_net_rx_irq", .refused(.softirqs)),
            metric("bpf_block_irq", .refused(.softirqs)), metric("cpu_cycles", .refused(.perf)),
            metric("cpu_ref_cycles", .refused(.perf)), metric("cpu_instructions", .refused(.perf)),
            metric("cache_miss", .refused(.perf)), metric("gpu_compute_util", .refused(.gpu), more: ["gpu_id"]),
            metric("gpu_mem_util", .refused(.gpu), more: ["gpu_id"]),
        ]
    }

    private static var older: [Metric] {
        func renamed(_ name: String, _ labels: [String], to ours: String, _ note: String = "") -> Metric {
            Metric(name: name, type: "counter", labels: labels, verdict: .renamed(ours), note: note)
        }
        func refused(_ name: String, _ labels: [String], _ lack: Lack) -> Metric {
            Metric(name: name, type: "counter", labels: labels, verdict: .refused(lack))
        }
        let pod = ["pod_name", "pod_namespace", "command"]
        return [("container", container), ("process", process), ("vm", machine), ("node", node)].map { level, labels in
            renamed(
                "kepler_\(level)_other_host_components_joules_total", labels + ["mode"],
                to: "kepler_\(level)_other_joules_total")
        }
            + [("container", container), ("process", process), ("vm", machine)].map { level, labels in
                renamed(
                    "kepler_\(level)_bpf_cpu_time_us_total", labels, to: "kepler_\(level)_bpf_cpu_time_ms_total",
                    "milliseconds")
            } + [
                renamed(
                    "kepler_vm_joules_total", ["pid", "name", "mode"], to: "kepler_vm_package_joules_total",
                    "and dram and other"),
                renamed(
                    "kepler_container_cpu_cpu_time_us", container + ["command"],
                    to: "kepler_container_bpf_cpu_time_ms_total", "milliseconds"),
                renamed(
                    "kepler_container_cgroupfs_cpu_usage_us_total", container, to: "container_cpu_usage_seconds_total",
                    "`--cadvisor on`; seconds"),
                renamed(
                    "kepler_container_cgroupfs_memory_usage_bytes_total", container,
                    to: "container_memory_working_set_bytes", "`--cadvisor on`; without what would be reclaimed first"),
                renamed(
                    "kepler_container_kubelet_cpu_usage_total", container, to: "container_cpu_usage_seconds_total",
                    "`--cadvisor on`; seconds"),
                renamed(
                    "kepler_container_kubelet_memory_bytes_total", container, to: "container_memory_working_set_bytes",
                    "`--cadvisor on`"),
                refused("kepler_container_cgroupfs_system_cpu_usage_us_total", container, .cgroupFiles),
                refused("kepler_container_cgroupfs_user_cpu_usage_us_total", container, .cgroupFiles),
                refused("kepler_container_cgroupfs_kernel_memory_usage_bytes_total", container, .cgroupFiles),
                refused("kepler_container_cgroupfs_tcp_memory_usage_bytes_total", container, .cgroupFiles),
                refused("kepler_container_cgroupfs_ioread_bytes_total", container, .cgroupFiles),
                refused("kepler_container_cgroupfs_iowrite_bytes_total", container, .cgroupFiles),
                refused("kepler_node_accelerator_intel_qat", ["qatDevID", "instance", "source", "type"], .accelerator),
                renamed("kepler_node_nodeInfo", ["cpu_architecture"], to: "kepler_node_info"),
                renamed(
                    "kepler_node_cpu_scaling_frequency_hertz", ["cpu", "instance"],
                    to: "node_cpu_scaling_frequency_hertz", "`--compat 0.3`"),
                renamed(
                    "kepler_node_package_energy_millijoule", ["instance", "pkg_id", "core", "dram", "uncore"],
                    to: "node_package_energy_millijoule", "`--compat 0.3`"),
                renamed(
                    "kepler_node_energy_stat", ["node_name", "cpu_architecture"], to: "node_energy_stat",
                    "`--compat 0.3`"),
                renamed("kepler_pod_energy_stat", pod, to: "pod_energy_stat", "`--compat 0.3`"),
                refused("kepler_pod_cpu_instructions", pod, .perf),
            ]
    }
}

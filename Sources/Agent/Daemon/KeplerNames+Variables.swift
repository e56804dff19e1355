/// What the eBPF generation calls its variables, each of which may be a file's name under its `-config-dir` too, and the
/// flags that its logging brings along.
extension KeplerNames {
    static var variables: [([String], Counterpart)] {
        [
            (["BIND_ADDRESS"], .option("listen")),
            (["METRIC_PATH"], .option("web-path")),
            (["NODE_NAME"], .option("node-name")),
            (["SYS_DIR"], .option("sysfs")),
            (["KEPLER_LOG_LEVEL"], .option("log-level")),
            (["SAMPLE_PERIOD_SEC"], .option("interval")),
            (["NODE_IP", "KUBELET_PORT"], .option("kubelet")),
            (["ENABLE_PROCESS_METRICS", "EXPOSE_CONTAINER_METRICS", "EXPOSE_VM_METRICS"], .option("levels")),
            (["EXPOSE_CGROUP_METRICS", "EXPOSE_KUBELET_METRICS"], .option("cadvisor")),
            (
                ["EXPOSE_ESTIMATED_IDLE_POWER_METRICS"],
                .nothing("idle power is learned from the node, see --idle and --idle-watts")
            ),
            (["EXPOSE_COMPONENT_POWER"], .option("zones")),
            (["EXPOSE_BPF_METRICS"], .nothing("CPU time is always on the page")),
            (["EXPOSE_HW_COUNTER_METRICS"], .nothing("there are no hardware counters")),
            (["EXPOSE_IRQ_COUNTER_METRICS"], .nothing("soft interrupts are not counted")),
            (["PROC_DIR"], .nothing("processes are seen by the probe, not through /proc")),
            (["KEPLER_NAMESPACE"], .nothing("names come from the node itself, see --pod-logs and --kubelet")),
            (
                ["ENABLE_API_SERVER", "KUBE_CONFIG"],
                .nothing("names come from the node itself, see --pod-logs and --kubelet")
            ),
            (["CPU_ARCH_OVERRIDE"], .nothing("the label cpu_architecture is read from /proc/cpuinfo")),
            (["ENABLE_EBPF_CGROUPID", "MAX_LOOKUP_RETRY"], .nothing("cgroups are always known by id")),
            (["EXPERIMENTAL_BPF_SAMPLE_RATE"], .nothing("the probe leaves no event out")),
            (["EXCLUDE_SWAPPER_PROCESS"], .nothing("an idle CPU is charged to nobody")),
            (
                [
                    "CORE_USAGE_METRIC", "DRAM_USAGE_METRIC", "UNCORE_USAGE_METRIC", "GPU_USAGE_METRIC",
                    "GENERAL_USAGE_METRIC",
                ], .nothing("energy is divided by CPU time on a zone's own CPUs")
            ),
            (["ENABLE_GPU", "NVIDIA_HOSTENGINE_ENDPOINT"], .nothing("there is no GPU meter")),
            (["ENABLE_QAT"], .nothing("there is no meter of accelerators")),
            (["ENABLE_MSR"], .nothing("RAPL is read through powercap only")),
            (["MOCK_ACPI_POWER_PATH"], .nothing("there is no ACPI meter")),
            (
                ["REDFISH_CRED_FILE_PATH", "REDFISH_PROBE_INTERVAL_IN_SECONDS", "REDFISH_SKIP_SSL_VERIFY"],
                .nothing("there is no Redfish meter")
            ),
            (
                ["LIBVIRT_METADATA_URI", "LIBVIRT_METADATA_TOKEN"],
                .nothing("a machine's name is that in its cgroup's path")
            ),
            (
                [
                    "MODEL_SERVER_ENABLE", "MODEL_SERVER_URL", "MODEL_SERVER_PORT", "MODEL_SERVER_MODEL_REQ_PATH",
                    "MODEL_CONFIG", "ESTIMATOR_MODEL", "ESTIMATOR_SELECT_FILTER",
                ], .nothing("there is no model server; an estimate is asked for with --source estimator")
            ),
        ]
    }

    /// The flags of klog beside `-v`.
    static var logging: [([String], Counterpart)] {
        [
            (
                [
                    "add_dir_header", "alsologtostderr", "log_backtrace_at", "log_dir", "log_file",
                    "log_file_max_size", "logtostderr", "one_output", "skip_headers", "skip_log_headers",
                    "stderrthreshold", "vmodule",
                ], .nothing("the log goes to stderr, see --log-level and --log-format")
            )
        ]
    }
}

/// Kepler's options and HTTP endpoints. What became of an option is what `KeplerNames` tells those who bring it along.
extension KeplerInventory {
    /// Options of one kind.
    struct Options {
        let title: String
        let names: [String]
    }

    /// A path that Kepler answers to, or a word that it has for one.
    struct Endpoint {
        let path: String
        let generations: String
        let verdict: String
        /// What the agent answers to GET.
        let status: Int
    }

    static let options: [Options] = [
        Options(
            title: "Flags of 0.9",
            names: [
                "config-dir", "address", "metrics-path", "enable-gpu", "enable-cgroup-id",
                "expose-hardware-counter-metrics", "enable-msr", "kubeconfig", "apiserver", "redfish-cred-file-path",
                "expose-estimated-idle-power", "machine-spec", "disable-power-meter", "web.config.file", "v",
                "add_dir_header", "alsologtostderr", "log_backtrace_at", "log_dir", "log_file", "log_file_max_size",
                "logtostderr", "one_output", "skip_headers", "skip_log_headers", "stderrthreshold", "vmodule",
            ]),
        Options(
            title: "Variables of 0.9, and keys of its configuration directory",
            names: [
                "KEPLER_NAMESPACE", "KEPLER_LOG_LEVEL", "METRIC_PATH", "BIND_ADDRESS", "NODE_NAME", "NODE_IP",
                "KUBELET_PORT", "PROC_DIR", "SYS_DIR", "CPU_ARCH_OVERRIDE", "KUBE_CONFIG", "ENABLE_API_SERVER",
                "ENABLE_PROCESS_METRICS", "EXPOSE_CONTAINER_METRICS", "EXPOSE_VM_METRICS",
                "EXPOSE_HW_COUNTER_METRICS", "EXPOSE_IRQ_COUNTER_METRICS", "EXPOSE_BPF_METRICS",
                "EXPOSE_COMPONENT_POWER", "EXPOSE_ESTIMATED_IDLE_POWER_METRICS", "EXPOSE_CGROUP_METRICS",
                "EXPOSE_KUBELET_METRICS", "ENABLE_EBPF_CGROUPID", "EXPERIMENTAL_BPF_SAMPLE_RATE",
                "EXCLUDE_SWAPPER_PROCESS", "MAX_LOOKUP_RETRY", "SAMPLE_PERIOD_SEC", "CORE_USAGE_METRIC",
                "DRAM_USAGE_METRIC", "UNCORE_USAGE_METRIC", "GPU_USAGE_METRIC", "GENERAL_USAGE_METRIC", "ENABLE_GPU",
                "ENABLE_QAT", "ENABLE_MSR", "MOCK_ACPI_POWER_PATH", "REDFISH_CRED_FILE_PATH",
                "REDFISH_PROBE_INTERVAL_IN_SECONDS", "REDFISH_SKIP_SSL_VERIFY", "NVIDIA_HOSTENGINE_ENDPOINT",
                "LIBVIRT_METADATA_URI", "LIBVIRT_METADATA_TOKEN", "MODEL_SERVER_ENABLE", "MODEL_SERVER_URL",
                "MODEL_SERVER_PORT", "MODEL_SERVER_MODEL_REQ_PATH", "MODEL_CONFIG", "ESTIMATOR_MODEL",
                "ESTIMATOR_SELECT_FILTER",
            ]),
        Options(
            title: "Flags of 0.11",
            names: [
                "log.level", "log.format", "host.sysfs", "host.procfs", "monitor.interval", "monitor.max-terminated",
                "debug.pprof", "web.config-file", "web.listen-address", "exporter.stdout", "exporter.prometheus",
                "metrics", "kube.enable", "kube.config", "kube.node-name", "experimental.platform.redfish.enabled",
                "experimental.platform.redfish.node-name", "experimental.platform.redfish.config-file",
                "experimental.hwmon.force-enabled", "experimental.hwmon.zones", "experimental.gpu.enabled",
                "experimental.gpu.idle-power", "experimental.gpu.dcgm-endpoint", "config.file",
            ]),
        Options(
            title: "Keys of the YAML file of 0.11",
            names: [
                "log.level", "log.format", "host.sysfs", "host.procfs", "cpu.preferredMeters", "rapl.zones",
                "monitor.interval", "monitor.staleness", "monitor.maxTerminated",
                "monitor.minTerminatedEnergyThreshold", "exporter.stdout.enabled", "exporter.prometheus.enabled",
                "exporter.prometheus.debugCollectors", "exporter.prometheus.metricsLevel", "web.configFile",
                "web.listenAddresses", "debug.pprof.enabled", "kube.enabled", "kube.config", "kube.nodeName",
                "kube.podInformer.mode", "kube.podInformer.pollInterval", "dev.fake-cpu-meter.enabled",
                "dev.fake-cpu-meter.zones", "experimental.platform.redfish.enabled",
                "experimental.platform.redfish.nodeName", "experimental.platform.redfish.configFile",
                "experimental.platform.redfish.httpTimeout", "experimental.hwmon.forceEnabled",
                "experimental.hwmon.zones", "experimental.hwmon.chipRules", "experimental.gpu.enabled",
                "experimental.gpu.idlePower", "experimental.gpu.dcgmEndpoint",
            ]),
    ]

    static let endpoints: [Endpoint] = [
        Endpoint(
            path: "/metrics", generations: "all", verdict: "present: text 0.0.4, OpenMetrics 1.0, gzip", status: 200),
        Endpoint(path: "/healthz", generations: "0.9", verdict: "present; `/readyz` besides", status: 200),
        Endpoint(path: "/", generations: "all", verdict: "present", status: 200),
        Endpoint(
            path: "/debug/pprof/", generations: "all", verdict: "refused: it tells of a Go program", status: 404),
    ]
}

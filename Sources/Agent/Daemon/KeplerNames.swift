/// What Kepler calls its options, for those who bring its flags or its configuration file along.
enum KeplerNames {
    /// What there is here for one of Kepler's options.
    enum Counterpart: Equatable {
        case option(String)
        /// Nothing, for a reason.
        case nothing(String)
    }

    /// The rest of the error for an unknown flag, with its dashes; nil for one that is not Kepler's either.
    static func hint(flag: String) -> String? {
        let name = String(flag.drop { $0 == "-" })
        guard name != flag, let found = counterpart(of: name) else { return nil }
        switch found {
        case .option(let ours): return ": here it is --\(ours)"
        case .nothing(let reason): return ": \(reason)"
        }
    }

    /// The rest of the error for an unknown key of a configuration file, with dots between nested names.
    static func hint(key: String) -> String? {
        switch counterpart(of: key) {
        case .option(let ours): ": here it is \(ours)"
        case .nothing(let reason): ": \(reason)"
        case nil: nil
        }
    }

    /// What there is here for a flag, a key or a variable of Kepler's; nil for one that it does not have.
    static func counterpart(of name: String) -> Counterpart? {
        for (names, counterpart) in table + variables + logging where names.contains(name) { return counterpart }
        for (prefix, reason) in families where name.hasPrefix(prefix) { return .nothing(reason) }
        return nil
    }

    /// Flags and keys of the current generation and flags of the eBPF generation.
    private static var table: [([String], Counterpart)] {
        [
            (["log.level", "v"], .option("log-level")),
            (["log.format"], .option("log-format")),
            (["host.sysfs"], .option("sysfs")),
            (["rapl.zones"], .option("zones")),
            (["monitor.interval"], .option("interval")),
            (["monitor.max-terminated", "monitor.maxTerminated"], .option("retain-max")),
            (["metrics", "exporter.prometheus.metricsLevel"], .option("levels")),
            (["web.config-file", "web.configFile", "web.config.file"], .option("web-config")),
            (["web.listen-address", "web.listenAddresses", "address"], .option("listen")),
            (["metrics-path"], .option("web-path")),
            (["config.file"], .option("config")),
            (["config-dir"], .nothing("there is no directory of keys; name one YAML file with --config")),
            (["kube.node-name", "kube.nodeName"], .option("node-name")),
            (["host.procfs"], .nothing("processes are seen by the probe, not through /proc")),
            (["monitor.staleness"], .nothing("a scrape never recomputes, it prints the last sample")),
            (
                ["monitor.minTerminatedEnergyThreshold"],
                .nothing("no container is too small to be kept, see --retain and --retain-max")
            ),
            (["cpu.preferredMeters"], .option("source")),
            (["enable-gpu"], .nothing("there is no GPU meter")),
            (["enable-cgroup-id"], .nothing("cgroups are always known by id")),
            (["expose-hardware-counter-metrics"], .nothing("there are no hardware counters")),
            (["enable-msr"], .nothing("RAPL is read through powercap only")),
            (
                ["apiserver", "kubeconfig"],
                .nothing("names come from the node itself, see --pod-logs and --kubelet")
            ),
            (["redfish-cred-file-path"], .nothing("there is no Redfish meter")),
            (
                ["expose-estimated-idle-power"],
                .nothing("idle power is learned from the node, see --idle and --idle-watts")
            ),
            (
                ["machine-spec", "disable-power-meter"],
                .nothing("an estimate is asked for with --source estimator")
            ),
        ]
    }

    /// What whole families of Kepler's names have instead.
    private static var families: [(prefix: String, reason: String)] {
        [
            ("kube.", "names come from the node itself, see --pod-logs and --kubelet"),
            ("exporter.", "there is one exporter, for Prometheus"),
            ("debug.pprof", "there is no profiler; the page tells what a sample costs"),
            ("dev.", "an estimate is asked for with --source estimator"),
            ("experimental.platform.redfish", "there is no Redfish meter"),
            ("experimental.hwmon", "there is no hwmon meter"),
            ("experimental.gpu", "there is no GPU meter"),
        ]
    }
}

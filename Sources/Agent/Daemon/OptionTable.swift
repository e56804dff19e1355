import Node

extension Option {
    /// Options that belong together.
    typealias Group = (heading: String, options: [Option])

    /// Every option, as the help lists them.
    static var groups: [Group] {
        [
            ("What is measured", measuring), ("Idle and estimated power", power), ("What a page has", page),
            ("Names", names), ("Serving", serving), ("The agent itself", [logLevel, logFormat, config]),
        ]
    }

    /// Every option.
    static var all: [Option] { groups.flatMap(\.options) }

    private static var measuring: [Option] {
        [
            one(
                "sysfs", "PATH", default: "/sys",
                "where sysfs is mounted; powercap is under it at class/powercap", into: \.sysfs, wanted: "a path",
                Read.text),
            maybe(
                "cgroup", "PATH",
                "where cgroup v2 is mounted; without it the first cgroup2 mount in /proc/self/mountinfo",
                into: \.cgroup, wanted: "a path", Read.text),
            one(
                "cgroup-hierarchy", "auto|v2|v1:NAME", default: "auto",
                "where containers are looked for: in v2, in the v1 hierarchy of this controller or name,"
                    + "\nor wherever there are some",
                into: \.cgroupHierarchy, wanted: "auto, v2 or v1:NAME, such as v1:cpu", Hierarchy.Choice.init(_:)),
            one(
                "interval", "TIME", default: "1s", "time between samples, 100ms to 60s", into: \.interval,
                wanted: "a time between 100ms and 60s, such as 1s or 250ms", Read.time(100_000_000...60_000_000_000)),
            choice(
                "source", default: "auto",
                "auto: RAPL where there is one, else CPU time alone, never an estimate; powercap: RAPL or nothing;"
                    + "\nestimator: an estimate from CPU time, marked as one everywhere",
                into: \.source),
            some("zones", default: ZoneKinds.names.map(\.name), "kinds of zones that are metered", into: \.zones),
        ]
    }

    private static var power: [Option] {
        [
            choice(
                "idle", default: "none",
                "who carries the energy of a node that idles. none: it stays with the node; usage: accounts, by CPU time;"
                    + "\neven: the containers alive, in equal parts",
                into: \.idle),
            many(
                "idle-watts", "ZONE=W", default: nil,
                "idle power of a zone, given instead of learned: package-0=23.5, dram-0=4, psys=30", into: \.idleWatts,
                wanted: "a zone and watts between 0 and 10000, such as package-0=23.5 or psys=30", Read.idleWatts),
            one(
                "estimator-idle-watts", "W", default: watts(Estimator.idleMicrowatts), "power of one idle CPU",
                into: \.estimatorIdleMicrowatts, wanted: "watts between 0 and 10000", Read.microwatts),
            one(
                "estimator-busy-watts", "W", default: watts(Estimator.busyMicrowatts),
                "what a CPU draws beyond that while it works", into: \.estimatorBusyMicrowatts,
                wanted: "watts between 0 and 10000", Read.microwatts),
        ]
    }

    private static var page: [Option] {
        [
            some(
                "compat", default: ["0.9", "0.11"],
                "generations of Kepler whose metrics a page has: 0.9 (eBPF), 0.11 (current), 0.3 (2022)",
                into: \.compat),
            some(
                "levels", default: Levels.names.map(\.name).filter { $0 != "process" },
                "levels that a page has", into: \.levels),
            onOff("cgroups", default: "on", "brahe_cgroup_* series, by path, of what is no container", into: \.cgroups),
            onOff(
                "cadvisor", default: "off", "cAdvisor's CPU seconds, RSS and working set of each container",
                into: \.cadvisor),
            onOff("created", default: "on", "_created lines in OpenMetrics", into: \.created),
            one(
                "retain", "TIME", default: "10m", "how long a container that is gone keeps its series, 0s to 24h",
                into: \.retain, wanted: "a time between 0s and 24h, such as 10m", Read.time(0...86_400_000_000_000)),
            one(
                "retain-max", "COUNT", default: "1000", "at most so many of them, 0 to 100000; the oldest go first",
                into: \.retainMax, wanted: "a number between 0 and 100000", Read.count(0...100_000)),
        ]
    }

    private static var names: [Option] {
        [
            one(
                "node-name", "NAME", default: NodeFacts.hostName,
                "the node's name; the default is the variable NODE_NAME, else the host name", into: \.nodeName,
                wanted: "a name", Read.text),
            one(
                "pod-logs", "PATH", default: "/var/log",
                "where the kubelet's pods/ and containers/ are, which name pods and containers", into: \.podLogs,
                wanted: "a path", Read.text),
            maybe(
                "kubelet", "URL", "a kubelet to ask for names besides, such as https://127.0.0.1:10250",
                into: \.kubelet, wanted: "an http:// or https:// address", Read.url),
            maybe(
                "kubelet-token-file", "PATH", "the bearer token for it", into: \.kubeletTokenFile, wanted: "a path",
                Read.text),
            maybe(
                "kubelet-ca-file", "PATH", "the authorities that its certificate may come from",
                into: \.kubeletCAFile, wanted: "a path", Read.text),
            one(
                "name-wait", "TIME", default: "10s",
                "how long a new container's series wait for its name, 0s to 10m; no energy is lost meanwhile",
                into: \.nameWait, wanted: "a time between 0s and 10m, such as 10s", Read.time(0...600_000_000_000)),
        ]
    }

    private static var serving: [Option] {
        [
            many(
                "listen", "ADDR:PORT", default: "0.0.0.0:9102",
                "where to serve: ADDR:PORT, [v6]:PORT or unix:/path; port 0 takes any free one", into: \.listen,
                wanted: "an address and port, such as 0.0.0.0:9102 or [::1]:9102", ListenAddress.init(_:)),
            maybe(
                "web-config", "PATH", "TLS and users, in the format of Prometheus exporters", into: \.webConfig,
                wanted: "a path", Read.text),
            one(
                "web-path", "PATH", default: "/metrics", "where the page is", into: \.webPath,
                wanted: "a path such as /metrics, none of /, /healthz, /readyz and /sample"
            ) { Route.canBeMetrics($0) ? $0 : nil },
        ]
    }

    private static var logLevel: Option {
        choice("log-level", default: "info", "the least important lines that are logged", into: \.logLevel)
    }

    private static var logFormat: Option {
        choice("log-format", default: "logfmt", "how a line of the log is written", into: \.logFormat)
    }

    /// The configuration file; it cannot name another.
    static var config: Option {
        Option(
            name: "config", takes: "PATH", standard: nil, help: "a YAML file with the same names as these options",
            wanted: "a path", isList: false, set: { _, text, _ in !text.isEmpty })
    }

    private static func watts(_ microwatts: UInt64) -> String { "\(Double(microwatts) / 1e6)" }
}

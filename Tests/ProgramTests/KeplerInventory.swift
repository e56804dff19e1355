/// What Kepler has, generation by generation, and what became of it here. The names are Kepler's, read from its sources
/// at v0.9.0, v0.3, v0.2 and 13944a69 (2026-08-21); everything else is said in our own words.
enum KeplerInventory {
    /// A generation of metrics, by the word that `--compat` takes.
    enum Generation: String, CaseIterable {
        case ebpf = "0.9"
        case current = "0.11"
        case first = "0.3"
    }

    /// What became of something.
    enum Verdict {
        /// It is here, by its name.
        case present
        /// Its place is taken by another.
        case renamed(String)
        /// It is not here, for want of this.
        case refused(Lack)
    }

    /// What this agent does not have, without which a metric would be a zero or a guess.
    enum Lack: String {
        case gpu = "there is no GPU meter"
        case platform = "there is no platform meter but RAPL's psys"
        case hwmon = "there is no hwmon meter"
        case perf = "there are no hardware counters"
        case pageCache = "page cache is not counted"
        case softirqs = "soft interrupts are not counted"
        case accelerator = "there is no accelerator's counter"
        case cgroupFiles = "a counter of cgroup files beyond CPU time and memory; cAdvisor has it"
        case go = "it tells of a Go program"
    }

    /// A family of metrics.
    struct Metric {
        let name: String
        /// `counter` or `gauge`.
        let type: String
        let labels: [String]
        let verdict: Verdict
        /// What is different here.
        var note = ""
    }

    /// Metrics that belong together.
    struct Section {
        let title: String
        let generation: Generation
        let metrics: [Metric]
    }

    /// A label whose values are words.
    struct Words {
        let label: String
        let generation: Generation
        /// Kepler's words that can be met here.
        let present: [String]
        /// Kepler's words that cannot, and why.
        let absent: [(words: String, why: String)]
        /// Words that Kepler does not have, and what they mean.
        let ours: [(word: String, meaning: String)]
    }

    /// Labels of a family that Kepler has and this agent has not.
    struct MissingLabels {
        let family: String
        let labels: String
        let verdict: Verdict
    }

    /// All families, section by section.
    static var sections: [Section] { ebpf + current + first }

    /// All families of a generation.
    static func metrics(_ generation: Generation) -> [Metric] {
        sections.filter { $0.generation == generation }.flatMap(\.metrics)
    }

    /// Labels whose values are words.
    static let words: [Words] = [
        Words(
            label: "mode", generation: .ebpf, present: ["dynamic", "idle"], absent: [], ours: []),
        Words(
            label: "source", generation: .ebpf, present: ["", "rapl-sysfs", "bpf", "os"],
            absent: [
                ("rapl-msr", "RAPL is read through powercap only"),
                ("ampere-xgene-hwmon, grace-acpi", Lack.hwmon.rawValue),
                ("redfish, acpi, hmc", Lack.platform.rawValue),
                ("nvidia-nvml, nvidia-dcgm, habana", Lack.gpu.rawValue),
                ("trained_power_model", "an estimate has the source estimator, and is made only if asked for"),
            ],
            ours: [("rapl-psys", "RAPL's platform zone"), ("estimator", "`--source estimator`")]),
        Words(
            label: "state", generation: .current, present: ["running", "terminated"], absent: [], ours: []),
        Words(
            label: "zone", generation: .current, present: ["psys", "package", "core", "uncore", "dram"], absent: [],
            ours: []),
        Words(
            label: "type", generation: .current, present: ["regular", "container", "vm"], absent: [], ours: []),
        Words(
            label: "runtime", generation: .current,
            present: ["docker", "containerd", "crio", "podman", "kubepods", "unknown"], absent: [], ours: []),
        Words(
            label: "hypervisor", generation: .current, present: ["kvm"],
            absent: [("virtualbox, vmware, xen", "a cgroup's path does not tell of them")], ours: []),
    ]
}

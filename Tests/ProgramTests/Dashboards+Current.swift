import Foundation

// MARK: The current generation

extension Truth {
    /// The zones that this generation knows.
    static let zones = ["package", "core", "uncore", "dram", "psys"]

    /// What the node has: `all`, `dynamic` or `idle`.
    func node(_ mode: String, _ quantity: Quantity, _ kinds: [String] = zones) -> [Subject] {
        series(.node, quantity, kinds) { $0["mode"] == mode }
    }

    /// Containers; this generation has none of Kepler's older buckets.
    func realContainers(_ quantity: Quantity, _ kinds: [String] = zones) -> [Subject] {
        series(.container, quantity, kinds) {
            !["kernel_processes", "system_processes", "overflow"].contains($0["container_id"])
        }
    }

    /// Pods, and the account of those that are gone.
    func pods(_ quantity: Quantity) -> [Subject] { series(.pod, quantity, Self.zones) { $0["pod_id"] != nil } }

    /// The work of one process.
    func process(_ pid: pid_t, _ quantity: Quantity, _ kinds: [String] = zones) -> [Subject] {
        series(.process, quantity, kinds) { $0["pid"] == "\(pid)" }
    }

    /// How many CPUs of each model there are.
    static func models() -> [String: Double] {
        let lines = ((try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "").split(separator: "\n")
        let models = lines.filter { $0.hasPrefix("model name") }.map {
            $0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces)
        }
        return Dictionary(models.map { ($0, 1) }, uniquingKeysWith: +)
    }

    /// `count by (…)`.
    func count(_ vector: Vector, by names: [String]) -> Vector { vector.mapValues { _ in 1 }.sum(by: names) }
}

extension Dashboard {
    private static let any = #"{job="$job", zone=~"$zone"}"#
    private static let byZone = ["zone"]
    /// Queries and what they mean, for processes and their number.
    private static let processes = Expression(
        #"label_join( count by (pid, comm) (kepler_process_cpu_watts{job="$job"}), "process", " | ", "comm", "pid" )"#
    ) { truth in
        truth.count(truth.now(truth.series(.process, .watts, Truth.zones)), by: ["pid", "comm"])
    }

    /// A.4, `latest/dashboard.json`.
    static let current = Dashboard(
        name: "Kepler Dashboard",
        variables: [
            "job": "dev", "zone": ".*", "node": ".*", "namespace": Truth.namespace, "pod": ".*", "container": ".*",
            "vm": ".*",
        ],
        expressions: [
            Expression("sum by (zone) (kepler_node_cpu_watts\(any))") {
                $0.now($0.node("all", .watts)).sum(by: byZone)
            },
            Expression("sum by (zone) (kepler_node_cpu_active_watts\(any))") {
                $0.now($0.node("dynamic", .watts)).sum(by: byZone)
            },
            Expression("sum by (zone) (kepler_node_cpu_idle_watts\(any))") {
                $0.now($0.node("idle", .watts)).sum(by: byZone)
            },
            Expression(#"count by (instance, model_name)(kepler_node_cpu_info{job="$job"})"#) { _ in
                Dictionary(
                    uniqueKeysWithValues: Truth.models().map {
                        (["instance": Monitoring.node, "model_name": $0.key], $0.value)
                    })
            },
            Expression(#"group by (node_name,zone)(kepler_node_cpu_watts{job="$job"})"#) { _ in
                Dictionary(uniqueKeysWithValues: Truth.zones.map { (["node_name": Monitoring.node, "zone": $0], 1) })
            },
        ]
            + [("", "all"), ("active_", "dynamic"), ("idle_", "idle")].map { name, mode in
                Expression(#"kepler_node_cpu_\#(name)watts{job="$job", instance=~"$node", zone=~"$zone"}"#) {
                    $0.now($0.node(mode, .watts)).sum(by: byZone)
                }
            } + [
                Expression("topk(10,sum by (comm,zone)(kepler_process_cpu_watts\(any)))") { truth, _ in
                    .best(10, truth.now(truth.series(.process, .watts, Truth.zones)).sum(by: ["comm", "zone"]))
                },
                Expression("sum by (zone) (kepler_process_cpu_watts\(any))") {
                    $0.now($0.series(.process, .watts, Truth.zones)).sum(by: byZone)
                },
                Expression(#"kepler_process_cpu_watts{job="$job", zone=~"$zone",pid="${process}"}"#) { truth, it in
                    Expected(series: truth.now(truth.process(it.pid, .watts)).sum(by: ["pid", "zone"]))
                },
                Expression("topk(10,sum by (container_name,zone)(kepler_container_cpu_watts\(any)))") { truth, _ in
                    .best(10, truth.now(truth.realContainers(.watts)).sum(by: ["container_name", "zone"]))
                },
                Expression("sum by (zone) (kepler_container_cpu_watts\(any))") {
                    $0.now($0.realContainers(.watts)).sum(by: byZone)
                },
                Expression(#"kepler_container_cpu_watts{job="$job", zone=~"$zone",container_name=~"$container"}"#) {
                    $0.now($0.realContainers(.watts)).sum(by: ["container_id", "container_name", "pod_id", "zone"])
                },
                Expression("topk(10,sum by (pod_namespace,zone)(kepler_pod_cpu_watts\(any)))") { truth, _ in
                    .best(10, truth.now(truth.pods(.watts)).sum(by: ["pod_namespace", "zone"]))
                },
                Expression(
                    #"sum by (zone) (kepler_pod_cpu_watts{job="$job", zone=~"$zone", pod_namespace=~"$namespace"})"#
                ) {
                    $0.now($0.pods(.watts)).filter { $0.key["pod_namespace"] == Truth.namespace }.sum(by: byZone)
                },
                Expression(
                    #"kepler_pod_cpu_watts{job="$job",pod_namespace=~"$namespace", zone=~"$zone",pod_name=~"$pod"}"#
                ) { $0.now($0.pods(.watts)).filter { $0.key["pod_namespace"] == Truth.namespace } },
                Expression("topk(10,sum by (vm_name,zone)(kepler_vm_cpu_watts\(any)))") { truth, _ in
                    .best(10, truth.now(truth.series(.vm, .watts, Truth.zones)).machineNames)
                },
                Expression("sum by (zone) (kepler_vm_cpu_watts\(any))") {
                    $0.now($0.series(.vm, .watts, Truth.zones)).sum(by: byZone)
                },
                Expression(#"kepler_vm_cpu_watts{job="$job", zone=~"$zone",vm_name=~"$vm"}"#) {
                    $0.now($0.series(.vm, .watts, Truth.zones)).machineNames
                },
                processes,
            ],
        queries: [
            Variable(#"kepler_pod_cpu_watts{job="$job"}"#, "pod_namespace") {
                Set($0.containers.map(\.namespace)).union(["system"])
            },
            Variable(#"kepler_pod_cpu_watts{job="$job", pod_namespace=~"$namespace"}"#, "pod_name") {
                Set($0.containers.filter { $0.namespace == Truth.namespace }.map(\.pod))
            },
            Variable(#"kepler_node_cpu_info{job="$job"}"#, "instance") { _ in [Monitoring.node] },
            Variable(#"kepler_node_cpu_watts{job="$job"}"#, "zone") { _ in Set(Truth.zones) },
            Variable("kepler_node_cpu_watts", "job") { _ in ["dev", "kepler-latest"] },
            Variable("kepler_container_cpu_watts", "container_name") {
                Set($0.containers.map(\.container)).union(["retired"])
            },
            Variable(#"kepler_vm_cpu_watts{job="$job"}"#, "vm_name") { monitoring in
                // Of others than ours there may be some too.
                let known = monitoring.truth.history.owners.compactMap { $0.count == 2 ? $0["vm_id"] : nil }
                return Set(known.map(machineName)).union([TestNode.machine, "retired"])
            },
        ])
}

extension Truth.Vector {
    /// The eBPF generation's id of a machine, as the name that the current one has.
    fileprivate var machineNames: Self {
        reduce(into: [:]) { named, entry in
            let name = machineName(entry.key["vm_id"] ?? "")
            named[["vm_name": name, "zone": entry.key["zone"] ?? ""]] = entry.value
        }
    }
}

/// The domain's name in libvirt's `machine-qemu-1-NAME`.
private func machineName(_ id: String) -> String {
    id.split(separator: "-", maxSplits: 3).dropFirst(3).first.map(String.init) ?? id
}

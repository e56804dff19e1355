import Foundation

// MARK: The dashboards of Kepler's own developers that compare nodes, generations and sources

extension Dashboard {
    private static let package = ["package"]
    /// One series of this node.
    private static func node(_ value: Double) -> Truth.Vector { [["node_name": Monitoring.node]: value] }
    private static func instance(_ value: Double) -> Truth.Vector { [["instance": Monitoring.node]: value] }

    private static let families =
        #"{__name__=~"kepler_node_${zones}_watts", instance=~"$instance"}, "zone", "$1", "__name__", "kepler_node_(.*)_watts" "#
    private static let cpu = ["zone": "cpu"]

    /// A.4, `dev/node-dashboard.json`; what it calls a zone is part of a family's name, of which there is `cpu`.
    static let nodes = Dashboard(
        name: "Power Monitor / Node",
        variables: ["zones": "cpu", "instance": Monitoring.node, "__range": "20s"],
        expressions: [
            Expression("label_replace( \(families))") { truth, monitoring in
                let watts = truth.now(truth.node("all", .watts))
                return Expected(
                    series: watts.reduce(into: [:]) { series, entry in
                        let path = monitoring.folders[entry.key["zone"] ?? ""] ?? ""
                        series[["zone": "cpu", "path": path]] = entry.value
                    })
            },
            Expression("avg_over_time( sum by (zone, instance) (label_replace( \(families)) )[${__range}:] )") {
                $0.averageOverTime(20) {
                    Dictionary(uniqueKeysWithValues: $0.now($0.node("all", .watts)).sum().map { (cpu, $0.value) })
                }
            },
            Expression("avg_over_time( sum by (zone) (label_replace( \(families)) )[${__range}:] )") {
                $0.averageOverTime(20) {
                    Dictionary(uniqueKeysWithValues: $0.now($0.node("all", .watts)).sum().map { (cpu, $0.value) })
                }
            },
            Expression("sum by (zone) ( label_replace( \(families)) )") {
                Dictionary(uniqueKeysWithValues: $0.now($0.node("all", .watts)).sum().map { (cpu, $0.value) })
            },
        ],
        queries: [
            // Families of an unreleased Kepler.
            Variable("kepler_node_package_watts", "instance") { _ in [] },
            Variable("kepler_node_energy_zone", "name") { _ in [] },
        ])

    private static let name = #"{node_name=~"$nodename"}"#
    private static let rate = #"{node_name=~"$nodename"}[$__rate_interval]"#
    private static let old = #"{instance=~"$nodename"}[$__rate_interval]"#
    private static let oldNode = "sum(rate(old_kepler_node_package_joules_total\(old))) by (instance)"
    private static let oldContainers = "sum(rate(old_kepler_container_package_joules_total\(old))) by (instance)"
    private static let nodeWatts = "sum(kepler_node_cpu_watts\(name)) by (node_name)"
    private static let containers = "sum(rate(kepler_container_cpu_joules_total\(rate))) by (node_name)"

    /// The values of those.
    private static func values(_ truth: Truth) -> (oldNode: Double, oldContainers: Double, node: Double, new: Double) {
        let metal = truth.of("metal")
        return (
            metal.rate(truth.node("all", .joules, package), 20).sum().value,
            metal.rate(truth.containers("package", all: true), 20).sum().value,
            truth.now(truth.node("all", .watts)).sum().value, truth.rate(truth.realContainers(.joules), 20).sum().value
        )
    }

    private static func watts(_ mode: String) -> @Sendable (Truth) -> Truth.Vector {
        { node($0.now($0.node(mode, .watts)).sum().value) }
    }

    /// A.4, `dev/old-vs-new-accuracy.json`; it adds up all zones of a node.
    static let accuracy = Dashboard(
        name: "Kepler Accuracy", variables: ["nodename": Monitoring.node, "__rate_interval": "20s"],
        expressions: [
            .nothing(#"avg(ipmi_node_power_watts{node_name=~"$nodename"}) by (node_name)"#),
            Expression(oldNode) { instance(values($0).oldNode) },
            Expression("sum(rate(old_kepler_node_platform_joules_total\(old))) by (node_name)") { truth, _ in
                .value(truth.of("metal").rate(truth.node("all", .joules, ["psys"]), 20).sum().value)
            },
            Expression(nodeWatts, watts("all")),
            Expression(oldContainers) { instance(values($0).oldContainers) },
            Expression(containers) { node(values($0).new) },
            Expression("sum(rate(kepler_node_cpu_joules_total\(rate))) by (node_name)") {
                node($0.rate($0.node("all", .joules), 20).sum().value)
            },
            Expression("sum(kepler_node_cpu_active_watts\(name)) by (node_name)", watts("dynamic")),
            Expression("sum(kepler_node_cpu_idle_watts\(name)) by (node_name)", watts("idle")),
            Expression("sum(kepler_node_cpu_usage_ratio\(name)) by (node_name) * 100") { node($0.usage * 100) },
            Expression(
                "sum(kepler_node_cpu_active_watts\(name)) by (node_name) + sum(kepler_node_cpu_idle_watts\(name)) by (node_name)",
                watts("all")),
            Expression("\(oldNode) - on() group_left() \(nodeWatts)") { truth, _ in
                let it = values(truth)
                return Expected(series: instance(it.oldNode - it.node), scale: it.node)
            },
            Expression("\(oldContainers) - on() group_left() \(containers)") { truth, _ in
                let it = values(truth)
                return Expected(series: instance(it.oldContainers - it.new), scale: it.oldContainers)
            },
            Expression("\(oldNode) - \(oldContainers)") { truth, _ in
                let it = values(truth)
                return Expected(series: instance(it.oldNode - it.oldContainers), scale: it.oldNode)
            },
            Expression("\(nodeWatts) - \(containers)") { truth, _ in
                let it = values(truth)
                return Expected(series: node(it.node - it.new), scale: it.node)
            },
            // Kepler's pods have `pod_namespace` and no `namespace`.
            Expression("topk(10, sum(rate(kepler_pod_cpu_joules_total\(rate))) by (pod_name, namespace) )") {
                truth, _ in
                .best(10, truth.rate(truth.pods(.joules), 20).sum(by: ["pod_name"]))
            },
            Expression("topk(5, sum(rate(old_kepler_container_package_joules_total\(old))) by (container_name) )") {
                truth, _ in
                let all = truth.containers("package", all: true)
                return .best(5, truth.of("metal").rate(all, 20).sum(by: ["container_name"]))
            },
            Expression("topk(5, sum(rate(kepler_container_cpu_joules_total\(rate))) by (container_name) )") {
                truth, _ in
                .best(5, truth.rate(truth.realContainers(.joules), 20).sum(by: ["container_name"]))
            },
        ])

    /// A.4, `dev/power-source-comparison.json`.
    static let sources = Dashboard(
        name: "Power Source Comparison", variables: ["__rate_interval": "20s"],
        expressions: [
            (#"kepler_node_core_joules_total{job="dev"}"#, "core", "dev"),
            ("node_rapl_core_joules_total", "core", "metal"),
            ("kepler_node_package_joules_total", "package", "dev"),
            (
                #"node_rapl_package_joules_total{path="/host/sys/class/powercap/intel-rapl:0"}"#, "package", "metal"
            ),
            (#"kepler_node_uncore_joules_total{job="dev"}"#, "uncore", "dev"),
            ("node_rapl_uncore_joules_total", "uncore", "metal"),
        ].map { selector, zone, job in
            Expression("sum(rate(\(selector)[$__rate_interval]))") { truth, _ in
                .value(truth.of(job).rate(truth.node("all", .joules, [zone]), 20).sum().value)
            }
        } + [
            Expression("sum(kepler_node_dram_joules_total)") { $0.now($0.node("all", .joules, ["dram"])).sum() },
            .nothing("sum(rate(scaph_host_energy_microjoules[$__rate_interval]))/10^6"), .nothing("node_dram"),
        ])
}

import Foundation

// MARK: The dashboards of Kepler's own developers, on the current generation

extension Truth {
    /// Processes in containers, or all.
    func processes(_ quantity: Quantity, inContainers: Bool = false) -> [Subject] {
        series(.process, quantity, ["package"]) { !inContainers || $0["container_id"]?.isEmpty == false }
    }

    /// What two sums differ by; 2 % are of the first.
    static func gap(_ a: Vector, _ b: Vector, absolute: Bool = false) -> Expected {
        let (a, b) = (a.sum().value, b.sum().value)
        return .value(absolute ? abs(a - b) : a - b, scale: abs(a))
    }
}

extension Dashboard {
    private static let zone = ["zone"]
    private static let zoned = #"job="${job}", zone="${zone}""#

    /// Expressions that there are once for each of the two Keplers, with the job written into the text.
    private static func both(
        _ text: String, _ expected: @escaping @Sendable (Truth, Monitoring) -> Expected
    ) -> [Expression] {
        ["dev", "kepler-latest"].map { job in
            let written = job == "dev" ? text : text.replacing("${job}", with: job).replacing("$job", with: job)
            return Expression(written) { expected($0.of(job), $1) }
        }
    }

    private static func both(_ text: String, _ vector: @escaping @Sendable (Truth) -> Truth.Vector) -> [Expression] {
        both(text) { truth, _ in Expected(series: vector(truth)) }
    }

    private static let nodeRate = "sum( rate( kepler_node_cpu_active_joules_total{ \(zoned) }[20s] ) )"
    private static let processRate = "sum( rate( kepler_process_cpu_joules_total{ \(zoned) }[20s] ) )"
    private static let containerRate = "sum( rate( kepler_container_cpu_joules_total{ \(zoned) }[20s] ) )"
    private static let insideRate =
        #"sum( rate( kepler_process_cpu_joules_total{ job="${job}", container_id!="", zone="${zone}" }[20s] ) )"#
    private static let nodeWatts = "sum( kepler_node_cpu_active_watts{ \(zoned) } )"
    private static let processWatts = "sum( kepler_process_cpu_watts{ \(zoned) } )"
    private static let containerWatts = "sum( kepler_container_cpu_watts{ \(zoned) } )"
    private static let insideWatts =
        #"sum( kepler_process_cpu_watts{ job="${job}", container_id!="", zone="${zone}" } )"#
    private static let rapl = "sum( rate( node_rapl_${zone_name}_joules_total[20s] ) )"
    private static let package = ["package"]

    /// What two sums of rates, or of watts, differ by.
    private static func gaps(_ first: String, _ second: String, rates: Bool, inContainers: Bool) -> [Expression] {
        [true, false].flatMap { absolute in
            both(absolute ? "abs( \(first) - \(second) )" : "\(first) - \(second)") { truth, _ in
                let quantity: Truth.Quantity = rates ? .joules : .watts
                let whole =
                    inContainers
                    ? truth.processes(quantity, inContainers: true)
                    : truth.node("dynamic", quantity, package)
                let part = inContainers ? truth.realContainers(quantity, package) : truth.processes(quantity)
                let value = { rates ? truth.rate($0, 20) : truth.now($0) }
                return Truth.gap(value(whole), value(part), absolute: absolute)
            }
        }
    }

    /// A.4, `dev/dashboard.json`.
    static let development = Dashboard(
        name: "Kepler Energy Monitoring Dashboard",
        variables: ["job": "dev", "zone": "package", "zone_name": "package"],
        expressions: [
            Expression("count by (instance, model_name, vendor_id, job) ( kepler_node_cpu_info )") { _ in
                [("dev", Monitoring.node), ("kepler-latest", "node-b")].reduce(into: [:]) { counts, job in
                    for (model, count) in Truth.models() {
                        counts[["instance": job.1, "model_name": model, "job": job.0]] = count
                    }
                }
            },
            .nothing("node_exporter_build_info"),
            .nothing(#"scaph_process_power_consumption_microwatts{pid="$pid"} / 10^6"#),
            Expression(rapl) { $0.of("metal").rate($0.node("all", .joules, package), 20).sum() },
            Expression("\(rapl) - sum( rate( kepler_node_cpu_joules_total{ \(zoned) }[20s] ) )") { truth, _ in
                let node = truth.node("all", .joules, package)
                return Truth.gap(truth.of("metal").rate(node, 20), truth.rate(node, 20))
            },
            Expression("\(rapl) - sum( kepler_node_cpu_watts{ \(zoned) } )") { truth, _ in
                Truth.gap(
                    truth.of("metal").rate(truth.node("all", .joules, package), 20),
                    truth.now(truth.node("all", .watts, package)))
            },
            Expression(
                #"label_join( count by (pid, comm) (kepler_process_cpu_watts{job="$job"}), "process", " | ", "comm", "pid" )"#
            ) { $0.count($0.now($0.series(.process, .watts, Truth.zones)), by: ["pid", "comm"]) },
        ]
            + both(#"kepler_build_info{job="${job}"}"#) { [["job": $0.job]: 1] }
            + both("rate( kepler_node_cpu_joules_total{ \(zoned) }[20s] )") {
                $0.rate($0.node("all", .joules, package), 20).sum(by: zone)
            }
            + both("kepler_node_cpu_watts{ \(zoned) }") { $0.now($0.node("all", .watts, package)).sum(by: zone) }
            + both("rate( kepler_node_cpu_idle_joules_total{ \(zoned) }[20s] )") {
                $0.rate($0.node("idle", .joules, package), 20).sum(by: zone)
            }
            + both("rate( kepler_node_cpu_active_joules_total{ \(zoned) }[20s] )") {
                $0.rate($0.node("dynamic", .joules, package), 20).sum(by: zone)
            }
            + gaps(nodeWatts, processWatts, rates: false, inContainers: false)
            + gaps(nodeRate, processRate, rates: true, inContainers: false)
            + gaps(insideWatts, containerWatts, rates: false, inContainers: true)
            + gaps(insideRate, containerRate, rates: true, inContainers: true)
            + both("100 * ( \(nodeRate) - \(processRate) ) / \(nodeRate)") { truth, _ in
                let node = truth.rate(truth.node("dynamic", .joules, package), 20).sum().value
                let processes = truth.rate(truth.processes(.joules), 20).sum().value
                return .value(100 * (node - processes) / node, scale: 100)
            } + [
                Expression(#"sum( rate( kepler_process_cpu_joules_total{ pid="$pid", job="kepler-latest" }[20s] ) )"#) {
                    .value($0.of("kepler-latest").rate($0.process($1.pid, .joules), 20).sum().value)
                },
                Expression(
                    #"sum( rate( kepler_process_cpu_joules_total{ pid="$pid", job="$job", zone="${zone}" }[20s] ) )"#
                ) { .value($0.rate($0.process($1.pid, .joules, package), 20).sum().value) },
            ]
            + both(#"kepler_process_cpu_watts{ pid="$pid", job="${job}", zone="${zone}" }"#) {
                Expected(series: $0.now($0.process($1.pid, .watts, package)).sum(by: ["pid", "zone"]))
            },
        queries: [
            Variable("kepler_build_info", "job") { _ in ["dev", "kepler-latest"] },
            Variable(#"kepler_build_info{job!~"kepler-latest"}"#, "job") { _ in ["dev"] },
            Variable("kepler_node_cpu_watts", "zone") { _ in Set(Truth.zones) },
            Variable(#"kepler_node_cpu_watts{zone="$zone",job="kepler-latest"}"#, "zone") { _ in ["package"] },
        ])
}

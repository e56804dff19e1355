import Foundation

// MARK: The generation of 2022, and the seeds

extension Truth {
    /// Millijoules of the last three seconds, of pods; those without a name are the system's.
    func millijoules(_ component: String, where isMeant: @escaping ([String: String]) -> Bool) -> [Subject] {
        series(.pod, .watts, [component], together: true, where: isMeant).map { subject in
            let isNamed = subject.labels["pod_name"]?.isEmpty == false
            let labels = isNamed ? subject.labels.only(["pod_name", "pod_namespace"]) : subject.labels
            return Subject(labels: isNamed ? labels : labels.merging(["pod_namespace": "system"]) { $1 }) { state in
                subject.value(state).map { $0 * 3000 }
            }
        }
    }

    /// The same of the pod that the seeds name.
    func seedsPod(_ component: String) -> [Subject] { millijoules(component) { $0["pod_name"] == TestNode.seedsPod } }

    /// The same of the namespace.
    func seedsNamespace(_ component: String = "package") -> [Subject] {
        millijoules(component) { $0["pod_namespace"] == Self.namespace }
    }

    /// The CPU time of containers, seconds.
    var cpuTime: [Subject] {
        series(.container, .joules, ["package"], together: true) { $0["pod_id"]?.isEmpty == false }.map { subject in
            let owner = history.owners.firstIndex(of: subject.labels)
            return Subject(labels: ["name": subject.labels["container_id"] ?? ""]) { state in
                owner.flatMap { history.states[state].accounts[.container]?[$0]?.cpu }
            }
        }
    }
}

extension Dashboard {
    private static let component = [
        "pkg": "package", "core": "core", "dram": "dram", "other": "other",
    ]
    /// An expression on a component, which returns nothing where that is a GPU.
    private static func gpuOr(
        _ name: String, _ text: String, _ vector: @escaping @Sendable (Truth) -> Truth.Vector
    ) -> Expression {
        name == "gpu" ? .nothing(text) : Expression(text, vector)
    }

    private static let day = 86_400.0
    private static let order = ["pkg", "core", "dram", "gpu", "other"]

    /// A.7, `Kepler-Exporter.json` of 0.3.
    static let first = Dashboard(
        name: "Kepler-Exporter 0.3",
        variables: constants.merging(["namespace": Truth.namespace, "pod": TestNode.seedsPod]) { $1 },
        expressions: carbon.map { fuel, pounds in
            Expression(
                "sum(rate(pod_curr_energy_in_pkg_millijoule{pod_namespace='$namespace'}[24h])/3600000000*$\(fuel))"
            ) { $0.rate($0.seedsNamespace(), day).sum() * (pounds / 3.6e9) }
        }
            + order.map { name in
                gpuOr(
                    name,
                    #"rate(pod_curr_energy_in_\#(name)_millijoule{pod_namespace="$namespace", pod_name="$pod"}[1m])/3"#
                ) { $0.rate($0.seedsPod(component[name] ?? ""), 60) * (1 / 3) }
            }
            + order.map { name in
                gpuOr(
                    name,
                    #"sum_over_time(pod_curr_energy_in_\#(name)_millijoule{pod_namespace="$namespace", pod_name="$pod"}[24h])*15/3/3600000000"#
                ) { $0.sumOverTime($0.seedsPod(component[name] ?? ""), day) * (5 / 3.6e9) }
            }
            + [
                Expression(
                    #"sum_over_time(pod_curr_energy_in_pkg_millijoule{pod_namespace="$namespace"}[24h])*15/3/3600000000"#
                ) { $0.sumOverTime($0.seedsNamespace(), day) * (5 / 3.6e9) },
                Expression(
                    "sum by (pod_namespace) (sum_over_time(pod_curr_energy_in_pkg_millijoule[24h])*15/3/3600000000)"
                ) {
                    $0.sumOverTime($0.millijoules("package") { _ in true }, day).sum(by: ["pod_namespace"])
                        * (5 / 3.6e9)
                },
            ],
        queries: [
            Variable("pod_curr_energy_in_pkg_millijoule", "pod_namespace") { monitoring in
                Set(monitoring.containers.map(\.namespace)).union(["system"])
            },
            Variable(#"pod_curr_energy_in_pkg_millijoule{pod_namespace="$namespace"}"#, "pod_name") { monitoring in
                Set(monitoring.containers.filter { $0.namespace == Truth.namespace }.map(\.pod))
            },
        ])

    /// The queries of the articles on Kepler 0.3, and those of the Green Reviews proposal on reports.
    static let seeds = Dashboard(
        name: "seeds", variables: [:],
        expressions: [
            Expression("pod_curr_energy_in_pkg_millijoule{pod_name='\(TestNode.seedsPod)'}") {
                $0.now($0.seedsPod("package"))
            },
            Expression("pod_curr_energy_in_pkg_millijoule{pod_namespace='flux-system'}") {
                $0.now($0.seedsNamespace())
            },
            Expression("sum(pod_curr_energy_in_pkg_millijoule{pod_namespace='flux-system'})") {
                $0.now($0.seedsNamespace()).sum()
            },
            Expression("node_energy_stat") { truth in
                // Joules of three seconds, in packages and the rest; each part is a label besides.
                let parts = truth.node("all", .watts, ["package", "other"])
                return [["node_name": Monitoring.node]: truth.now(parts).sum().value * 3]
            },
            Expression("rate(container_cpu_usage_seconds_total[5m])") { truth, it in
                // cAdvisor has no series of containers that are gone; ours are all there.
                let ours = Set(it.containers.map(\.id))
                let rates = truth.rate(truth.cpuTime, 300).filter { ours.contains($0.key["name"] ?? "") }
                return Expected(series: rates, isPart: true)
            },
            Expression("container_memory_rss") { _, monitoring in
                Expected(series: named(monitoring.memory.mapValues(\.resident)), isPart: true)
            },
            Expression("container_memory_working_set_bytes") { _, monitoring in
                Expected(series: named(monitoring.memory.mapValues(\.workingSet)), isPart: true)
            },
            Expression("kepler_container_joules_total") { truth in
                let joules = truth.now(truth.containers("total", all: true)).sum(by: ["container_id"])
                // The node keeps all idle energy.
                return joules.reduce(into: [:]) { series, entry in
                    series[entry.key.merging(["mode": "dynamic"]) { $1 }] = entry.value
                    series[entry.key.merging(["mode": "idle"]) { $1 }] = 0
                }
            },
        ])

    /// By container id, under cAdvisor's label.
    private static func named(_ values: [String: Double]) -> Truth.Vector {
        Dictionary(uniqueKeysWithValues: values.map { (["name": $0.key], $0.value) })
    }
}

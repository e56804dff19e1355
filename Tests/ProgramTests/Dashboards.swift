import Foundation

/// A PromQL expression as Kepler's dashboard has it, and what it means in terms of the ledger.
struct Expression: Sendable {
    /// With Grafana's variables as they stand there.
    let text: String
    /// What it shall return.
    let expected: @Sendable (Truth, Monitoring) -> Expected
    /// Whether it reads what a recording rule wrote, which is as of when the rule was evaluated.
    var isOfRules = false

    init(_ text: String, _ expected: @escaping @Sendable (Truth, Monitoring) -> Expected) {
        self.text = text
        self.expected = expected
    }

    init(_ text: String, _ vector: @escaping @Sendable (Truth) -> Truth.Vector) {
        self.init(text) { truth, _ in Expected(series: vector(truth)) }
    }

    /// An expression on series that nobody but a GPU, or another program than Kepler, has.
    static func nothing(_ text: String) -> Expression {
        Expression(text) { _, _ in Expected(series: [:], isNothing: true) }
    }

}

/// What an expression shall return.
struct Expected {
    var series: Truth.Vector
    /// What 2 % are of, where the value is a difference of greater ones.
    var scale: Double?
    /// Only so many of the series, the greatest.
    var best: Int?
    /// Whether there shall be no series, not even of 0.
    var isNothing: Bool
    /// Whether there may be series of others, of whom this says nothing.
    var isPart: Bool

    init(
        series: Truth.Vector, scale: Double? = nil, best: Int? = nil, isNothing: Bool = false, isPart: Bool = false
    ) {
        self.isNothing = isNothing
        self.isPart = isPart
        self.series = series
        self.scale = scale
        self.best = best
    }

    /// One series without labels of interest.
    static func value(_ value: Double, scale: Double? = nil) -> Expected {
        Expected(series: [[:]: value], scale: scale)
    }

    static func best(_ count: Int, _ series: Truth.Vector) -> Expected { Expected(series: series, best: count) }
}

/// A query of a dashboard's variable, `label_values(selector, label)`.
struct Variable: Sendable {
    let selector: String
    let label: String
    let expected: @Sendable (Monitoring) -> Set<String>

    init(_ selector: String, _ label: String, _ expected: @escaping @Sendable (Monitoring) -> Set<String>) {
        self.selector = selector
        self.label = label
        self.expected = expected
    }
}

/// One dashboard of Kepler's.
struct Dashboard: Sendable {
    let name: String
    let variables: [String: String]
    let expressions: [Expression]
    var queries: [Variable] = []

    /// Every expression as it is asked, with the variables put in.
    func texts(pid: pid_t) -> [String] { expressions.map { filled($0.text, pid: pid) } }

    /// Every query of a variable.
    var selectors: [(selector: String, label: String)] { queries.map { (filled($0.selector, pid: 0), $0.label) } }

    private func filled(_ text: String, pid: pid_t) -> String {
        // The longest first, for `$zone` is the beginning of others.
        let all = variables.merging(["process": "\(pid)", "pid": "\(pid)"]) { $1 }
        return all.sorted { $0.key.count > $1.key.count }.reduce(text) { text, variable in
            text.replacing("${\(variable.key)}", with: variable.value)
                .replacing("$\(variable.key)", with: variable.value)
        }
    }

    static let all = [promRules, ebpf, current, development, nodes, accuracy, sources, first, seeds, rules]
    static let constants = [
        "coal": "2.23", "natural_gas": "0.91", "petroleum": "2.13", "watt_per_second_to_kWh": "0.000000277777777777778",
    ]
    static let kWh = 0.000000277777777777778
    static let carbon = [("coal", 2.23), ("petroleum", 2.13), ("natural_gas", 0.91)]
    static let byPod = ["pod_name", "container_namespace"]
}

// MARK: The eBPF generation

extension Truth {
    /// What the variables of these dashboards choose.
    static let namespace = "flux-system"

    /// Counters of containers: one component, or Kepler's total.
    func containers(_ component: String, all: Bool = false) -> [Subject] {
        series(
            .container, .joules, component == "total" ? ["package", "dram", "other"] : [component], together: true
        ) { all || $0["container_namespace"] == Self.namespace }
    }
}

extension Dashboard {
    private static let chosen = #"{container_namespace=~"$namespace", pod_name=~"$pod"}"#
    private static let variables = constants.merging(["namespace": Truth.namespace, "pod": ".*"]) { $1 }
    private static let components = ["package", "dram", "other"]

    /// A rule's expression.
    private static func rule(_ text: String, _ vector: @escaping @Sendable (Truth) -> Truth.Vector) -> Expression {
        var expression = Expression(text, vector)
        expression.isOfRules = true
        return expression
    }

    /// A.1, `Kepler-Exporter-PromRules.json`.
    static let promRules = Dashboard(
        name: "Kepler-Exporter-PromRules", variables: variables,
        expressions: carbon.map { fuel, pounds in
            rule(
                "sum ( kepler:container_joules_total:increase:24h:by_ns_pod\(chosen) ) * $watt_per_second_to_kWh * $\(fuel)"
            ) { $0.increase($0.containers("total"), every: 120).sum() * (kWh * pounds) }
        }
            + components.map { component in
                rule("kepler:container_\(component)_watts:2m:by_ns_pod\(chosen)") {
                    $0.irate($0.containers(component), 120).sum(by: byPod)
                }
            } + [.nothing("kepler_container_gpu_watts:2m:by_ns_pod\(chosen)")] + totals
            + [
                rule(
                    #"kepler:container_joules_total:increase:24h:by_ns{container_namespace=~"$namespace"} * $watt_per_second_to_kWh"#
                ) { $0.increase($0.containers("total"), every: 120).sum(by: ["container_namespace"]) * kWh }
            ],
        queries: queries)

    /// A.1, `Kepler-Exporter.json`.
    static let ebpf = Dashboard(
        name: "Kepler-Exporter", variables: variables,
        expressions: carbon.map { fuel, pounds in
            Expression(
                "( sum( increase( (kepler_container_joules_total\(chosen)[24h:1m]) ) ) * $watt_per_second_to_kWh ) * $\(fuel)"
            ) { $0.increase($0.containers("total"), every: 60).sum() * (kWh * pounds) }
        }
            + components.map { component in
                Expression(
                    "sum by (pod_name, container_namespace) (irate(kepler_container_\(component)_joules_total\(chosen)[1m]))"
                ) { $0.irate($0.containers(component), 60).sum(by: byPod) }
            } + [
                .nothing(
                    "sum by (pod_name, container_namespace) (irate(kepler_container_gpu_joules_total\(chosen)[1m]))")
            ] + totals
            + [
                Expression(
                    "sum by (container_namespace) ( increase( (kepler_container_joules_total\(chosen)[24h:1m]) ) ) * $watt_per_second_to_kWh"
                ) { $0.increase($0.containers("total"), every: 60).sum(by: ["container_namespace"]) * kWh }
            ],
        queries: queries)

    /// What both dashboards have: watts now, and kWh of a day.
    private static let totals =
        components.map { component in
            Expression("sum(irate(kepler_container_\(component)_joules_total\(chosen)[1m]))") {
                $0.irate($0.containers(component), 60).sum()
            }
        } + [.nothing("sum(irate(kepler_container_gpu_joules_total\(chosen)[1m]))")]
        + components.map { component in
            Expression(
                "sum ( increase( (kepler_container_\(component)_joules_total\(chosen)[24h:1m]) ) ) * $watt_per_second_to_kWh"
            ) { $0.increase($0.containers(component), every: 60).sum() * kWh }
        }
        + [
            .nothing(
                "sum ( increase( (kepler_container_gpu_joules_total\(chosen)[24h:1m]) ) ) * $watt_per_second_to_kWh")
        ]

    private static let queries = [
        Variable("kepler_container_package_joules_total", "container_namespace") { monitoring in
            Set(monitoring.containers.map(\.namespace)).union(["kernel", "system"])
        },
        Variable(#"kepler_container_package_joules_total{container_namespace=~"$namespace"}"#, "pod_name") {
            monitoring in
            Set(monitoring.containers.filter { $0.namespace == Truth.namespace }.map(\.pod))
        },
    ]

    /// The rules that no dashboard reads, or not whole.
    static let rules = Dashboard(
        name: "recording rules", variables: [:],
        expressions: components.flatMap { component in
            [("2m", 120.0), ("15s", 15)].map { range, seconds in
                rule("kepler:container_\(component)_watts:\(range):by_ns_pod") {
                    $0.irate($0.containers(component, all: true), seconds).sum(by: byPod)
                }
            }
        } + [
            rule("kepler:container_joules_total:increase:24h:by_ns_pod") {
                $0.increase($0.containers("total", all: true), every: 120).sum(by: byPod)
            },
            rule("kepler:container_joules_total:increase:24h:by_ns") {
                $0.increase($0.containers("total", all: true), every: 120).sum(by: ["container_namespace"])
            },
            .nothing("kepler:container_gpu_watts:2m:by_ns_pod"), .nothing("kepler:container_gpu_watts:15s:by_ns_pod"),
        ])
}

/// What an answer to a shipped dashboard's expression has to be, where the truth is known.
struct DashboardTruth {
    /// What is wrong with an answer; nil if nothing is.
    let complaint: @Sendable (_ series: [ShippedMonitoring.Series]) -> String?

    func complaint(of series: [ShippedMonitoring.Series]) -> String? { complaint(series) }

    /// All series together, to so many parts of one.
    static func sum(_ due: Double, within part: Double = 0.02) -> DashboardTruth {
        DashboardTruth { series in
            let sum = series.reduce(0) { $0 + $1.value }
            return abs(sum - due) <= abs(due) * part + 1e-9 ? nil : "\(sum) instead of \(due)"
        }
    }

    /// A series for each value of a label, and no others.
    static func by(_ label: String, _ due: [String: Double], within part: Double = 0.02) -> DashboardTruth {
        DashboardTruth { series in
            guard Set(series.map { $0.labels[label] ?? "" }) == Set(due.keys), series.count == due.count else {
                return "not one for each of \(due.keys.sorted())"
            }
            let wrong = series.filter { one in
                let due = due[one.labels[label] ?? ""] ?? .nan
                return !(abs(one.value - due) <= abs(due) * part + 1e-9)
            }
            return wrong.isEmpty ? nil : "instead of \(due)"
        }
    }

    /// A series for each value of a label, and maybe others.
    static func among(_ label: String, _ due: [String: Double]) -> DashboardTruth {
        DashboardTruth { series in
            by(label, due).complaint(series.filter { due[$0.labels[label] ?? ""] != nil })
        }
    }

    /// Each series is in a range.
    static func each(_ range: ClosedRange<Double>) -> DashboardTruth {
        DashboardTruth { series in
            series.allSatisfy { range.contains($0.value) } && !series.isEmpty ? nil : "beyond \(range)"
        }
    }

    /// By dashboard, then by query.
    static let all: [String: [String: DashboardTruth]] = [
        "node": node, "namespace": namespace, "container": container, "runs": runs,
    ]

    private static let watts = ShippedMonitoring.watts
    private static let seconds = Double(ShippedMonitoring.range)

    private static let node: [String: DashboardTruth] = [
        // Package, dram and other, which is what psys has.
        "Power A": sum(48), "Idle A": sum(19.0 / 48), "Energy A": sum(48 * seconds / 3.6e6, within: 0.05),
        "CPUs at work A": each(0.8...1024), "Source of joules A": by("source", ["powercap": 1]), "Alerts A": sum(0),
        "Power by zone A": by("zone", watts), "Idle and dynamic A": sum(19), "Idle and dynamic B": sum(29),
        "Power by namespace A": sum(29, within: 0.05),
        "Idle power as learned A": by("zone", ShippedMonitoring.idleWatts),
        "Residual of the ledger A": each(-5e-7...5e-7), "Readings refused, impossible, reset A": each(0...0),
        "Readings refused, impossible, reset B": each(0...0), "Readings refused, impossible, reset C": each(0...0),
        "Lost by the probe A": each(0...0), "Lost by the probe B": each(0...0),
        "Age of the sample when it was scraped A": each(-0.1...2), "Places of the probe's table A": each(5...8192),
        "Time of a sample A": each(1e-6...0.1), "CPU time of the agent A": each(1e-4...0.9),
        "Power of the agent A": each(1e-3...29),
    ]

    private static let namespace: [String: DashboardTruth] = [
        // Of all namespaces.
        "Power A": sum(29, within: 0.05), "Share of the nodes A": sum(29.0 / 48, within: 0.05),
        "Energy A": sum(29 * seconds / 3.6e6, within: 0.05), "CPUs at work A": each(0.8...1024),
        "Power by namespace A": sum(29, within: 0.05), "Power by pod A": sum(29, within: 0.05),
        "Power by component A": sum(20, within: 0.05), "Power by component B": sum(3, within: 0.05),
        "Power by component C": sum(6, within: 0.05), "Power by node A": by("instance", ["node-a": 29], within: 0.05),
        "Namespaces A": sum(29, within: 0.05), "Namespaces B": sum(29 * seconds / 3.6e6, within: 0.05),
        "Namespaces D": among(
            "container_namespace", ["flux-system": 2, "shop": 1, "brahe": 1, "kernel": 1, "system": 2]),
    ]

    private static let container: [String: DashboardTruth] = [
        "Power by container A": by("container_name", ["manager": 1, "proxy": 1], within: 29),
        "Idle and dynamic A": by("mode", ["dynamic": 14.5, "idle": 0], within: 1),
        "Share of the chosen A": sum(1, within: 1e-6), "Containers A": each(1e-3...29),
        "Joules per CPU second A": each(1...40),
    ]

    private static let runs: [String: DashboardTruth] = [
        "Baseline A": sum(101, within: 1e-9), "Candidate A": sum(112, within: 1e-9),
        "Change A": sum(112.0 / 101 - 1, within: 1e-9), "Runs that are stored A": sum(4), "Runs A": sum(426),
        "Energy of each run A": by("version", ["1.9": 101, "1.10": 112], within: 1e-9),
        "Power of each run A": by("version", ["1.9": 101.0 / 900, "1.10": 112.0 / 900], within: 1e-9),
        "Energy by version A": by("version", ["1.9": 101, "1.10": 112], within: 1e-9),
        // 100 and 102, 110 and 114: the deviation of a sample, by n - 1.
        "Spread by version A": by(
            "version", ["1.9": 2.0.squareRoot() / 101, "1.10": 8.0.squareRoot() / 112], within: 1e-9),
        "Runs by version A": by("version", ["1.9": 2, "1.10": 2]),
        "SCI by version A": by("version", ["1.9": 2.02, "1.10": 2.24], within: 1e-9),
        "Operational carbon by version A": by("version", ["1.9": 1.01, "1.10": 1.12], within: 1e-9),
        "Length of the window by version A": by("version", ["1.9": 900, "1.10": 900], within: 2e-3),
        "Energy of the candidate by scope A": by("scope", ["project": 112, "node": 448], within: 1e-9),
        "Runs B": sum(426.0 / 900, within: 1e-9),
    ]
}

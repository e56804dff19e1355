package import Documents
package import Statistics

/// One metric of one configuration of a project, from version to version.
///
/// Only runs that succeeded count, and only those of one configuration and one unit are put together.
package struct VersionTrend: Equatable, Sendable {
    /// What is followed.
    package enum Metric: String, CaseIterable, Sendable {
        /// The gross energy of the measured window, in J.
        case energy
        /// Its mean power, in W.
        case power
        /// The score, in the run's own unit.
        case sci
    }

    /// What one run measured.
    package struct Run: Equatable, Sendable {
        package let name: String
        package let time: Moment?
        package let value: Double
        /// Its rigorous bounds; nil where it has none.
        package let lower: Double?
        package let upper: Double?
        /// Whether it is far from the others of its version; flagged and not dropped.
        package var isOutlier = false
    }

    /// All runs of one version, in the order of time.
    package struct Version: Equatable, Sendable {
        package let name: String
        package let runs: [Run]
        package let mean: Double
        /// The mean's 95 % interval; nil of a single run.
        package let interval: Interval?

        init(_ name: String, _ runs: [Run]) {
            self.name = name
            let values = runs.map(\.value)
            self.runs = zip(runs, Descriptive.outliers(values)).map { run, isOutlier in
                var run = run
                run.isOutlier = isOutlier && runs.count > 3
                return run
            }
            mean = Descriptive.mean(values) ?? .nan
            interval = Interval.mean(values)
        }
    }

    package let configuration: String?
    package let unit: String
    /// By their numbers, so that 0.9 comes before 0.10.
    package let versions: [Version]

    /// The trends of these runs, one for each configuration and unit; `scope` is the primary one if none is named, and has no
    /// meaning for the score.
    package static func all(_ records: [RunRecord], of metric: Metric, scope: String?) -> [VersionTrend] {
        struct Key: Hashable {
            let configuration: String?
            let unit: String
        }
        var groups: [Key: [String: [Run]]] = [:]
        for record in records where record.status == "succeeded" {
            guard let version = record.version, let (run, unit) = value(of: record, metric, scope) else { continue }
            groups[Key(configuration: record.configuration, unit: unit), default: [:]][version, default: []]
                .append(run)
        }
        let sorted = groups.sorted {
            ($0.key.configuration ?? "", $0.key.unit) < ($1.key.configuration ?? "", $1.key.unit)
        }
        return sorted.map { key, versions in
            VersionTrend(
                configuration: key.configuration, unit: key.unit,
                versions: versions.sorted { VersionOrder.isBefore($0.key, $1.key) }.map { name, runs in
                    Version(
                        name,
                        runs.sorted { ($0.time?.milliseconds ?? 0, $0.name) < ($1.time?.milliseconds ?? 0, $1.name) })
                })
        }
    }

    private static func value(
        of record: RunRecord, _ metric: Metric, _ scope: String?
    ) -> (run: Run, unit: String)? {
        func run(_ value: Double, _ lower: Double? = nil, _ upper: Double? = nil) -> Run {
            Run(name: record.run, time: record.time, value: value, lower: lower, upper: upper)
        }
        switch metric {
        case .energy:
            return record.energy(of: scope).map { (run($0.joules, $0.lowerJ, $0.upperJ), "J") }
        case .power:
            return record.energy(of: scope).map { energy in
                guard energy.joules > 0 else { return (run(energy.watts), "W") }
                let watts = energy.watts / energy.joules
                return (run(energy.watts, energy.lowerJ * watts, energy.upperJ * watts), "W")
            }
        case .sci: return record.sci.map { (run($0), record.sciUnit ?? "gCO2eq") }
        }
    }
}

/// The order of versions.
package enum VersionOrder {
    /// By the numbers between the dots; of equal ones that with a suffix like `-rc1` comes first. A leading `v` is nothing.
    package static func isBefore(_ one: String, _ other: String) -> Bool {
        let (first, second) = (parts(one), parts(other))
        for (left, right) in zip(first.numbers, second.numbers) where left != right { return left < right }
        if first.numbers.count != second.numbers.count { return first.numbers.count < second.numbers.count }
        if first.suffix.isEmpty != second.suffix.isEmpty { return second.suffix.isEmpty }
        return (first.suffix, one) < (second.suffix, other)
    }

    private static func parts(_ version: String) -> (numbers: [UInt64], suffix: String) {
        var rest = version.hasPrefix("v") ? version.dropFirst() : version[...]
        var numbers: [UInt64] = []
        while true {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let number = UInt64(digits) else { break }
            numbers.append(number)
            rest = rest.dropFirst(digits.count)
            guard rest.hasPrefix("."), rest.dropFirst().first?.isNumber == true else { break }
            rest = rest.dropFirst()
        }
        return (numbers, String(rest))
    }
}

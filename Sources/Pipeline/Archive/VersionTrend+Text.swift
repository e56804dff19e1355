package import Documents
internal import Statistics

extension VersionTrend {
    /// A table of the versions: how many runs, their mean with its interval, and how it differs from the version before.
    package var table: String {
        var columns = Columns(["VERSION", "|RUNS", "|MEAN \(unit)", "|LOWER", "|UPPER", "|CHANGE", "OUTLIERS"])
        var before: Double?
        for version in versions {
            let change = before.flatMap { $0 > 0 ? (version.mean / $0 - 1) * 100 : nil }
            columns.append([
                version.name, "\(version.runs.count)", Decimal.text(version.mean, 4),
                version.interval.map { Decimal.text($0.lower, 4) } ?? "-",
                version.interval.map { Decimal.text($0.upper, 4) } ?? "-",
                change.map { ($0 > 0 ? "+" : "") + Decimal.text($0, 2) + " %" } ?? "-",
                version.runs.filter(\.isOutlier).map(\.name).joined(separator: " "),
            ])
            before = version.mean
        }
        return columns.text
    }

    /// `{"config", "unit", "versions": [{"version", "mean", "lower", "upper", "runs": [{"run_id", "time", "value", "lower",
    /// "upper", "outlier"}]}]}`; a mean of a single run has no interval.
    package var json: JSON {
        func number(_ value: Double?) -> JSON { value.map { $0.isFinite ? .number($0) : .null } ?? .null }
        return .object([
            "config": configuration.map { .string($0) } ?? .null, "unit": .string(unit),
            "versions": .array(
                versions.map { version in
                    .object([
                        "version": .string(version.name), "mean": number(version.mean),
                        "lower": number(version.interval?.lower), "upper": number(version.interval?.upper),
                        "runs": .array(
                            version.runs.map { run in
                                .object([
                                    "run_id": .string(run.name),
                                    "time": run.time.map { .string($0.description) } ?? .null,
                                    "value": number(run.value), "lower": number(run.lower),
                                    "upper": number(run.upper), "outlier": .bool(run.isOutlier),
                                ])
                            }),
                    ])
                }),
        ])
    }
}

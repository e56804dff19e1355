internal import Documents

/// The trends of a project in words and tables.
struct TrendSheets {
    /// One for each configuration and unit; of one project and one metric.
    let trends: [Trend]

    init(_ trends: [Trend]) { self.trends = trends }

    /// Like `falco: energy of the project over versions`.
    var title: String {
        guard let trend = trends.first else { return "No run has it" }
        return Plain.line("\(trend.project): \(trend.metric) over versions")
    }

    /// How much there is.
    var subtitle: String {
        func counted(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
        let versions = Set(trends.flatMap { $0.versions.map(\.name) }).count
        let runs = trends.flatMap(\.versions).reduce(0) { $0 + $1.runs.count }
        let configurations = Set(trends.compactMap(\.configuration)).count
        return [
            counted(versions, "version"), configurations > 1 ? counted(configurations, "configuration") : "",
            counted(runs, "run"),
        ].filter { !$0.isEmpty }.joined(separator: ", ")
    }

    /// What tells a trend from the others.
    func name(_ trend: Trend) -> String {
        let name = trend.configuration ?? trend.project
        let others = trends.filter { ($0.configuration ?? $0.project) == name }
        return Plain.line(others.count > 1 ? "\(name), \(Unit.shown(trend.unit))" : name)
    }

    /// What became of the newest version, a sentence for each trend.
    var findings: [String] {
        trends.compactMap { trend in
            guard let newest = trend.versions.last else { return nil }
            let change = trend.versions.dropLast().last.flatMap { before in
                Self.change(from: before, to: newest).map { ", \($0) against \(Plain.line(before.name))" }
            }
            return
                "\(name(trend)): \(Plain.line(newest.name)) has \(Self.reading(newest, trend.unit).text)\(change ?? "")."
        }
    }

    /// Each version, the newest last.
    func versions(_ trend: Trend) -> Sheet {
        let previous: [Trend.Version?] = [nil] + trend.versions
        let rows = zip(trend.versions, previous).map { version, before -> [String] in
            let reading = Self.reading(version, trend.unit)
            return [
                version.name, "\(version.runs.count)", reading.text,
                // Where both bounds are one number there is no interval.
                version.lower == version.upper ? "" : reading.range ?? "",
                before.flatMap { Self.change(from: $0, to: version) } ?? "",
                version.time.flatMap { Moment($0) }.map { Clock($0).text(.day) } ?? "",
                version.runs.contains(where: \.outlier) ? "\(version.runs.filter(\.outlier).count)" : "",
            ]
        }
        let single = trend.versions.contains { $0.runs.count == 1 && $0.lower != $0.upper }
        let far = trend.versions.flatMap { $0.runs.filter(\.outlier).map(\.id) }
        return Sheet(
            "Versions",
            [
                .words("Version"), .number("Runs"), .number("Mean"), .number("95 %"), .number("Change"),
                .number("Last run"), .number("Outliers"),
            ], rows: rows,
            note: (far.isEmpty ? "" : "Far from the others of their version: \(far.joined(separator: ", ")). ")
                + (single ? "Of a single run, the mean is its value and the interval its bounds. " : "")
                + "A change is that of the mean from the version before; brahe compare says whether it is more than chance."
        ).trimmed()
    }

    private static func reading(_ version: Trend.Version, _ unit: String) -> Unit.Reading {
        Unit.reading(version.mean, unit, from: version.lower, to: version.upper)
    }

    private static func change(from before: Trend.Version, to version: Trend.Version) -> String? {
        guard before.mean > 0, before.mean.isFinite, version.mean.isFinite else { return nil }
        return Unit.percent(version.mean / before.mean - 1, signed: true)
    }
}

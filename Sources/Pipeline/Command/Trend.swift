import Archive
import Documents
import Glibc
import Host
import Plots
import Statistics

extension Subcommand {
    static let trend = Subcommand(
        name: "trend",
        summary: "Follows the energy, the power or the score of a project from version to version",
        usage: "--project NAME [--config NAME] [--metric energy|power|sci] [--scope SCOPE] [--json] [--svg FILE]",
        options: runFilterOptions + [
            Option(name: "--metric", value: "WORD", help: "energy, power or sci (default energy)"),
            Option(
                name: "--scope", value: "SCOPE",
                help: "project, workload, namespace or node (default: what the run scores)"),
            runsOption,
            Option(name: "--json", value: nil, help: "print JSON, with the value of each run"),
            Option(name: "--svg", value: "FILE", help: "also draw it there"),
        ],
        run: performTrend)

    private static func performTrend(_ options: Options) throws(Failure) -> Int32 {
        try refuseOperands(of: options)
        guard let project = options["--project"] else {
            throw Failure(.usage, "trend wants --project; see brahe trend --help")
        }
        let word = options["--metric"] ?? "energy"
        guard let metric = VersionTrend.Metric(rawValue: word) else {
            throw Failure(.usage, "option --metric: \(word) is none of energy, power, sci")
        }
        let scope = options["--scope"]
        if let scope, !["project", "workload", "namespace", "node"].contains(scope) {
            throw Failure(.usage, "option --scope: \(scope) is none of project, workload, namespace, node")
        }
        let records = try chosenRuns(options)
        let trends = VersionTrend.all(records, of: metric, scope: scope)
        guard !trends.isEmpty else {
            throw Failure(
                .dataMissing, "follow the \(word) of \(project): none of its \(records.count) runs succeeded and has it"
            )
        }
        let titles = trends.map { trend in
            [project, trend.configuration, scope].compactMap { $0 }.joined(separator: " ")
                + ": \(word) in \(trend.unit)"
        }
        if let path = options["--svg"] {
            guard trends.count == 1, let trend = trends.first, let title = titles.first else {
                let names = trends.map { "\($0.configuration ?? "none") in \($0.unit)" }.joined(separator: ", ")
                throw Failure(.usage, "option --svg: it is one picture, and there are \(names); choose with --config")
            }
            try OutputFile(path: path).replace(with: TrendPlot(Trend(trend, named: title)).svg)
        }
        if options["--json"] != nil {
            let document = JSON.object([
                "project": .string(project), "metric": .string(word), "scope": scope.map { .string($0) } ?? .null,
                "trends": .array(trends.map(\.json)),
            ])
            write(document.page, to: STDOUT_FILENO)
        } else {
            write(zip(titles, trends).map { "\($0)\n\n\($1.table)" }.joined(separator: "\n"), to: STDOUT_FILENO)
        }
        return 0
    }
}

extension Trend {
    /// A point for each version: the mean of its runs with its interval, or the one run with its bounds.
    fileprivate init(_ trend: VersionTrend, named title: String) {
        self.init(
            metric: title, unit: trend.unit,
            points: trend.versions.map { version in
                let single = version.runs.count == 1 ? version.runs.first : nil
                return Point(
                    version: version.name, runId: single?.name ?? "mean of \(version.runs.count) runs",
                    time: version.runs.last?.time?.description ?? "", value: version.mean,
                    lower: version.interval?.lower ?? single?.lower, upper: version.interval?.upper ?? single?.upper,
                    outlier: false)
            })
    }
}

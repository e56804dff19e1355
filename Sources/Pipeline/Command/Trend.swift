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
        usage: "--project NAME [--config NAME] [--metric energy|power|sci] [--scope SCOPE] [--json] [--html FILE]",
        options: runFilterOptions + [
            Option(name: "--metric", value: "WORD", help: "energy, power or sci (default energy)"),
            Option(
                name: "--scope", value: "SCOPE",
                help: "project, workload, namespace or node (default: what the run scores)"),
            runsOption,
            Option(name: "--json", value: nil, help: "print JSON, with the value of each run"),
            Option(name: "--html", value: "FILE", help: "write it there as a page for a browser"),
            Option(name: "--markdown", value: "FILE", help: "write it there as Markdown"),
            Option(name: "--svg", value: "FILE", help: "draw it there, if it is of one configuration"),
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
        let drawn = trends.map { Trend($0, of: project, metric: metric, scope: scope) }
        if let path = options["--svg"] {
            guard drawn.count == 1, let trend = drawn.first else {
                let names = trends.map { "\($0.configuration ?? "none") in \($0.unit)" }.joined(separator: ", ")
                throw Failure(.usage, "option --svg: it is one picture, and there are \(names); choose with --config")
            }
            try OutputFile(path: path).replace(with: TrendPlot(trend).svg)
        }
        if let path = options["--html"] { try OutputFile(path: path).replace(with: HTMLReport(trends: drawn).text) }
        if let path = options["--markdown"] {
            try OutputFile(path: path).replace(with: MarkdownReport(trends: drawn).text)
        }
        if options["--json"] != nil {
            let document = JSON.object([
                "project": .string(project), "metric": .string(word), "scope": scope.map { .string($0) } ?? .null,
                "trends": .array(trends.map(\.json)),
            ])
            write(document.page, to: STDOUT_FILENO)
        } else {
            let tables = zip(drawn, trends).map { "\($0.title) in \($1.unit)\n\n\($1.table)" }
            write(tables.joined(separator: "\n"), to: STDOUT_FILENO)
        }
        return 0
    }
}

extension Trend {
    fileprivate init(_ trend: VersionTrend, of project: String, metric: VersionTrend.Metric, scope: String?) {
        let word =
            switch metric {
            case .energy: "energy"
            case .power: "mean power"
            case .sci: "carbon (SCI)"
            }
        self.init(
            project: project, configuration: trend.configuration,
            metric: word + (metric == .sci ? "" : scope.map { " of the \($0)" } ?? ""), unit: trend.unit,
            versions: trend.versions.map { version in
                let single = version.runs.count == 1 ? version.runs.first : nil
                return Version(
                    name: version.name,
                    runs: version.runs.map { Run(id: $0.name, value: $0.value, outlier: $0.isOutlier) },
                    mean: version.mean, lower: version.interval?.lower ?? single?.lower,
                    upper: version.interval?.upper ?? single?.upper,
                    time: version.runs.last?.time?.description)
            })
    }
}

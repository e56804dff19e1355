import Documents
import Glibc
import Host
import Pages
import Plots
import Samples

extension Subcommand {
    static let query = Subcommand(
        name: "query",
        summary: "Asks a Prometheus for an expression and shows its values with their unit",
        usage: "'EXPRESSION' [OPTIONS]",
        options: PrometheusOptions.all + [
            Option(name: "--at", value: "TIME", help: "the moment: 2026-11-21T08:05:00Z or seconds (default now)"),
            Option(name: "--from", value: "TIME", help: "instead: a range, from there"),
            Option(name: "--to", value: "TIME", help: "to there (default now)"),
            Option(name: "--for", value: "TIME", help: "and so long, like 15m or 1h"),
            Option(name: "--step", value: "TIME", help: "between two values of a range (default a 250th of it)"),
            Option(name: "--unit", value: "UNIT", help: "show values in \(units)"),
            Option(name: "--json", value: nil, help: "print JSON"),
            Option(name: "--plot", value: nil, help: "plot a range, of the last hour unless another is named"),
        ],
        run: performQuery)

    private static let units = MetricUnit.allCases.map(\.rawValue).joined(separator: ", ")

    private static func performQuery(_ options: Options) throws(Failure) -> Int32 {
        guard let expression = options.operands.first, options.operands.count == 1 else {
            throw Failure(.usage, "query wants one expression, in quotes; see brahe query --help")
        }
        if options["--json"] != nil, options["--plot"] != nil { throw Failure(.usage, "--json excludes --plot") }
        guard let prometheus = try PrometheusOptions.client(options, usual: "http://127.0.0.1:9090") else { return 2 }
        let expressionInPlace = try instance(options, in: expression)
        let range = try range(options)
        let result =
            if let range {
                try QueryResult(
                    prometheus.query(expressionInPlace, from: range.start, to: range.end, step: range.step))
            } else {
                try QueryResult(prometheus.query(expressionInPlace, at: options.moment("--at") ?? .now))
            }
        let shown = try shown(options, expression, result)
        for note in result.notes { say(note) }
        if options["--json"] != nil {
            write(result.json(query: expression, shown).page, to: STDOUT_FILENO)
        } else if options["--plot"] != nil, let range {
            plot(result, shown, gap: Double(range.step) / 1000 * 1.5)
        } else {
            write(result.table(shown), to: STDOUT_FILENO)
        }
        return 0
    }

    /// The range that the options name, nil for a moment.
    private static func range(_ options: Options) throws(Failure) -> (start: Moment, end: Moment, step: Int64)? {
        let ofRange = ["--from", "--to", "--for", "--step"].filter { options[$0] != nil }
        guard !ofRange.isEmpty || options["--plot"] != nil else { return nil }
        if options["--at"] != nil { throw Failure(.usage, "option --at excludes \(ofRange.first ?? "--plot")") }
        let length = try options.duration("--for")
        if options["--from"] != nil, options["--to"] != nil, length != nil {
            throw Failure(.usage, "of --from, --to and --for one is too many")
        }
        let from = try options.moment("--from")
        let end = try options.moment("--to") ?? length.flatMap { length in from.map { $0 + length } } ?? .now
        let start = from ?? end + -(length ?? 3_600_000)
        guard end > start else { throw Failure(.usage, "a range from \(start) to \(end) has nothing in it") }
        let step = try options.duration("--step") ?? max((end - start) / 250 / 1000 * 1000, 1000)
        guard step > 0 else { throw Failure(.usage, "option --step: no time at all") }
        return (start, end, step)
    }

    /// A single metric's selector with the label `instance` that `--instance` asks for.
    private static func instance(_ options: Options, in expression: String) throws(Failure) -> String {
        guard let instance = options["--instance"] else { return expression }
        let matcher = "instance=\"\(Recording.escaped(instance))\""
        let isName = expression.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") }
        guard isName, !expression.isEmpty else {
            throw Failure(.usage, "option --instance is for a metric's name; write {\(matcher)} into the expression")
        }
        return "\(expression){\(matcher)}"
    }

    /// In what unit values are shown: the one asked for, or the one that the names tell.
    private static func shown(
        _ options: Options, _ expression: String, _ result: QueryResult
    ) throws(Failure) -> QueryResult.Shown {
        let units = Set(result.series.map { $0.name.isEmpty ? nil : MetricUnit(metric: $0.name) })
        let known = (units.count == 1 ? units.first ?? nil : nil) ?? MetricUnit(expression: expression)
        guard let name = options["--unit"] else { return .init(unit: known?.rawValue ?? "") }
        guard let wanted = MetricUnit(rawValue: name) else {
            throw Failure(.usage, "option --unit: \(name) is none of \(Self.units)")
        }
        guard let known else {
            say("what unit \(expression) has is not known; its values are taken to be \(name)")
            return .init(unit: name)
        }
        guard let factor = known.factor(to: wanted) else {
            throw Failure(
                .usage, "option --unit: \(expression) is in \(known.rawValue), which no factor turns into \(name)")
        }
        return .init(factor: factor, unit: name)
    }

    private static func plot(_ result: QueryResult, _ shown: QueryResult.Shown, gap: Double) {
        var size = winsize()
        let isTerminal = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
        let columns = size.ws_col > 20 ? Int(size.ws_col) : Environment["COLUMNS"].flatMap(Int.init) ?? 80
        func mean(_ one: Series) -> Double {
            let numbers = one.samples.map(\.value).filter(\.isFinite)
            return numbers.reduce(0, +) / Double(max(numbers.count, 1))
        }
        let titles = result.series.count > 1 ? result.titles : [""]
        let lines = zip(result.series, titles).sorted { mean($0.0) > mean($1.0) }.map { one, title in
            TerminalPlot.Line(
                name: title, points: one.samples.map { (Double($0.time) / 1000, $0.value * shown.factor) })
        }
        if lines.count > TerminalPlot.limit {
            say(
                "\(lines.count) series; the \(TerminalPlot.limit) greatest are plotted"
            )
        }
        let plot = TerminalPlot(lines, unit: shown.unit, isColoured: isTerminal && Environment["NO_COLOR"] == nil)
        write(plot.text(columns: min(max(columns, 30), 400), gap: gap), to: STDOUT_FILENO)
    }
}

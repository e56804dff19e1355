import Archive
import Documents
import Glibc
import Host
import Storage

extension Subcommand {
    static let runs = Subcommand(
        name: "runs",
        summary: "Lists runs of the pipeline with what they measured",
        usage: "[--project NAME] [--config NAME] [--version V] [--status S] [--since TIME] [--json]",
        options: runFilterOptions + [
            Option(
                name: "--status", value: "WORD",
                help: "only those that succeeded, failed, are invalid, unreported, unreadable"),
            runsOption,
            Option(name: "--json", value: nil, help: "print JSON"),
        ],
        run: performRuns)

    /// The options that choose runs, for every command that reads many.
    static let runFilterOptions = [
        Option(name: "--project", value: "NAME", help: "only runs of this project"),
        Option(name: "--config", value: "NAME", help: "only runs of this configuration"),
        Option(name: "--version", value: "VERSION", help: "only runs of this version"),
        Option(
            name: "--since", value: "TIME",
            help: "only runs since a date like 2026-11-21, or for so long, like 12h or 30d"),
    ]

    /// The runs that the options ask for.
    static func chosenRuns(_ options: Options) throws(Failure) -> [RunRecord] {
        var filter = RunFilter()
        filter.project = options["--project"]
        filter.configuration = options["--config"]
        filter.version = options["--version"]
        filter.status = options["--status"]
        if let since = options["--since"] {
            if let duration = try? options.duration("--since") {
                filter.since = .now + -duration
            } else if let date = Options.moment(in: since) {
                filter.since = date
            } else {
                throw Failure(
                    .usage, "option --since: \(since) is neither a date like 2026-11-21 nor a duration like 12h")
            }
        }
        let runs = options["--runs"] ?? "runs"
        guard Files.exists(runs) else { throw Failure(.configuration, "list the runs in \(runs): it is not there") }
        return RunIndex(runs: runs).records().filter(filter.takes)
    }

    private static func performRuns(_ options: Options) throws(Failure) -> Int32 {
        try refuseOperands(of: options)
        let words = ["succeeded", "failed", "invalid", "unreported", "unreadable"]
        if let status = options["--status"], !words.contains(status) {
            throw Failure(.usage, "option --status: \(status) is none of \(words.joined(separator: ", "))")
        }
        let records = try chosenRuns(options)
        if options["--json"] != nil {
            write(JSON.object(["runs": .array(records.map(\.json))]).page, to: STDOUT_FILENO)
        } else if records.isEmpty {
            write("no such runs\n", to: STDOUT_FILENO)
        } else {
            write(RunRecord.table(records), to: STDOUT_FILENO)
        }
        return records.contains { $0.status == "unreadable" } ? Failure.Exit.configuration.rawValue : 0
    }
}

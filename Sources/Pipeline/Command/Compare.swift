import Documents
import Glibc
import Host
import Plots
import Results

extension Subcommand {
    static let compare = Subcommand(
        name: "compare",
        summary: "Sets arms of repeated runs against each other, and says which uses more",
        usage:
            "ARM ARM... [OPTIONS]\n       brahe compare --by config|version [--runs DIR] [--project NAME] [OPTIONS]\n\n"
            + "An ARM is NAME=RUN,RUN,... or NAME=FOLDER/ or NAME=FILE, or one of these without a name: runs by name or\n"
            + "folder, a folder of runs, run.json files, or what `brahe measure --record` wrote",
        options: [
            Option(name: "--baseline", value: "ARM", help: "what the others are compared with (default the first arm)"),
            Option(name: "--margin", value: "PART", help: "how far apart is still equivalent (default 2%)"),
            Option(name: "--metric", value: "NAME", help: "only this one, the first is the primary; again for more"),
            Option(name: "--by", value: "WORD", help: "arms are the runs of one config, or of one version"),
            runsOption,
            Option(name: "--project", value: "NAME", help: "with --by: only runs of this project"),
            Option(name: "--config", value: "NAME", help: "with --by: only runs of this configuration; again for more"),
            Option(name: "--version", value: "NAME", help: "with --by: only runs of this version; again for more"),
            Option(name: "--include-invalid", value: nil, help: "count runs that failed or are invalid, too"),
            Option(name: "--json", value: "FILE", help: "also write the comparison there as JSON"),
            Option(name: "--markdown", value: "FILE", help: "also write it there as Markdown"),
            Option(name: "--html", value: "FILE", help: "also write it there as a page with plots"),
            Option(name: "--require-verdict", value: nil, help: "exit code 11 if the primary metric has none"),
        ],
        run: performCompare)

    private static func performCompare(_ options: Options) throws(Failure) -> Int32 {
        var settings = Comparing.Settings()
        settings.margin = try margin(options)
        settings.metrics = options.all("--metric")
        settings.takesAll = options["--include-invalid"] != nil
        let file = try output("--json", options)
        let markdown = try output("--markdown", options)
        let page = try output("--html", options)
        var arms = try ComparedArms.named(by: options)
        if let baseline = options["--baseline"] {
            guard let place = arms.firstIndex(where: { $0.name == baseline }) else {
                let names = arms.map(\.name).joined(separator: ", ")
                throw Failure(.usage, "option --baseline: there is no arm \(baseline); there are \(names)")
            }
            arms.insert(arms.remove(at: place), at: 0)
        }
        let document: CompareDocument
        let json: String
        do {
            document = try Comparing.document(of: arms, settings)
            json = try JSON(exactly: document).page
        } catch {
            throw Failure(.configuration, "compare \(arms.map(\.name).joined(separator: ", ")): \(error)")
        }
        write(CompareText(document).text, to: STDOUT_FILENO)
        try file?.replace(with: json)
        try markdown?.replace(with: MarkdownReport(compare: document).text)
        try page?.replace(with: HTMLReport(compare: document).text)
        let verdicts = document.comparisons.filter { $0.metric == document.primary }.map(\.verdict)
        if verdicts.contains(.regression) { return Failure.Exit.regression.rawValue }
        if options["--require-verdict"] != nil, verdicts.isEmpty || verdicts.contains(.inconclusive) {
            return Failure.Exit.inconclusive.rawValue
        }
        return 0
    }

    private static func output(_ name: String, _ options: Options) throws(Failure) -> OutputFile? {
        guard let path = options[name] else { return nil }
        return try OutputFile(path: path)
    }

    /// `2%` or `0.02`.
    private static func margin(_ options: Options) throws(Failure) -> Double {
        guard let text = options["--margin"] else { return 0.02 }
        let number = text.hasSuffix("%") ? Double(text.dropLast()).map { $0 / 100 } : Double(text)
        guard let number, number > 0, number < 1 else {
            throw Failure(.usage, "option --margin: \(text) is not a part like 2% or 0.02, above 0 and below 100%")
        }
        return number
    }
}

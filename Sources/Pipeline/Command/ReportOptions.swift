import Documents
import Glibc
import Host
import Pages
import Plots
import Reports
import Results
import Runs
import Samples
import Stages

/// The options of `brahe report`.
enum ReportOptions {
    /// For a window that is no run's.
    static let ofWindow =
        [
            Option(name: "--agent", value: "URL", help: "read this agent meanwhile; may be given for several nodes"),
            Option(name: "--file", value: "PATH", help: "samples.om, or saved pages; may be given several times"),
            Option(
                name: "--from", value: "TIME", help: "where the window begins, like 2026-11-21T08:05:00Z or 1795248300"),
            Option(
                name: "--to", value: "TIME", help: "where it ends (default: two scrapes ago; of a file its last sample)"
            ),
            Option(name: "--for", value: "TIME", help: "how long it is (default 30s of an agent, 1h of the past)"),
            Option(name: "--interval", value: "TIME", help: "between two readings of an agent (default 5s)"),
            Option(name: "--baseline", value: "FROM/TO", help: "a quiet window, whose power is taken off the node's"),
            Option(name: "--idle", value: "FROM/TO", help: "one in which the pods were idle, taken off theirs too"),
            Option(name: "--namespace", value: "NAME", help: "the pods that matter; may be given several times"),
            Option(name: "--pod", value: "NS/NAME", help: "a pod that matters; may be given several times"),
            Option(
                name: "--project", value: "NAME", help: "take its metrics, factors, unit, namespace of projects.json"),
            Option(name: "--projects", value: "FILE", help: "that list (default \(PipelineOptions.usualList))"),
            Option(name: "--zone", value: "NAMES", help: "psys, or zones joined by + (default package+dram+other)"),
            PipelineOptions.platformWatts,
            Option(name: "--factors", value: "FILE", help: "what turns energy into carbon; see docs/report.md"),
            Option(name: "--unit", value: "NAME=N", help: "what the score is per, and how many there were"),
        ] + PrometheusOptions.all

    /// What becomes of a report.
    static let outputs = [
        Option(name: "--json", value: "FILE", help: "write it there as JSON"),
        Option(name: "--html", value: "FILE", help: "write it there as a page for a browser"),
        Option(name: "--markdown", value: "FILE", help: "write it there as Markdown"),
        Option(name: "--samples", value: "FILE", help: "write the samples there as OpenMetrics"),
        Option(name: "--folder", value: "DIR", help: "write all of it there"),
    ]

    static let all =
        ofWindow + outputs + ofRun + PipelineOptions.storage

    /// For a run that is there.
    static let ofRun = [
        Option(name: "--verify", value: nil, help: "make every derived number of a run again and compare"),
        Option(name: "--backfill", value: "DIR", help: "store as blocks in the folder of that Prometheus, by promtool"),
    ]
}

/// Where a report goes besides the terminal; opened before the work, so that a wrong path does not waste it.
struct ReportOutputs: ~Copyable {
    private let json: OutputFile?
    private let html: OutputFile?
    private let markdown: OutputFile?
    private let samples: OutputFile?
    private let folder: String?

    init(_ options: Options) throws(Failure) {
        func file(_ name: String) throws(Failure) -> OutputFile? {
            if let path = options[name] { try OutputFile(path: path) } else { nil }
        }
        let json = try file("--json")
        let html = try file("--html")
        let markdown = try file("--markdown")
        let samples = try file("--samples")
        if let folder = options["--folder"] { try Files.makeFolder(folder) }
        self.json = json
        self.html = html
        self.markdown = markdown
        self.samples = samples
        folder = options["--folder"]
    }

    /// Prints the report and writes it to wherever it was asked for.
    borrowing func write(_ document: RunDocument, _ recording: Recording?) throws(Failure) {
        Host.write(TextReport(run: document).text, to: STDOUT_FILENO)
        try json?.replace(with: document.page())
        try html?.replace(with: HTMLReport(run: document).text)
        try markdown?.replace(with: MarkdownReport(run: document).text)
        if samples != nil || folder != nil, recording == nil {
            throw Failure(.dataMissing, "write the samples of \(document.runId): there are none")
        }
        if let recording { try samples?.replace(with: recording.openMetrics) }
        guard let folder, let recording else { return }
        let files = ReportFolder(path: folder)
        try recording.write(to: files.samples)
        try files.write(document)
        try files.seal(ReportFolder.names)
    }
}

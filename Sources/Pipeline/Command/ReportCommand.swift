import Documents
import Glibc
import Host
import Pages
import Reports
import Results
import Runs
import Samples
import Stages

extension Subcommand {
    static let report = Subcommand(
        name: "report",
        summary: "Reports the energy of a run, or of any window: from Prometheus, agents or a file",
        usage: "[RUN | --prometheus URL | --agent URL | --file PATH] [OPTIONS]",
        options: ReportOptions.all + [runsOption],
        run: performReport)

    private static func performReport(_ options: Options) throws(Failure) -> Int32 {
        guard options.operands.count < 2 else {
            throw Failure(.usage, "report takes one run; it got \(options.operands.joined(separator: " "))")
        }
        if let name = options.operands.first {
            let credentials = Set(PrometheusOptions.credentials.map(\.name))
            let given = ReportOptions.ofWindow.first { options[$0.name] != nil && !credentials.contains($0.name) }
            if let given { throw Failure(.usage, "option \(given.name) is for a window that is no run's") }
            return try report(on: name, options)
        }
        let orphan = ["--verify", "--backfill", "--store"].first { options[$0] != nil }
        if let orphan { throw Failure(.usage, "option \(orphan) wants a run, or a folder with a report") }
        let outputs = try ReportOutputs(options)
        Interruption.hold()
        let (document, recording) = try WindowReport(options).make()
        try outputs.write(document, recording)
        if let failure = document.failure { say(failure) }
        return document.status == .succeeded ? 0 : Failure.Exit.dataMissing.rawValue
    }

    /// Shows the report of a run that is there, or verifies it.
    private static func report(on name: String, _ options: Options) throws(Failure) -> Int32 {
        let folder = try folder(of: name, options)
        let path = folder.map { $0.document } ?? name
        if options["--verify"] != nil { return try verify(path, samples: folder?.samples) }
        let outputs = try ReportOutputs(options)
        let document = try RunDocument(file: path)
        let samples = try folder.flatMap { folder in Files.exists(folder.samples) ? folder.samples : nil }
            .map { path throws(Failure) in try Recording(files: [path]) }
        try outputs.write(document, samples)
        guard let storage = try PipelineOptions.storageOf(options) else {
            guard options["--backfill"] == nil else {
                throw Failure(.usage, "option --backfill wants --store, the Prometheus that runs over the folder")
            }
            return 0
        }
        guard let folder else { throw Failure(.usage, "option --store wants a run, or a folder with a report") }
        let count = try storage.store(folder, backfill: options["--backfill"])
        say("\(count) samples are stored in \(storage.url)")
        return 0
    }

    /// The folder that a name means: a run's, or any folder with a report; nil for a file.
    private static func folder(of name: String, _ options: Options) throws(Failure) -> ReportFolder? {
        if Files.exists(name + "/run.json") { return ReportFolder(path: name) }
        if name.hasSuffix(".json"), Files.exists(name) { return nil }
        return ReportFolder(path: try RunFolder.find(name, in: options["--runs"] ?? "runs").path)
    }

    /// Makes everything derived in a document again and says what does not agree.
    private static func verify(_ path: String, samples: String?) throws(Failure) -> Int32 {
        let text = try Files.read(path)
        let json: JSON
        do {
            json = try JSON(parsing: text)
        } catch {
            throw Failure(.configuration, "read \(path): \(error)")
        }
        let recording = try samples.flatMap { Files.exists($0) ? $0 : nil }
            .map { path throws(Failure) in try Recording(files: [path]) }
        var faults: [String] = []
        do {
            faults += try Schema.run().faults(in: json).map { "\($0)" }
        } catch {
            throw Failure(.configuration, "read the schema: \(error)")
        }
        faults += Verification(of: json, recording: recording).mismatches.map(\.description)
        for fault in faults { write("\(path): \(fault)\n", to: STDOUT_FILENO) }
        guard faults.isEmpty else {
            throw Failure(.dataMissing, "verify \(path): \(faults.count) of its statements do not hold")
        }
        let basis = recording == nil ? "itself (there are no samples beside it)" : "its samples"
        write("\(path): every derived number follows from \(basis)\n", to: STDOUT_FILENO)
        return 0
    }
}

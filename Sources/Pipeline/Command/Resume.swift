import Documents
import Host
import Runs

/// The way of every command that leads a run: `pipeline`, `deploy`, `run`, `resume`, `cleanup`.
enum Leading {
    static let options = [
        Subcommand.runsOption,
        Option(name: "--lock", value: "FILE", help: "what only one run has at a time (default \(RunLock.usual))"),
        Option(name: "--queue", value: nil, help: "wait while another run has it, in the order of arrival"),
        Option(name: "--log-format", value: "KIND", help: "terminal, plain or json (default: what suits stderr)"),
    ]

    /// Leads a run to the aim; returns what the process is to end with.
    ///
    /// `prepare` makes the stages from what was asked and what the conductor needs besides.
    static func lead(
        _ folder: RunFolder, to aim: Conductor.Aim, _ options: Options,
        stages: (RunFolder, JSON) throws(Failure) -> [any Stage],
        prepare: (Conductor) -> Void
    ) throws(Failure) -> Int32 {
        let progress = try Progress.usual(format: options["--log-format"])
        let stages = try stages(folder, folder.asked())
        Interruption.hold()
        let conductor = Conductor(folder: folder, file: try JournalFile(folder), stages: stages, progress: progress)
        prepare(conductor)
        return conductor.run(aim)
    }

    /// The run that the first operand names.
    static func run(_ options: Options, command: String) throws(Failure) -> RunFolder {
        guard let name = options.operands.first, options.operands.count == 1 else {
            throw Failure(.usage, "\(command) wants a run; see brahe \(command) --help")
        }
        return try RunFolder.find(name, in: options["--runs"] ?? "runs")
    }

    /// How the lock stage waits for its turn; nil if it should not.
    static func turn(_ options: Options, _ context: Context) -> ((String) throws(Failure) -> Void)? {
        guard options["--queue"] != nil else { return nil }
        return { reason throws(Failure) in
            context.waits(for: reason)
            try context.pause(milliseconds: 500)
        }
    }
}

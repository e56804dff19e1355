import Course
import Documents
import Glibc
import Host
import Runs
import Stages

extension Subcommand {
    static let pipeline = Subcommand(
        name: "pipeline",
        summary: "Deploys a project, measures it under its benchmark, reports and cleans up",
        usage: "--project NAME --version VERSION [OPTIONS] [-- COMMAND ...]",
        options: PipelineOptions.all + PipelineOptions.repetition + [dryRun],
        run: { options throws(Failure) in
            if let runs = try RepeatedRuns(options) { return try runs.perform() }
            if options["--dry-run"] != nil { return try performPlan(options) }
            return try start(options, to: .end)
        })

    static let deploy = Subcommand(
        name: "deploy",
        summary: "Only deploys a project, until the very version asked for runs; prints the run's name",
        usage: "--project NAME --version VERSION [OPTIONS]",
        options: PipelineOptions.all + [dryRun],
        run: { options throws(Failure) in
            if options["--dry-run"] != nil { return try performPlan(options) }
            return try start(options, to: .through(.ready))
        })

    static let run = Subcommand(
        name: "run",
        summary: "Runs the benchmark against what `brahe deploy` has deployed, measures and reports",
        usage: "RUN [OPTIONS]",
        options: PipelineOptions.resumption,
        run: { options throws(Failure) in try take(options, command: "run", to: .through(.report)) })

    static let resume = Subcommand(
        name: "resume",
        summary: "Takes up a run that was cut off, and leads it to its end",
        usage: "RUN [OPTIONS]",
        options: PipelineOptions.resumption,
        run: { options throws(Failure) in try take(options, command: "resume", to: .end) })

    static let plan = Subcommand(
        name: "plan",
        summary: "Prints every request and command of a run, and makes none of them",
        usage: "--project NAME --version VERSION [OPTIONS] [-- COMMAND ...]",
        options: PipelineOptions.all,
        run: performPlan)

    private static let dryRun = Option(name: "--dry-run", value: nil, help: "print what would be done, and do nothing")

    /// Begins a new run; `began` is told of its folder.
    static func start(
        _ options: Options, to aim: Conductor.Aim, began: (RunFolder) -> Void = { _ in }
    ) throws(Failure) -> Int32 {
        var request = try PipelineOptions.request(options)
        // A deployment alone needs no baseline unless one is asked for.
        if aim != .end, options["--baseline"] == nil { request.durations.baseline = 0 }
        let progress = try Progress.usual(format: options["--log-format"])
        let project = request.project
        let identifier = RunIdentifier(
            at: .now, project: project.name, configuration: project.configuration, version: project.version)
        var malformed: (any Error)?
        let folder = try RunFolder.create(in: PipelineOptions.runs(options), identifier) { name in
            request.run = name
            do {
                return try JSON(of: request)
            } catch {
                malformed = error
                return .null
            }
        }
        if let malformed { throw Failure(.dataMissing, "write \(folder.request): \(malformed)") }
        began(folder)
        progress.say("run \(folder.id) in \(folder.path)")
        let code = try Assembly(folder).lead(to: aim, progress)
        return tell(folder, aim, code)
    }

    /// Goes on with a run that is there.
    private static func take(
        _ options: Options, command: String, to aim: Conductor.Aim
    ) throws(Failure) -> Int32 {
        guard let name = options.operands.first, options.operands.count == 1 else {
            throw Failure(.usage, "\(command) wants a run; see brahe status")
        }
        let folder = try RunFolder.find(name, in: PipelineOptions.runs(options))
        let progress = try Progress.usual(format: options["--log-format"])
        let code = try Assembly(folder).lead(to: aim, progress)
        return tell(folder, aim, code)
    }

    /// What a person or a script needs next: the report, or the name of the run.
    private static func tell(_ folder: RunFolder, _ aim: Conductor.Aim, _ code: Int32) -> Int32 {
        guard code == 0 else { return code }
        if aim == .through(.ready) {
            write("\(folder.id)\n", to: STDOUT_FILENO)
        } else if let text = try? Files.read(folder.reportText) {
            write(text, to: STDOUT_FILENO)
        }
        return code
    }

    static func performPlan(_ options: Options) throws(Failure) -> Int32 {
        var request = try PipelineOptions.request(options)
        let project = request.project
        request.run = RunIdentifier(
            at: .now, project: project.name, configuration: project.configuration, version: project.version
        ).name(number: 1)
        let folder = RunFolder(path: "\(PipelineOptions.runs(options))/\(request.run)")
        write(try Conductor.plan(Assembly(request, in: folder).stages), to: STDOUT_FILENO)
        return 0
    }
}

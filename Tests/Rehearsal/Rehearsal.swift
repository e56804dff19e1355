import Course
import Documents
import Glibc
import Host
import Runs

/// A run of a pipeline whose cluster is a folder of files: `Rehearsal WORLD [OPTIONS]`.
///
/// `--run ID` takes up that run instead of beginning one. `--aim clear` only clears, `--aim STEP` goes no further than
/// that. `--queue` waits for the lock. `--hold MS` makes every step last. `--window MS` is how long the window is, and
/// `--lost` says that a part of it was not measured. `--fail STEP`, `--die STEP` and `--signal STEP:NUMBER` make a step
/// fail, kill the process in the middle of its work or send it a signal; several of them are separated by commas.
@main
struct Rehearsal {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        Interruption.hold()
        do {
            let world = World(CommandLine.arguments)
            exit(try world.run())
        } catch {
            say(error.message)
            exit(error.exit.rawValue)
        }
    }
}

/// The emulated cluster and what is to happen in it.
struct World {
    let path: String
    private var options: [String: String] = [:]

    init(_ arguments: [String]) {
        path = arguments.count > 1 ? arguments[1] : "."
        var name = ""
        for argument in arguments.dropFirst(2) {
            if argument.hasPrefix("--") {
                name = argument
                options[name] = ""
            } else {
                options[name] = argument
            }
        }
    }

    subscript(name: String) -> String? { options[name] }
    func milliseconds(_ name: String) -> Int64 { self[name].flatMap { Int64($0) } ?? 0 }
    /// Whether an option's list has this step; what follows a colon behind it.
    func has(_ name: String, _ step: Step) -> [String] {
        (self[name] ?? "").split(separator: ",").filter { $0 == step.rawValue || $0.hasPrefix(step.rawValue + ":") }
            .map { $0.split(separator: ":").last.map(String.init) ?? "" }
    }

    var lease: String { path + "/lease" }
    func objects(of run: String) -> [String] {
        Files.names(in: path + "/cluster").filter { $0.hasPrefix(run) }.map { path + "/cluster/" + $0 }
    }

    func run() throws(Failure) -> Int32 {
        let folder: RunFolder
        if let id = self["--run"] {
            folder = try RunFolder.find(id, in: path + "/runs")
        } else {
            let name = RunIdentifier(
                at: Moment(milliseconds: 1_795_248_000_000), project: "rehearsal", configuration: nil, version: "1.0")
            folder = try RunFolder.create(in: path + "/runs", name) { ["run": .string($0)] }
        }
        let progress = try Progress.usual(format: self["--log-format"])
        let stages = Step.allCases.map { RehearsedStage(step: $0, world: self) }
        let conductor = Conductor(folder: folder, file: try JournalFile(folder), stages: stages, progress: progress)
        conductor.windowIsComplete = { _ in self["--lost"] == nil }
        conductor.whenFailed = { context, setback throws(Failure) in
            let report: JSON = ["valid": false, "reason": .string(setback.message)]
            try Files.replace(context.folder.report, with: report.page)
        }
        let aim: Conductor.Aim =
            switch self["--aim"] {
            case nil: .end
            case "clear": .clear
            case .some(let word): .through(Step(rawValue: word) ?? .report)
            }
        return conductor.run(aim)
    }
}

/// One step's work on the files.
final class RehearsedStage: Stage {
    let step: Step
    private let world: World
    private var lock: RunLock?

    init(step: Step, world: World) {
        self.step = step
        self.world = world
    }

    func perform(_ context: Context) throws(Failure) -> JSON {
        let run = context.folder.id
        for number in world.has("--signal", step) { kill(getpid(), Int32(number) ?? 0) }
        let detail = try work(context, run)
        let trace = open(world.path + "/trace", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        write("\(run) \(step.rawValue)\n", to: trace)
        close(trace)
        do {
            try context.pause(milliseconds: world.milliseconds("--hold"))
        } catch {
            // Who does not get the lock has nothing of it.
            if step == .lock { unlink(world.lease) }
            throw error
        }
        guard world.has("--fail", step).isEmpty else {
            throw Failure(step == .benchmark ? .benchmark : .deploy, "\(step.rawValue) was told to fail")
        }
        return detail
    }

    private func work(_ context: Context, _ run: String) throws(Failure) -> JSON {
        switch step {
        case .lock: try takeLock(context, run)
        case .deploy:
            try put("\(run)-a")
            dieIfTold()
            try put("\(run)-b")
            return ["objects": ["a", "b"]]
        case .ready:
            guard world.objects(of: run).count > 1 else { throw Failure(.deploy, "an object is not ready") }
        case .benchmark: try put("\(run)-load")
        case .window: return try measure(context, run)
        case .report:
            guard let ended = context.detail(of: .window)["ended"].string else {
                throw Failure(.dataMissing, "the window has no end")
            }
            try Files.replace(context.folder.report, with: (["valid": true, "ended": .string(ended)] as JSON).page)
        case .cleanup:
            for object in world.objects(of: run) {
                unlink(object)
                dieIfTold()
            }
        case .verify:
            guard world.objects(of: run).isEmpty else { throw Failure(.cleanup, "objects are still there") }
        case .unlock:
            if (try? Files.read(world.lease)) == run { unlink(world.lease) }
            dieIfTold()
        default: break
        }
        return [:]
    }

    private func takeLock(_ context: Context, _ run: String) throws(Failure) {
        let wait = { (reason: String) throws(Failure) in
            context.waits(for: reason)
            try context.pause(milliseconds: 5)
        }
        lock = try RunLock(world.path + "/lock", run: run, wait: world["--queue"] == nil ? nil : wait)
        try RunFolder.refuseUnclean(in: context.folder.runs, except: run)
        if let holder = try? Files.read(world.lease), holder != run {
            throw Failure(.locked, "the lease is that of \(holder)")
        }
        try Files.replace(world.lease, with: run)
        dieIfTold()
    }

    private func measure(_ context: Context, _ run: String) throws(Failure) -> JSON {
        if context.journal.window == nil {
            let began = context.time.now()
            try context.note([
                "began": .string(began.description),
                "ends": .string((began + world.milliseconds("--window")).description),
            ])
        }
        while let ends = context.journal.window?.ends, context.time.now() < ends {
            context.waits(for: "the end of the window at \(ends)")
            try context.pause(milliseconds: min(50, ends - context.time.now()))
        }
        guard world.objects(of: run).count == 3 else { throw Failure(.benchmark, "the load went away") }
        return ["ended": .string(context.time.now().description)]
    }

    private func put(_ name: String) throws(Failure) {
        try Files.makeFolder(world.path + "/cluster")
        try Files.replace(world.path + "/cluster/" + name, with: "")
    }

    private func dieIfTold() {
        if !world.has("--die", step).isEmpty { kill(getpid(), SIGKILL) }
    }
}

import Documents
import Host
import Results
import Runs

/// The arms of a comparison as the command line names them.
enum ComparedArms {
    /// The arms that the operands name, or those that `--by` makes of a folder of runs.
    static func named(by options: Options) throws(Failure) -> [Comparing.Arm] {
        let runs = PipelineOptions.runs(options)
        if let word = options["--by"] {
            guard options.operands.isEmpty else { throw Failure(.usage, "option --by excludes named arms") }
            return try grouped(by: word, in: runs, options)
        }
        for name in ["--project", "--config", "--version"] where options[name] != nil {
            throw Failure(.usage, "option \(name) is for --by")
        }
        guard options.operands.count > 1 else {
            throw Failure(.usage, "compare wants at least two arms; see brahe compare --help")
        }
        var arms: [Comparing.Arm] = []
        for operand in options.operands { arms.append(try arm(operand, in: runs)) }
        return arms
    }

    /// `NAME=PLACE,PLACE,...`, or a place alone, which gives the name.
    private static func arm(_ operand: String, in runs: String) throws(Failure) -> Comparing.Arm {
        let parts = operand.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        // A path may have an equals sign in it.
        let isNamed = parts.count == 2 && !parts[0].isEmpty && !parts[0].contains("/")
        let places = (isNamed ? parts[1] : operand).split(separator: ",").map(String.init)
        var members: [ComparedRun] = []
        for place in places { members += try Self.members(place, in: runs) }
        guard !members.isEmpty else { throw Failure(.configuration, "find the runs of \(operand): there are none") }
        return Comparing.Arm(isNamed ? parts[0] : name(of: operand), runs: members)
    }

    /// The last part of a path, without what tells the kind of a file.
    private static func name(of path: String) -> String {
        let last = path.split(separator: "/").last.map(String.init) ?? path
        return last.hasSuffix(".jsonl") ? String(last.dropLast(6)) : last
    }

    /// What is at a place: a run's folder, a folder of runs, a run.json, a file of recorded steps, or a run by its name.
    private static func members(_ place: String, in runs: String) throws(Failure) -> [ComparedRun] {
        let path = place.count > 1 && place.hasSuffix("/") ? String(place.dropLast()) : place
        guard Files.exists(path) else {
            return [try run(RunFolder.find(place, in: runs))]
        }
        guard Files.exists(path + "/.") else { return try file(path) }
        let folder = RunFolder(path: path)
        if Files.exists(folder.report) { return [try run(folder)] }
        var members: [ComparedRun] = []
        for name in Files.names(in: path) {
            let inner = RunFolder(path: "\(path)/\(name)")
            if Files.exists(inner.report) || Files.exists(inner.journal) { members.append(try run(inner)) }
        }
        guard !members.isEmpty else {
            throw Failure(.configuration, "read \(path): it has no run.json, and no folder in it is a run's")
        }
        return members
    }

    private static func file(_ path: String) throws(Failure) -> [ComparedRun] {
        let text = try Files.read(path)
        if let json = try? JSON(parsing: text), json["schema"].string != StepRecord.schema {
            return [ComparedRun(try document(json, from: path))]
        }
        do {
            return ComparedRun.repetitions(of: try StepRecord.records(parsing: text), named: name(of: path))
        } catch {
            throw Failure(.configuration, "read \(path) as recorded steps: \(error)")
        }
    }

    /// A run as it was reported; one that has not come so far is named and has no numbers.
    private static func run(_ folder: RunFolder) throws(Failure) -> ComparedRun {
        guard Files.exists(folder.report) else {
            return ComparedRun(id: folder.id, objection: "it has no run.json", quantities: [])
        }
        return ComparedRun(try document(at: folder.report))
    }

    private static func document(at path: String) throws(Failure) -> RunDocument {
        let text = try Files.read(path)
        do {
            return try document(JSON(parsing: text), from: path)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.configuration, "read \(path): \(error)")
        }
    }

    private static func document(_ json: JSON, from path: String) throws(Failure) -> RunDocument {
        guard json["schema"].string == RunDocument.schema else {
            let what = json["schema"].string ?? "none"
            throw Failure(.configuration, "read \(path): its schema is \(what) and not \(RunDocument.schema)")
        }
        do {
            return try json.value(exactly: RunDocument.self)
        } catch {
            throw Failure(.configuration, "read \(path): \(error)")
        }
    }

    /// The runs of a folder by their configuration or version, in the order in which each first ran.
    private static func grouped(by word: String, in runs: String, _ options: Options) throws(Failure) -> [Comparing.Arm]
    {
        guard word == "config" || word == "version" else {
            throw Failure(.usage, "option --by: \(word) is neither config nor version")
        }
        func passes(_ name: String, _ value: String?) -> Bool {
            let wanted = options.all(name)
            return wanted.isEmpty || value.map { wanted.contains($0) } ?? false
        }
        var arms: [Comparing.Arm] = []
        var projects: Set<String> = []
        for folder in RunFolder.all(in: runs) where Files.exists(folder.report) {
            let document = try document(at: folder.report)
            guard let project = document.cncfProject, passes("--project", project.name),
                passes("--config", project.config), passes("--version", project.version)
            else { continue }
            projects.insert(project.name)
            let name = word == "config" ? project.config ?? "(none)" : project.version
            if let place = arms.firstIndex(where: { $0.name == name }) {
                arms[place].runs.append(ComparedRun(document))
            } else {
                arms.append(Comparing.Arm(name, runs: [ComparedRun(document)]))
            }
        }
        guard projects.count < 2 else {
            throw Failure(
                .usage, "\(runs) has runs of \(projects.sorted().joined(separator: ", ")); choose with --project")
        }
        guard arms.count > 1 else {
            let found = arms.first.map { "only \($0.name)" } ?? "no run that fits"
            throw Failure(.configuration, "compare the runs in \(runs) by \(word): there is \(found)")
        }
        return arms
    }
}

import Documents
import GitHub
import Glibc
import Host
import Registry

/// One look at all projects, and the runs that follow from it.
struct TriggerRound {
    private let settings: TriggerSettings
    private let book: StateBook
    private let api: API
    private var outcomes: [Outcome] = []

    /// What came of one target, or of a project whose version could not be found.
    private struct Outcome {
        let subject: String
        let words: String
        /// 0 if all is well.
        let code: Int32
    }

    init(_ settings: TriggerSettings) throws(Failure) {
        self.settings = settings
        let token = try Token.find(file: settings.tokenFile)
        api = try API(base: settings.base, token: token, times: settings.times) { say($0) }
        book = try StateBook(settings.place.open(waiting: settings.times.limit))
    }

    /// Does it all; one project that fails does not keep the others from it. Returns the exit code of the first failure.
    mutating func run() throws(Failure) -> Int32 {
        let (settings, book) = (settings, book)
        let work = try Self.work(settings)
        defer { writeSummary() }
        let dispatcher = settings.workflow.map { workflow in
            Dispatcher(
                api: api, book: book, workflow: workflow, wait: settings.wait, tries: settings.tries, tell: { say($0) })
        }
        for project in work {
            for (configuration, version) in try versions(of: project) {
                let target = Target(
                    project: project.name, configuration: configuration, version: version,
                    ref: settings.workflow?.ref ?? "")
                let runs = settings.repeats ?? project.repeats
                // Whoever names a version wants it measured, also once more.
                let forced = settings.forced || settings.version != nil
                if let dispatcher {
                    try note(target.title) { () throws(Failure) in
                        (try dispatcher.measure(target, runs: runs, forced: forced), 0)
                    }
                } else {
                    try note(target.title) { () throws(Failure) in
                        try LocalRuns(book: book, tries: settings.tries, arguments: settings.local)
                            .measure(target, runs: runs, forced: forced)
                    }
                }
            }
        }
        return outcomes.first { $0.code != 0 }?.code ?? 0
    }

    /// The projects that were asked for; throws for a file or a name that is wrong.
    static func work(_ settings: TriggerSettings) throws(Failure) -> [Project] {
        if let name = settings.project, settings.version != nil {
            // Exactly that, whatever the file says of the project.
            let configurations = settings.configuration.map { [$0] } ?? []
            return [Project(name: name, organization: "", configurations: configurations)]
        }
        let list: ProjectList
        do {
            list = try ProjectList(parsing: Files.read(settings.projects))
        } catch let error as Misread {
            throw Failure(.configuration, "read \(settings.projects): \(error)")
        } catch let error as Failure {
            throw error
        } catch {
            throw Failure(.configuration, "read \(settings.projects): \(error)")
        }
        for warning in list.warnings { say("\(settings.projects): \(warning)") }
        guard let name = settings.project else { return list.projects }
        guard let project = list[name] else {
            throw Failure(.configuration, "\(settings.projects) has no project \(name)")
        }
        if let configuration = settings.configuration, !project.configurations.contains(configuration) {
            throw Failure(.configuration, "\(settings.projects): \(name) has no configuration \(configuration)")
        }
        return [project]
    }

    /// The configurations of a project to be measured.
    static func configurations(of project: Project, _ settings: TriggerSettings) -> [String?] {
        if let configuration = settings.configuration { return [configuration] }
        return project.configurations.isEmpty ? [nil] : project.configurations
    }

    /// The configurations and the version of each; none if the version cannot be found, which is noted.
    private mutating func versions(of project: Project) throws(Failure) -> [(String?, String)] {
        var version = settings.version
        if version == nil {
            do {
                version = try Releases(api: api, book: book).latest(of: project).version
            } catch {
                try Self.rethrowSignal(error)
                add(Outcome(subject: project.name, words: error.message, code: error.exit.rawValue))
            }
        }
        guard let version else { return [] }
        return Self.configurations(of: project, settings).map { ($0, version) }
    }

    private mutating func note(
        _ subject: String, _ body: () throws(Failure) -> (words: String, code: Int32)
    ) throws(Failure) {
        do {
            let (words, code) = try body()
            add(Outcome(subject: subject, words: words, code: code))
        } catch {
            try Self.rethrowSignal(error)
            add(Outcome(subject: subject, words: error.message, code: error.exit.rawValue))
        }
    }

    private mutating func add(_ outcome: Outcome) {
        outcomes.append(outcome)
        let line = "\(outcome.subject): \(outcome.words)"
        if outcome.code == 0 { write(line + "\n", to: STDOUT_FILENO) } else { say(line) }
    }

    /// A signal ends it all, and so does a state that cannot be saved or that another trigger changed.
    private static func rethrowSignal(_ failure: Failure) throws(Failure) {
        switch failure.exit {
        case .interrupted, .hungUp, .terminated, .locked, .dataMissing: throw failure
        default: return
        }
    }

    /// Adds a table to the summary of a step of a workflow on GitHub.
    private func writeSummary() {
        guard let path = Environment.stepSummary else { return }
        func cell(_ text: String) -> String {
            text.map { $0 == "|" ? "\\|" : $0.isNewline ? " " : String($0) }.joined()
        }
        let rows = outcomes.map { "| \($0.code == 0 ? "✅" : "❌") | \(cell($0.subject)) | \(cell($0.words)) |\n" }
        do {
            try Files.append("### brahe trigger\n\n| | what | outcome |\n|---|---|---|\n\(rows.joined())\n", to: path)
        } catch {
            say(error.message)
        }
    }
}

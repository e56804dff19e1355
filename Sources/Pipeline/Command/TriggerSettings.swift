import Cluster
import GitHub
import Glibc
import Host
import Registry

/// What `brahe trigger` was asked for.
struct TriggerSettings {
    /// The file with the projects.
    let projects: String
    let project: String?
    let configuration: String?
    /// The version to measure, instead of the newest release's.
    let version: String?
    /// The workflow to dispatch; nil for runs on this machine.
    let workflow: Workflow?
    /// What follows `brahe pipeline` on this machine.
    let local: [String]
    let place: StatePlace
    let forced: Bool
    let repeats: Int?
    let tries: Int
    let wait: Dispatcher.Wait
    let times: Times
    let base: String
    let tokenFile: String?
    let planned: Bool
    let watch: TriggerWatch?

    init(_ options: Options) throws(Failure) {
        projects = options["--projects"] ?? "projects/projects.json"
        project = try Self.name(options, "--project", Name.objection(to:))
        configuration = try Self.name(options, "--config", Name.objection(to:))
        version = try Self.name(options, "--version", Name.objection(toVersion:))
        if project == nil, configuration != nil || version != nil {
            throw Failure(.usage, "--config and --version want --project")
        }
        if options["--local"] != nil {
            workflow = nil
        } else {
            workflow = try Self.workflow(options)
            if let operand = options.operands.first {
                throw Failure(.usage, "unexpected \(operand): only --local takes options of brahe pipeline")
            }
        }
        // The same list for the runs; whoever names another one after `--` gets that.
        local = (options["--projects"].map { ["--projects", $0] } ?? []) + options.operands
        place = try StatePlace(options)
        forced = options["--force"] != nil
        repeats = try Self.count(options, "--repeat")
        tries = try Self.count(options, "--tries") ?? 3
        let wait = options["--wait"] ?? "started"
        guard let known = Dispatcher.Wait(rawValue: wait) else {
            throw Failure(.usage, "option --wait: \(wait) is not none, started or completed")
        }
        self.wait = known
        times = try Self.times(options)
        base = options["--github-api"] ?? Environment["GITHUB_API_URL"] ?? "https://api.github.com"
        tokenFile = options["--token-file"]
        planned = options["--plan"] != nil || options["--dry-run"] != nil
        watch = try TriggerWatch(options)
    }

    private static func name(
        _ options: Options, _ option: String, _ objection: (String) -> String?
    ) throws(Failure) -> String? {
        guard let name = options[option] else { return nil }
        if let objection = objection(name) {
            throw Failure(.usage, "option \(option): \(name.debugDescription) \(objection)")
        }
        return name
    }

    private static func count(_ options: Options, _ option: String) throws(Failure) -> Int? {
        guard let text = options[option] else { return nil }
        guard let count = Int(text), (1...1000).contains(count) else {
            throw Failure(.usage, "option \(option): \(text) is not a whole number from 1 to 1000")
        }
        return count
    }

    private static func workflow(_ options: Options) throws(Failure) -> Workflow {
        guard let repository = options["--repository"] ?? Environment["GITHUB_REPOSITORY"] else {
            throw Failure(.usage, "whose workflow? --repository OWNER/REPO says it, or --local runs the pipeline here")
        }
        let file = options["--workflow"] ?? "benchmark-pipeline.yaml"
        let ref = options["--ref"] ?? Environment["GITHUB_REF_NAME"] ?? "main"
        guard let workflow = Workflow(repository: repository, file: file, ref: ref) else {
            throw Failure(.usage, "no workflow: --repository \(repository), --workflow \(file), --ref \(ref)")
        }
        return workflow
    }

    private static func times(_ options: Options) throws(Failure) -> Times {
        var times = Times()
        let parts: [(String, WritableKeyPath<Times, Int64>)] = [
            ("--start-timeout", \.start), ("--run-timeout", \.run), ("--max-wait", \.limit), ("--poll", \.poll),
            ("--look-time", \.look), ("--quiet-time", \.quiet), ("--write-pause", \.write),
            ("--request-timeout", \.request),
        ]
        for (name, part) in parts {
            if let time = try options.milliseconds(name) { times[keyPath: part] = Int64(time) }
        }
        return times
    }
}

extension ConfigMapStore: StateStore {}

/// Where the trigger's state is.
enum StatePlace {
    case folder(String)
    case configMap(Kubectl, namespace: String, name: String)

    init(_ options: Options) throws(Failure) {
        let text = options["--state"] ?? "trigger"
        guard text.hasPrefix("configmap:") else {
            self = .folder(text)
            return
        }
        let parts = text.dropFirst("configmap:".count).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
            throw Failure(.usage, "option --state: \(text) is not configmap:NAMESPACE/NAME")
        }
        guard let kubeconfig = options["--kubeconfig"] ?? Environment["KUBECONFIG"] else {
            throw Failure(.usage, "option --state: \(text) wants --kubeconfig FILE")
        }
        var kubectl = Kubectl(kubeconfig: kubeconfig)
        kubectl.context = options["--context"]
        if let program = options["--kubectl"] { kubectl.program = program }
        self = .configMap(kubectl, namespace: String(parts[0]), name: String(parts[1]))
    }

    /// The store; a folder is locked, for which another trigger is waited for so many milliseconds.
    func open(waiting milliseconds: Int64) throws(Failure) -> any StateStore {
        switch self {
        case .folder(let path): try StateFolder(path: path, waiting: milliseconds)
        case .configMap(let kubectl, let namespace, let name):
            ConfigMapStore(kubectl: kubectl, namespace: namespace, name: name, key: "trigger.json")
        }
    }
}

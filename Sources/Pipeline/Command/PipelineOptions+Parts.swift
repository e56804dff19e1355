import Documents
import Glibc
import Host
import Pages
import Registry
import Runs
import Stages

extension PipelineOptions {
    /// The project as the list has it; throws what is wrong with the list, and warns of what is strange in it.
    static func listed(_ options: Options, in list: String) throws(Failure) -> Project {
        let name = try options["--project"].orThrow(Failure(.usage, "no --project; which one is to be measured?"))
        let project = try project(name, in: list)
        let configurations = project.configurations.joined(separator: ", ")
        if let configuration = options["--config"], !project.configurations.contains(configuration) {
            let known = configurations.isEmpty ? "none" : configurations
            throw Failure(.configuration, "find configuration \(configuration) of \(name) in \(list): it has \(known)")
        }
        if options["--config"] == nil, !project.configurations.isEmpty {
            throw Failure(.usage, "no --config; \(name) has \(configurations)")
        }
        return project
    }

    /// Where the list of projects usually is.
    static let usualList = "projects/projects.json"

    /// A project of a list by its name; throws what is wrong with the list, and warns of what is strange in it.
    static func project(_ name: String, in list: String) throws(Failure) -> Project {
        let text = try Files.read(list)
        let projects: ProjectList
        do {
            projects = try ProjectList(parsing: text)
        } catch {
            throw Failure(.configuration, "read \(list): \(error)")
        }
        for warning in projects.warnings { say("\(list): \(warning)") }
        guard let project = projects[name] else {
            let names = projects.projects.map(\.name).joined(separator: ", ")
            throw Failure(.configuration, "find project \(name) in \(list): it has \(names.isEmpty ? "none" : names)")
        }
        return project
    }

    /// The load: the list's, with what the options change of it.
    static func benchmark(
        _ options: Options, of project: Project, in folder: String
    ) throws(Failure) -> Request.Benchmark? {
        let listed = project.benchmark
        var goal = (listed?.until ?? .duration).json
        if let job = options["--until-job"] { goal = ["job": .string(job)] }
        if let metric = options["--until-metric"] { goal = try metricGoal(metric) }
        if !options.operands.isEmpty { goal = ["command": .array(options.operands.map { .string($0) })] }
        guard listed != nil || options["--benchmark"] != nil || goal != "duration" else { return nil }
        let own = listed.flatMap { listed in
            listed.manifest.map { listed.isRemote || $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }
        }
        return Request.Benchmark(
            manifest: options["--benchmark"] ?? own,
            sha256: options["--sha256"] ?? (options["--benchmark"] == nil ? listed?.sha256 : nil),
            unpinned: options["--unpinned"] != nil, goal: goal)
    }

    /// `NAME=N`.
    private static func metricGoal(_ text: String) throws(Failure) -> JSON {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let target = Double(parts[1]), target > 0, target.isFinite else {
            throw Failure(.usage, "option --until-metric: \(text) is not NAME=N with a number above 0")
        }
        return ["metric": .string(String(parts[0])), "labels": [:], "target": .number(target)]
    }

    /// How long the window is, or at most is where something else ends it.
    static func window(_ options: Options, of project: Project) throws(Failure) -> Int64 {
        if let given = try options.duration("--for") {
            guard given > 0 else { throw Failure(.usage, "option --for: a window of nothing measures nothing") }
            return given
        }
        return project.benchmark?.minutes.map { Int64($0 * 60_000) } ?? 900_000
    }

    static func clusterOf(
        _ options: Options, project: Project?, _ surroundings: Surroundings
    ) throws(Failure) -> Request.Cluster {
        let kubeconfig = try (options["--kubeconfig"] ?? surroundings.kubeconfig).orThrow(
            Failure(.usage, "no --kubeconfig, and neither $KUBECONFIG nor $HOME is set"))
        guard Files.exists(kubeconfig) else {
            throw Failure(.configuration, "open the kubeconfig \(kubeconfig): \(errnoText())")
        }
        return Request.Cluster(
            kubectl: options["--kubectl"] ?? "kubectl", kubeconfig: kubeconfig, context: options["--context"],
            timeoutSeconds: max(Int(try options.duration("--request-timeout") ?? 30_000) / 1000, 1),
            namespace: options["--namespace"] ?? project?.namespace ?? "benchmark")
    }

    static func pagesOf(_ options: Options) throws(Failure) -> Request.Pages {
        if options["--prometheus"] == nil, options["--instance"] != nil {
            throw Failure(.usage, "option --instance is for --prometheus")
        }
        if options["--prometheus"] != nil, options["--agent"] != nil {
            throw Failure(.usage, "option --prometheus excludes --agent")
        }
        let usual = options["--prometheus"] == nil ? Request.Pages.usualAgent : nil
        return Request.Pages(
            agent: options["--agent"] ?? usual, prometheus: options["--prometheus"], instance: options["--instance"],
            credentials: try PrometheusOptions.credentials(options),
            platformWatts: try options.number("--platform-watts"))
    }

    /// Where to store; the credentials are those of the source of pages.
    static func storageOf(_ options: Options) throws(Failure) -> Request.Storage? {
        guard let url = options["--store"] else {
            let orphan = ["--store-write", "--store-samples", "--store-timeout"].first { options[$0] != nil }
            if let orphan { throw Failure(.usage, "option \(orphan) wants --store") }
            return nil
        }
        return Request.Storage(
            url: url, receiver: options["--store-write"], samples: options["--store-samples"] != nil,
            credentials: try PrometheusOptions.credentials(options), patience: try options.duration("--store-timeout"))
    }

    static func leaseNamespace(_ options: Options) -> String { options["--lease-namespace"] ?? "benchmark" }

    static func lockOf(_ options: Options) throws(Failure) -> Request.Lock {
        let lease = options["--lease"] ?? "auto"
        guard ["auto", "require", "off"].contains(lease) else {
            throw Failure(.usage, "option --lease: \(lease) is none of auto, require, off")
        }
        return Request.Lock(
            file: options["--lock"] ?? RunLock.usual, queue: options["--queue"] != nil, lease: lease,
            leaseNamespace: leaseNamespace(options),
            leaseSeconds: max(Int(try options.duration("--lease-duration") ?? 60_000) / 1000, 1))
    }
}

/// What the environment says of a run: https://docs.github.com/en/actions/reference/workflows-and-actions/variables.
struct Surroundings {
    /// `local`, or what started the workflow: `schedule` or `dispatch`.
    let trigger: String
    let gitHubRef: String?
    let gitHubRun: String?
    let kubeconfig: String?

    init() {
        let event = Environment["GITHUB_EVENT_NAME"]
        trigger = event == nil ? "local" : event == "schedule" ? "schedule" : "dispatch"
        gitHubRef = Environment["GITHUB_REF_NAME"]
        gitHubRun = Environment["GITHUB_RUN_ID"]
        kubeconfig = Environment["KUBECONFIG"] ?? Environment["HOME"].map { $0 + "/.kube/config" }
    }
}

extension Optional {
    /// The value, or the failure where there is none.
    func orThrow(_ failure: Failure) throws(Failure) -> Wrapped {
        guard let self else { throw failure }
        return self
    }
}

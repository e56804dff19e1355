import Documents
import Glibc
import Host
import Registry
import Runs
import Stages

/// The options of the commands that work on a run, and what they amount to.
enum PipelineOptions {
    /// Which project, in which version, and where its manifests are.
    static let project = [
        Option(name: "--project", value: "NAME", help: "the project to be measured"),
        Option(name: "--config", value: "NAME", help: "its configuration, where it has several"),
        Option(name: "--version", value: "VERSION", help: "the version to be deployed"),
        Option(name: "--projects", value: "FILE", help: "the list of projects (default projects/projects.json)"),
        Option(name: "--ref", value: "REF", help: "the pipeline's own revision, for the report"),
    ]

    /// How the cluster is reached.
    static let cluster = [
        Option(name: "--kubeconfig", value: "FILE", help: "the cluster (default $KUBECONFIG, then ~/.kube/config)"),
        Option(name: "--context", value: "NAME", help: "the context in it (default its current one)"),
        Option(name: "--namespace", value: "NAME", help: "where the project runs (default as projects.json says)"),
        Option(name: "--kubectl", value: "PROGRAM", help: "the kubectl to use (default kubectl)"),
        Option(name: "--request-timeout", value: "TIME", help: "limit of one request to the cluster (default 30s)"),
    ]

    /// Where energy is read.
    static let pages =
        [
            Option(name: "--agent", value: "URL", help: "the node's agent (default \(Request.Pages.usualAgent))"),
            platformWatts,
        ] + PrometheusOptions.all

    /// For the bounds of energies.
    static let platformWatts = Option(
        name: "--platform-watts", value: "N", help: "the most that a node can draw (default: the agent's word, or 1000)"
    )

    /// Where what was measured is kept for years.
    static let storage = [
        Option(name: "--store", value: "URL", help: "store the result there too: a Prometheus or VictoriaMetrics"),
        Option(name: "--store-write", value: "URL", help: "where it takes remote write (default URL/api/v1/write)"),
        Option(name: "--store-samples", value: nil, help: "store the raw samples, too"),
        Option(name: "--store-timeout", value: "TIME", help: "until all of it reads back (default 60s)"),
    ]

    /// The lengths of the windows and the limits of the waits.
    static let durations = [
        Option(name: "--baseline", value: "TIME", help: "the window before anything is deployed (default 60s)"),
        Option(name: "--idle", value: "TIME", help: "the window of the idle project (default 60s)"),
        Option(name: "--warmup", value: "TIME", help: "load before the window (default as projects.json says)"),
        Option(name: "--for", value: "TIME", help: "the measured window (default as projects.json says)"),
        Option(name: "--deploy-timeout", value: "TIME", help: "until the project is ready (default 10m)"),
        Option(name: "--benchmark-timeout", value: "TIME", help: "until the benchmark is ready (default 10m)"),
        Option(name: "--cleanup-timeout", value: "TIME", help: "until the cluster is clean (default 10m)"),
        Option(name: "--poll", value: "TIME", help: "between two looks at the cluster (default 2s)"),
        Option(name: "--interval", value: "TIME", help: "between two readings of the agent (default 5s)"),
    ]

    /// The load.
    static let benchmark = [
        Option(
            name: "--benchmark", value: "PLACE", help: "its manifest, a file or an address (default: projects.json)"),
        Option(name: "--sha256", value: "DIGITS", help: "the SHA-256 that the manifest must have"),
        Option(name: "--unpinned", value: nil, help: "take a manifest that neither a digest nor a commit pins"),
        Option(name: "--until-job", value: "NAME", help: "the window ends when this Job completes"),
        Option(name: "--until-metric", value: "NAME=N", help: "the window ends when this metric grew by N"),
    ]

    /// Where runs are kept, and how they keep out of each other's way.
    static let runs = [
        Subcommand.runsOption,
        Option(name: "--lock", value: "FILE", help: "one run at a time (default \(RunLock.usual))"),
        Option(name: "--queue", value: nil, help: "wait for the lock, in order of arrival, instead of exit code 4"),
        Option(name: "--lease", value: "MODE", help: "the cluster's lease: auto (default), require or off"),
        leaseNamespace,
        Option(
            name: "--lease-duration", value: "TIME", help: "after it, an unrenewed lease is abandoned (default 60s)"),
        logFormat,
    ]

    /// Of the lease, for whoever looks at it.
    static let leaseNamespace = Option(
        name: "--lease-namespace", value: "NAME", help: "where the lease is, for all projects (default benchmark)")

    private static let logFormat = Option(
        name: "--log-format", value: "KIND", help: "progress: terminal, plain or json (default: what suits stderr)")

    /// For a run that is there: everything else was said when it began.
    static let resumption = [Subcommand.runsOption, logFormat]

    /// Several runs, one after another.
    static let repetition = [
        Option(
            name: "--repeat", value: "N", help: "so many runs of each --config and --version given, interleaved"),
        Option(name: "--cool-down", value: "TIME", help: "between two of several runs (default 0s)"),
    ]

    /// Everything that makes a run of the whole pipeline.
    static let all = project + cluster + pages + durations + benchmark + storage + runs

    /// The folder of all runs.
    static func runs(_ options: Options) -> String { options["--runs"] ?? "runs" }

    /// What is asked for; the run's name is given later. Throws what is missing or makes no sense.
    static func request(_ options: Options) throws(Failure) -> Request {
        let list = options["--projects"] ?? usualList
        let project = try listed(options, in: list)
        let version = try options["--version"].orThrow(Failure(.usage, "no --version; which one is to be deployed?"))
        if let objection = Name.objection(toVersion: version) {
            throw Failure(.usage, "--version: \(version.debugDescription) \(objection)")
        }
        let surroundings = Surroundings()
        let folder = list.lastIndex(of: "/").map { String(list[..<$0]) } ?? "."
        let benchmark = try benchmark(options, of: project, in: folder)
        return Request(
            run: "", brahe: Brahe.version,
            project: Request.Project(
                name: project.name, organization: project.organization, configuration: options["--config"],
                version: version, trigger: surroundings.trigger, ref: options["--ref"] ?? surroundings.gitHubRef,
                gitHubRun: surroundings.gitHubRun, manifests: folder,
                functionalUnit: project.functionalUnit?.json, metrics: project.metrics,
                factors: project.factors == .null ? nil : project.factors),
            cluster: try clusterOf(options, project: project, surroundings),
            pages: try pagesOf(options),
            benchmark: benchmark,
            durations: Request.Durations(
                baseline: try options.duration("--baseline") ?? 60_000, idle: try options.duration("--idle") ?? 60_000,
                warmup: try options.duration("--warmup") ?? Int64((project.benchmark?.warmupSeconds ?? 0) * 1000),
                window: try window(options, of: project),
                deploy: try options.duration("--deploy-timeout") ?? 600_000,
                benchmark: try options.duration("--benchmark-timeout") ?? 600_000,
                cleanup: try options.duration("--cleanup-timeout") ?? 600_000,
                poll: max(try options.duration("--poll") ?? 2000, 10),
                reading: max(try options.duration("--interval") ?? 5000, 100)),
            lock: try lockOf(options), storage: try storageOf(options))
    }
}

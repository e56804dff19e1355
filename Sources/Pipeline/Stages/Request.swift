package import Documents
package import Pages
package import Registry

/// What a run was asked for, all of it resolved: a run that is resumed needs no option again.
///
/// It is `request.json` in the run's folder, and holds no secret: the kubeconfig is named and not copied.
package struct Request: Codable, Equatable, Sendable {
    /// The run's id.
    package var run: String
    /// The version of brahe that made the run.
    package var brahe: String
    package var project: Project
    package var cluster: Cluster
    package var pages: Pages
    /// What loads the project; nil for one that is only deployed.
    package var benchmark: Benchmark?
    package var durations: Durations
    package var lock: Lock
    /// Where what was measured is kept for years; nil if in the run's folder alone.
    package var storage: Storage?

    /// An engine that takes remote write and answers PromQL.
    package struct Storage: Codable, Equatable, Sendable {
        /// The base of its API.
        package var url: String
        /// Where it takes remote write, if not at `/api/v1/write`.
        package var receiver: String?
        /// Whether it gets the raw samples too.
        package var samples: Bool
        package var credentials: Credentials
        /// How long it is tried, in milliseconds; nil means a minute.
        package var patience: Int64?

        package init(
            url: String, receiver: String?, samples: Bool, credentials: Credentials, patience: Int64? = nil
        ) {
            self.url = url
            self.receiver = receiver
            self.samples = samples
            self.credentials = credentials
            self.patience = patience
        }
    }

    /// What is to be measured.
    package struct Project: Codable, Equatable, Sendable {
        package var name: String
        /// The owner of its repository.
        package var organization: String
        package var configuration: String?
        package var version: String
        /// What started the run: `local`, `dispatch` or `schedule`.
        package var trigger: String
        /// The revision of the pipeline and the number of the workflow's run, where GitHub started it.
        package var ref: String?
        package var gitHubRun: String?
        /// The folder that has the project's folder of manifests.
        package var manifests: String
        /// What one unit of its work is called, and how many of them a run does.
        package var functionalUnit: JSON?
        /// What its maintainers want to see besides energy.
        package var metrics: [Registry.Project.Metric]
        /// What its carbon is reckoned with; nil if nothing was given, and then there is no score.
        package var factors: JSON?

        package init(
            name: String, organization: String, configuration: String?, version: String, trigger: String, ref: String?,
            gitHubRun: String?, manifests: String, functionalUnit: JSON?, metrics: [Registry.Project.Metric],
            factors: JSON?
        ) {
            self.name = name
            self.organization = organization
            self.configuration = configuration
            self.version = version
            self.trigger = trigger
            self.ref = ref
            self.gitHubRun = gitHubRun
            self.manifests = manifests
            self.functionalUnit = functionalUnit
            self.metrics = metrics
            self.factors = factors
        }
    }

    /// How the cluster is reached.
    package struct Cluster: Codable, Equatable, Sendable {
        package var kubectl: String
        package var kubeconfig: String
        package var context: String?
        package var timeoutSeconds: Int
        /// Where objects without a namespace go, where the lease is, and where the benchmark runs.
        package var namespace: String

        package init(
            kubectl: String, kubeconfig: String, context: String?, timeoutSeconds: Int, namespace: String
        ) {
            self.kubectl = kubectl
            self.kubeconfig = kubeconfig
            self.context = context
            self.timeoutSeconds = timeoutSeconds
            self.namespace = namespace
        }
    }

    /// Where pages come from: an agent's URL, or else a Prometheus and the agent's label `instance` there.
    package struct Pages: Codable, Equatable, Sendable {
        /// Where an agent usually listens.
        package static let usualAgent = "http://127.0.0.1:9102"

        package var agent: String?
        package var prometheus: String?
        package var instance: String?
        /// Who asks them, by the files of the secrets.
        package var credentials: Credentials
        /// The most that the node can draw; nil takes the agent's word.
        package var platformWatts: Double?

        package init(
            agent: String?, prometheus: String?, instance: String?, credentials: Credentials, platformWatts: Double?
        ) {
            self.agent = agent
            self.prometheus = prometheus
            self.instance = instance
            self.credentials = credentials
            self.platformWatts = platformWatts
        }
    }

    /// The benchmark's manifest and until when it runs.
    package struct Benchmark: Codable, Equatable, Sendable {
        /// A file or an address; nil where a command is all of the load.
        package var manifest: String?
        package var sha256: String?
        /// Whether a manifest that nothing pins is taken.
        package var unpinned: Bool
        /// What ends the measured window.
        package var goal: JSON

        package init(
            manifest: String?, sha256: String?, unpinned: Bool, goal: JSON
        ) {
            self.manifest = manifest
            self.sha256 = sha256
            self.unpinned = unpinned
            self.goal = goal
        }
    }

    /// Durations, in milliseconds.
    package struct Durations: Codable, Equatable, Sendable {
        package var baseline: Int64
        package var idle: Int64
        package var warmup: Int64
        package var window: Int64
        /// The most time for getting ready, for a goal that is not a duration, and for getting clean.
        package var deploy: Int64
        package var benchmark: Int64
        package var cleanup: Int64
        /// Between two looks at the cluster.
        package var poll: Int64
        /// Between two readings of the agent, besides those at the windows' edges.
        package var reading: Int64

        package init(
            baseline: Int64, idle: Int64, warmup: Int64, window: Int64, deploy: Int64, benchmark: Int64, cleanup: Int64,
            poll: Int64, reading: Int64
        ) {
            self.baseline = baseline
            self.idle = idle
            self.warmup = warmup
            self.window = window
            self.deploy = deploy
            self.benchmark = benchmark
            self.cleanup = cleanup
            self.poll = poll
            self.reading = reading
        }
    }

    /// How runs keep out of each other's way.
    package struct Lock: Codable, Equatable, Sendable {
        /// The file of the lock on this machine.
        package var file: String
        /// Whether to wait until it is free.
        package var queue: Bool
        /// `auto`, `require` or `off`: whether the cluster's lease is taken too.
        package var lease: String
        /// Where the lease is: in one place for all projects, or it would keep nobody away.
        package var leaseNamespace: String
        /// After how long without renewal the lease is taken for abandoned.
        package var leaseSeconds: Int

        package init(
            file: String, queue: Bool, lease: String, leaseNamespace: String, leaseSeconds: Int
        ) {
            self.file = file
            self.queue = queue
            self.lease = lease
            self.leaseNamespace = leaseNamespace
            self.leaseSeconds = leaseSeconds
        }
    }

    package init(
        run: String, brahe: String, project: Project, cluster: Cluster, pages: Pages, benchmark: Benchmark?,
        durations: Durations, lock: Lock, storage: Storage?
    ) {
        self.run = run
        self.brahe = brahe
        self.project = project
        self.cluster = cluster
        self.pages = pages
        self.benchmark = benchmark
        self.durations = durations
        self.lock = lock
        self.storage = storage
    }
}

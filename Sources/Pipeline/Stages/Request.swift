package import Documents

/// What a run was asked for, all of it resolved: a run that is resumed needs no option again.
///
/// It is `run.json` in the run's folder, and holds no secret: the kubeconfig is named and not copied.
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
    }

    /// How the cluster is reached.
    package struct Cluster: Codable, Equatable, Sendable {
        package var kubectl: String
        package var kubeconfig: String
        package var context: String?
        package var timeoutSeconds: Int
        /// Where objects without a namespace go, where the lease is, and where the benchmark runs.
        package var namespace: String
    }

    /// Where pages come from: an agent's URL, or else a Prometheus and the agent's label `instance` there.
    package struct Pages: Codable, Equatable, Sendable {
        package var agent: String?
        package var prometheus: String?
        package var instance: String?
    }

    /// The benchmark's manifest and until when it runs.
    package struct Benchmark: Codable, Equatable, Sendable {
        /// A file or an address.
        package var manifest: String
        package var sha256: String?
        /// Whether a manifest that nothing pins is taken.
        package var unpinned: Bool
        /// What ends the measured window.
        package var goal: JSON
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
    }

    /// How runs keep out of each other's way.
    package struct Lock: Codable, Equatable, Sendable {
        /// The file of the lock on this machine.
        package var file: String
        /// Whether to wait until it is free.
        package var queue: Bool
        /// `auto`, `require` or `off`: whether the cluster's lease is taken too.
        package var lease: String
        /// After how long without renewal the lease is taken for abandoned.
        package var leaseSeconds: Int
    }
}

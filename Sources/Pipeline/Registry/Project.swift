package import Documents

/// A project to be measured: one entry of projects.json.
///
/// The file is a superset of upstream's: `{"projects": [{"name", "organization", "configs", "benchmark"}]}` with optional
/// keys of ours.
package struct Project: Equatable, Sendable {
    /// Its name, which is also that of its folder of manifests.
    package let name: String
    /// The owner of its repository on GitHub.
    package let organization: String
    /// Its repository; the name if the file does not say otherwise.
    package let repository: String
    /// The variants to be measured one by one; none means one run without a variant.
    package let configurations: [String]
    /// Where its pods run; nil if the file does not say.
    package let namespace: String?
    /// Which of its releases count, and what version a tag means.
    package let releases: ReleasePolicy
    /// What loads it; nil if the file has none.
    package let benchmark: Benchmark?
    /// What its score is per; nil if the file has none.
    package let functionalUnit: FunctionalUnit?
    /// How often each configuration of a version is measured.
    package let repeats: Int
    /// Selectors of what belongs to the project, for the report; none means its own pods.
    package let scope: [String]
    /// What its maintainers want to see in the report besides energy.
    package let metrics: [Metric]
    /// What its carbon is reckoned with, as the file has it; null if the file has nothing.
    package let factors: JSON

    package init(
        name: String, organization: String, repository: String? = nil, configurations: [String] = [],
        namespace: String? = nil, releases: ReleasePolicy = ReleasePolicy(), benchmark: Benchmark? = nil,
        functionalUnit: FunctionalUnit? = nil, repeats: Int = 1, scope: [String] = [],
        metrics: [Metric] = [], factors: JSON = .null
    ) {
        self.name = name
        self.organization = organization
        self.repository = repository ?? name
        self.configurations = configurations
        self.namespace = namespace
        self.releases = releases
        self.benchmark = benchmark
        self.functionalUnit = functionalUnit
        self.repeats = repeats
        self.scope = scope
        self.metrics = metrics
        self.factors = factors
    }

    /// What a score is per: `{"name": "request", "value": 1000}`, `{"name": "request", "metric": NAME}` or `{"name":
    /// "hour", "seconds": 3600}`.
    package struct FunctionalUnit: Equatable, Sendable {
        /// How many of them one run does.
        package enum Amount: Equatable, Sendable {
            /// So many, whatever happens.
            case count(Double)
            /// By how much this metric, a PromQL selector, grows in the window.
            case metric(String)
            /// As often as so many seconds are in the window.
            case seconds(Double)
        }

        package let name: String
        package let amount: Amount

        package init(name: String, _ amount: Amount) {
            self.name = name
            self.amount = amount
        }
    }

    /// One number of the report that the project asks for: `{"name", "promql", "unit", "aggregation"}`.
    package struct Metric: Codable, Equatable, Sendable {
        /// How the values over the window become one.
        package enum Aggregation: String, CaseIterable, Codable, Sendable {
            case increase, mean, max, min, sum, p95, last
        }

        package let name: String
        package let promql: String
        package let unit: String
        package let aggregation: Aggregation

        package init(name: String, promql: String, unit: String, aggregation: Aggregation) {
            self.name = name
            self.promql = promql
            self.unit = unit
            self.aggregation = aggregation
        }
    }

    /// What loads a project while it is measured.
    package struct Benchmark: Equatable, Sendable {
        /// Where the manifest is: an address or a file; nil only if a command is the benchmark.
        package let manifest: String?
        /// The digits of SHA-256, in lower case, that the manifest must have; nil if the file has none.
        package let sha256: String?
        /// How long the measured window is; with another end than the duration, after how long that is given up. Nil
        /// only with another end.
        package let minutes: Double?
        /// How long the load runs before the window, in seconds.
        package let warmupSeconds: Double
        /// What ends the window.
        package let until: End

        package init(
            manifest: String?, sha256: String? = nil, minutes: Double?, warmupSeconds: Double = 0,
            until: End = .duration
        ) {
            self.manifest = manifest
            self.sha256 = sha256
            self.minutes = minutes
            self.warmupSeconds = warmupSeconds
            self.until = until
        }

        /// Whether the manifest is fetched over HTTP and not read from a file.
        package var isRemote: Bool { manifest.map { $0.hasPrefix("https://") || $0.hasPrefix("http://") } ?? false }

        /// What ends the measured window: `"duration"`, `{"job": NAME}`, `{"command": [WORD, ...]}` or
        /// `{"metric": NAME, "labels": {NAME: VALUE}, "target": NUMBER}`.
        package enum End: Equatable, Sendable {
            /// So many minutes.
            case duration
            /// The completion of this Job of the manifest.
            case job(String)
            /// The end of this command, which is the load itself or waits for it.
            case command([String])
            /// A metric that grew by so much since the window began.
            case metric(String, labels: [String: String], target: Double)
        }
    }
}

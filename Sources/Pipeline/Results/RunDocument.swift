package import Documents

/// What came of one run, or of any window: `run.json`, the keys of upstream's example and more.
///
/// Everything derived in it can be made again from the samples kept beside it and from what it says itself; a number that is
/// none is null. Its schema is `greenreview.run/v1`.
package struct RunDocument: Codable, Equatable, Sendable {
    /// What `schema` says.
    package static let schema = "greenreview.run/v1"

    /// How a run ended.
    package enum Status: String, Codable, Sendable {
        /// Every step did what it should, and the measured window is whole.
        case succeeded
        /// A step failed, which `failure` has in words.
        case failed
        /// Everything was done, but the measured window is not whole or not good enough.
        case invalid
    }

    /// What was measured.
    package struct Project: Codable, Equatable, Sendable {
        package var name: String
        package var org: String
        package var config: String?
        package var version: String

        package init(name: String, org: String, config: String?, version: String) {
            self.name = name
            self.org = org
            self.config = config
            self.version = version
        }
    }

    /// A phase by its name, in ISO 8601.
    package struct Window: Codable, Equatable, Sendable {
        package var name: String
        package var start: String
        package var end: String

        package init(name: String, start: String, end: String) {
            self.name = name
            self.start = start
            self.end = end
        }
    }

    package var schema = Self.schema
    package var runId: String
    package var status: Status
    package var failure: String?
    /// Null for a window that is no run's.
    package var cncfProject: Project?
    package var benchmark: JSON = .null
    package var trigger: JSON = .null
    /// The measured window.
    package var startTime: String?
    package var endTime: String?
    /// All windows, in the order of time; the measured one is called `run`.
    package var windows: [Window] = []
    package var meta: JSON = .null
    package var collection: CollectionEntry?
    /// What, besides the samples, the results are made of.
    package var inputs: InputsEntry?
    package var results: ResultsEntry?
    package var provenance: JSON = .null

    package init(runId: String, status: Status, failure: String? = nil) {
        self.runId = runId
        self.status = status
        self.failure = failure
    }

    private enum CodingKeys: String, CodingKey {
        case schema, status, failure, benchmark, trigger, windows, meta, collection, inputs, results, provenance
        case runId = "run_id"
        case cncfProject = "cncf_project"
        case startTime = "start_time"
        case endTime = "end_time"
    }
}

/// How the samples came and how good they are.
package struct CollectionEntry: Codable, Equatable, Sendable {
    /// A limit that the measured window must keep; with `passed` false the run is invalid.
    package struct Gate: Codable, Equatable, Sendable {
        /// `coverage`, `largest_gap`, in seconds, or `bound_width`, as a part of the value.
        package var name: String
        /// Null where it is beyond any number.
        package var value: Double?
        package var limit: Double
        package var passed: Bool

        package init(name: String, value: Double?, limit: Double, passed: Bool) {
            self.name = name
            self.value = value
            self.limit = limit
            self.passed = passed
        }
    }

    /// `prometheus`, `agent` or `file`.
    package var mode: String
    package var endpoint: String
    package var serverVersion: String?
    /// Whose metrics: `Generation`'s words.
    package var generation: String
    /// Whether energies are estimates without rigorous bounds.
    package var estimate: Bool
    /// Where the exporter has its joules from, like `powercap`; a model where it is `estimator`. Null if it does not say.
    package var energySource: String?
    package var scrapeIntervalS: Double
    package var coverage: Double
    package var maxGapS: Double
    package var resets: Int
    package var births: Int
    package var deaths: Int
    /// The part of the energy between samples of which one is outside the window.
    package var interpolated: Double
    package var gates: [Gate]
    package var warnings: [String]

    package init(
        mode: String, endpoint: String, serverVersion: String?, generation: String, estimate: Bool,
        energySource: String? = nil,
        scrapeIntervalS: Double, coverage: Double, maxGapS: Double, resets: Int, births: Int, deaths: Int,
        interpolated: Double, gates: [Gate], warnings: [String]
    ) {
        self.mode = mode
        self.endpoint = endpoint
        self.serverVersion = serverVersion
        self.generation = generation
        self.estimate = estimate
        self.energySource = energySource
        self.scrapeIntervalS = scrapeIntervalS
        self.coverage = coverage
        self.maxGapS = maxGapS
        self.resets = resets
        self.births = births
        self.deaths = deaths
        self.interpolated = interpolated
        self.gates = gates
        self.warnings = warnings
    }

    private enum CodingKeys: String, CodingKey {
        case mode, endpoint, generation, estimate, coverage, resets, births, deaths, interpolated, gates, warnings
        case serverVersion = "server_version"
        case energySource = "energy_source"
        case scrapeIntervalS = "scrape_interval_s"
        case maxGapS = "max_gap_s"
    }

    /// Whether the energies are a model's and no meter's, or have no bounds that hold for certain.
    package var isEstimated: Bool {
        estimate || energySource?.split(separator: "+").contains(Self.model[...]) == true
    }

    /// The source that is a model; in a document, one of several agents with different sources is enough.
    package static let model = "estimator"
}

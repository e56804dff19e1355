package import Carbon
package import Metering

/// What, besides the samples and the windows, the results of a run are made of: with these they are made again.
package struct InputsEntry: Codable, Equatable, Sendable {
    /// Pods that belong together.
    package struct Scope: Codable, Equatable, Sendable {
        /// `project`, `workload` or `namespace`; the node needs none.
        package var scope: String
        /// `namespace/name` of each pod that is meant.
        package var pods: [String]
        /// All pods of these namespaces are meant too.
        package var namespaces: [String]

        package init(scope: String, pods: [String] = [], namespaces: [String] = []) {
            self.scope = scope
            self.pods = pods
            self.namespaces = namespaces
        }
    }

    /// How the uncertainty of a mean power is found: by drawing blocks of it again and again.
    package struct Bootstrap: Codable, Equatable, Sendable {
        package var seed: UInt64 = 1
        package var resamples = 1000
        /// How long the blocks are, in seconds; at least 30, for neighbours in time are alike.
        package var blockS = 30.0

        package init() {}

        private enum CodingKeys: String, CodingKey {
            case seed, resamples
            case blockS = "block_s"
        }
    }

    /// What the score is per; one of `value`, `metric` and `seconds` is given, as in projects.json.
    package struct Unit: Codable, Equatable, Sendable {
        package var name: String
        /// How many of them the run does.
        package var value: Double?
        /// The metric, by its name or its query, whose result is their number.
        package var metric: String?
        /// How many seconds of the measured window make one.
        package var seconds: Double?

        package init(name: String, value: Double? = nil, metric: String? = nil, seconds: Double? = nil) {
            self.name = name
            self.value = value
            self.metric = metric
            self.seconds = seconds
        }

        /// Where none is given.
        package static let run = Unit(name: "run", value: 1)
    }

    package var terms: Terms
    /// The scope that is scored.
    package var primary: String
    package var scopes: [Scope]
    package var metrics: [ProjectMetric]
    package var factors: Factors?
    package var intensity: AppliedIntensity?
    package var unit: Unit
    package var bootstrap = Bootstrap()

    package init(
        terms: Terms, primary: String, scopes: [Scope], metrics: [ProjectMetric] = [], factors: Factors? = nil,
        intensity: AppliedIntensity? = nil, unit: Unit = .run
    ) {
        self.terms = terms
        self.primary = primary
        self.scopes = scopes
        self.metrics = metrics
        self.factors = factors
        self.intensity = intensity
        self.unit = unit
    }
}

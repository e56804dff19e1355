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

    /// The limits that the measured window must keep.
    package struct Limits: Codable, Equatable, Sendable {
        /// The least part of the scrapes that must be there, from 0 to 1.
        package var coverage = 0.95
        /// The longest time without a scrape, in usual times between two.
        package var gapIntervals = 3.0
        /// The greatest distance of the bounds of the primary scope's energy, as a part of its value.
        package var boundWidth = 0.05

        package init() {}

        private enum CodingKeys: String, CodingKey {
            case coverage
            case gapIntervals = "gap_intervals"
            case boundWidth = "bound_width"
        }
    }

    /// How the uncertainty of a mean power is found: by drawing blocks of it again and again.
    package struct Bootstrap: Codable, Equatable, Sendable {
        package var seed: UInt64 = 1
        package var resamples = 1000
        /// What one value of power is the mean of, and how long the blocks are, in seconds; at least 30, for neighbours in
        /// time are alike.
        package var stepS = 5.0
        package var blockS = 30.0

        package init() {}

        private enum CodingKeys: String, CodingKey {
            case seed, resamples
            case stepS = "step_s"
            case blockS = "block_s"
        }
    }

    package var terms: Terms
    /// The scope that is scored.
    package var primary: String
    package var scopes: [Scope]
    package var metrics: [ProjectMetric]
    package var factors: Factors?
    package var intensity: AppliedIntensity?
    package var limits = Limits()
    package var bootstrap = Bootstrap()

    package init(
        terms: Terms, primary: String, scopes: [Scope], metrics: [ProjectMetric] = [], factors: Factors? = nil,
        intensity: AppliedIntensity? = nil
    ) {
        self.terms = terms
        self.primary = primary
        self.scopes = scopes
        self.metrics = metrics
        self.factors = factors
        self.intensity = intensity
    }
}

/// Arms of repeated runs set against each other: `greenreview.compare/v1`.
///
/// An arm is one configuration, version or cluster; each metric of each arm after the first is compared with the first
/// arm's.
package struct CompareDocument: Codable, Equatable, Sendable {
    /// What `schema` says.
    package static let schema = "greenreview.compare/v1"

    /// What the difference amounts to.
    package enum Verdict: String, Codable, Sendable {
        /// The later arm uses more, beyond chance, and is not shown to be within the margin.
        case regression
        /// The later arm uses less, beyond chance, and is not shown to be within the margin.
        case improvement
        /// The later arm lies within the margin of the first one, beyond chance; also where it differs beyond chance.
        case equivalent
        /// Neither can be said; `minimalDetectable` says what could have been seen.
        case inconclusive
    }

    /// A number with the ends of its 95 % interval.
    package struct Interval: Codable, Equatable, Sendable {
        package var value: Double
        package var lower: Double
        package var upper: Double

        package init(value: Double, lower: Double, upper: Double) {
            self.value = value
            self.lower = lower
            self.upper = upper
        }
    }

    /// One metric of one arm.
    package struct Summary: Codable, Equatable, Sendable {
        package var metric: String
        package var unit: String
        /// One value a run, in the order of `runs`; null where the run has none.
        package var values: [Double?]
        /// Whether each is far from the others' median; flagged and not dropped.
        package var outliers: [Bool]
        package var n: Int
        /// Nulls where n is too small.
        package var mean: Interval?
        package var sd: Double?
        /// The standard deviation over the mean.
        package var variation: Double?
        /// The interval of the order statistics, which needs six runs.
        package var median: Double?
        package var medianInterval: Interval?
        package var bootstrap: Interval?

        package init(metric: String, unit: String, values: [Double?], outliers: [Bool], n: Int) {
            self.metric = metric
            self.unit = unit
            self.values = values
            self.outliers = outliers
            self.n = n
        }

        private enum CodingKeys: String, CodingKey {
            case metric, unit, values, outliers, n, mean, sd, variation, median, bootstrap
            case medianInterval = "median_interval"
        }
    }

    package struct Arm: Codable, Equatable, Sendable {
        package var name: String
        package var runs: [String]
        package var summaries: [Summary]

        package init(name: String, runs: [String], summaries: [Summary]) {
            self.name = name
            self.runs = runs
            self.summaries = summaries
        }
    }

    /// One metric of one arm set against the first arm's.
    package struct Comparison: Codable, Equatable, Sendable {
        package var metric: String
        package var unit: String
        package var baseline: String
        package var arm: String
        /// Arm less baseline, with Welch's interval.
        package var difference: Interval?
        /// Arm over baseline, with the interval on logarithms.
        package var ratio: Interval?
        /// The Hodges-Lehmann shift.
        package var shift: Double?
        /// Hedges' g.
        package var effect: Interval?
        package var welchP: Double?
        package var mannWhitneyP: Double?
        /// Welch's, corrected by Holm over its family: the comparisons of the primary metric are one, all others another.
        package var adjustedP: Double?
        /// Of the two one-sided tests within the margin.
        package var equivalenceP: Double?
        /// The margin, as a part of the baseline's mean.
        package var margin: Double
        /// The difference, as a part of the baseline's mean, that so many runs again would show in 80 of 100 cases.
        package var minimalDetectable: Double?
        package var verdict: Verdict
        /// Why there is no verdict, in words.
        package var reason: String?

        package init(
            metric: String, unit: String, baseline: String, arm: String, margin: Double, verdict: Verdict
        ) {
            self.metric = metric
            self.unit = unit
            self.baseline = baseline
            self.arm = arm
            self.margin = margin
            self.verdict = verdict
        }

        private enum CodingKeys: String, CodingKey {
            case metric, unit, baseline, arm, difference, ratio, shift, effect, margin, verdict, reason
            case welchP = "welch_p"
            case mannWhitneyP = "mann_whitney_p"
            case adjustedP = "adjusted_p"
            case equivalenceP = "equivalence_p"
            case minimalDetectable = "minimal_detectable"
        }
    }

    package var schema = Self.schema
    /// The metric that decides; null where nothing is compared.
    package var primary: String?
    package var arms: [Arm]
    package var comparisons: [Comparison]
    /// What a reader must know, one line each: other methods, factors or machines among the runs.
    package var warnings: [String]

    package init(arms: [Arm], comparisons: [Comparison], warnings: [String]) {
        self.arms = arms
        self.comparisons = comparisons
        self.warnings = warnings
    }
}

internal import Statistics

/// How much a node's measurements of one and the same load differ: its noise floor, `greenreview.calibration/v1`.
package struct Calibration: Codable, Equatable, Sendable {
    /// What `schema` says.
    package static let schema = "greenreview.calibration/v1"
    /// A coefficient of variation above which small differences cannot be seen with a usual number of runs.
    package static let quiet = 0.01

    /// One run of the load.
    package struct Run: Codable, Equatable, Sendable {
        package var start: String
        package var joules: Double?
        package var nodeJ: Double?
        package var cpuS: Double
        package var wallS: Double

        package init(start: String, joules: Double?, nodeJ: Double?, cpuS: Double, wallS: Double) {
            self.start = start
            self.joules = joules
            self.nodeJ = nodeJ
            self.cpuS = cpuS
            self.wallS = wallS
        }

        private enum CodingKeys: String, CodingKey {
            case start
            case joules = "J"
            case nodeJ = "node_J"
            case cpuS = "cpu_s"
            case wallS = "wall_s"
        }
    }

    /// What the runs say of one quantity.
    package struct Floor: Codable, Equatable, Sendable {
        /// `energy`, `node_energy` or `cpu`.
        package var metric: String
        package var unit: String
        package var mean: Double
        /// The coefficient of variation with its 95 % interval.
        package var variation: CompareDocument.Interval
        /// The change from the first run to the last on the line through all, as a part of the mean.
        package var drift: Double
        /// The probability of such a drift by chance.
        package var driftP: Double
        /// The increase, as a part of the mean, that a comparison of two arms of so many runs would most likely show.
        package var detectable5: Double?
        package var detectable10: Double?

        private enum CodingKeys: String, CodingKey {
            case metric, unit, mean, variation, drift
            case driftP = "drift_p"
            case detectable5 = "detectable_5"
            case detectable10 = "detectable_10"
        }
    }

    package var schema = Self.schema
    package var workload: [String]
    package var node: String?
    package var source: String
    package var runs: [Run]
    package var floors: [Floor]

    /// What runs of one load say; a quantity that not all of them have, or that is 0, has no floor.
    package init(workload: [String], node: String?, source: String, runs: [Run], repetitions: Int = 4000) {
        self.workload = workload
        self.node = node
        self.source = source
        self.runs = runs
        let quantities: [(String, String, (Run) -> Double?)] = [
            ("energy", "J", { $0.joules }), ("node_energy", "J", { $0.nodeJ }), ("cpu", "s", { $0.cpuS }),
        ]
        floors = quantities.compactMap { metric, unit, value in
            let values = runs.compactMap(value)
            guard values.count == runs.count else { return nil }
            return Floor(metric, unit, values, repetitions: repetitions)
        }
    }

    /// What a reader should know, one line each.
    package var warnings: [String] {
        floors.flatMap { floor in
            var warnings: [String] = []
            if floor.variation.value > Self.quiet {
                warnings.append("\(floor.metric) varies by more than 1 %: is the node quiet, its frequency fixed?")
            }
            if floor.driftP < 0.05, abs(floor.drift) > floor.variation.value {
                warnings.append("\(floor.metric) drifts: let the node warm up first, and interleave what is compared")
            }
            return warnings
        }
    }
}

extension Calibration.Floor {
    /// Nil of fewer than three values, or a mean that is not above 0.
    init?(_ metric: String, _ unit: String, _ values: [Double], repetitions: Int) {
        guard let mean = Descriptive.mean(values), mean > 0, let deviation = Interval.deviation(values),
            let slope = Descriptive.slope(values),
            let variation = CompareDocument.Interval(
                Interval(deviation.value / mean, from: deviation.lower / mean, to: deviation.upper / mean))
        else { return nil }
        let freedom = Double(values.count - 2)
        let driftP =
            slope.deviation > 0
            ? StudentT(freedom).beyond(slope.slope / slope.deviation) : slope.slope == 0 ? 1 : 0
        func detectable(_ count: Int) -> Double? {
            let group = Detectable.Group(deviation: deviation.value, count: count)
            let increase = Detectable.increase(
                of: group, to: group, freedom: Double(values.count - 1), mean: mean, alpha: Comparing.alpha,
                repetitions: repetitions)
            return increase.map { $0 / mean }
        }
        self.init(
            metric: metric, unit: unit, mean: mean, variation: variation,
            drift: slope.slope * Double(values.count - 1) / mean, driftP: driftP, detectable5: detectable(5),
            detectable10: detectable(10))
    }
}

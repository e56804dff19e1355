/// One metric of a project from version to version.
package struct Trend: Codable, Equatable, Sendable {
    /// What one run measured, or several of one version.
    package struct Point: Codable, Equatable, Sendable {
        package var version: String
        package var runId: String
        /// The end of the measured window, in ISO 8601.
        package var time: String
        package var value: Double
        /// The ends of its interval or bounds; null where it has none.
        package var lower: Double?
        package var upper: Double?
        /// Whether it is far from the others; flagged and not dropped.
        package var outlier: Bool

        package init(
            version: String, runId: String, time: String, value: Double, lower: Double? = nil, upper: Double? = nil,
            outlier: Bool = false
        ) {
            self.version = version
            self.runId = runId
            self.time = time
            self.value = value
            self.lower = lower
            self.upper = upper
            self.outlier = outlier
        }

        private enum CodingKeys: String, CodingKey {
            case version, time, value, lower, upper, outlier
            case runId = "run_id"
        }
    }

    package var metric: String
    package var unit: String
    /// In the order in which they are drawn.
    package var points: [Point]

    package init(metric: String, unit: String, points: [Point]) {
        self.metric = metric
        self.unit = unit
        self.points = points
    }
}

/// A metric that a project asks for, with what its query gave over the measured window.
package struct ProjectMetric: Codable, Equatable, Sendable {
    /// What becomes of the values.
    package enum Aggregation: String, CaseIterable, Codable, Sendable {
        case mean, max, min, sum, last
        /// The value that 95 % of the values do not exceed.
        case high = "p95"
        /// What a counter rose by, its new beginnings counted from zero.
        case increase
    }

    package var name: String
    /// In PromQL.
    package var query: String
    package var unit: String
    package var aggregation: Aggregation
    /// Of each series that the query gave its values at even steps; null where a value is none.
    package var series: [[Double?]]

    package init(name: String, query: String, unit: String, aggregation: Aggregation, series: [[Double?]] = []) {
        self.name = name
        self.query = query
        self.unit = unit
        self.aggregation = aggregation
        self.series = series.map { $0.map { $0.flatMap { $0.isFinite ? $0 : nil } } }
    }

    /// The one number; or why there is none. Sums and increases of several series are added.
    package var result: (value: Double?, reason: String?) {
        if [.sum, .increase].contains(aggregation), series.count > 1 {
            let parts = series.compactMap {
                ProjectMetric(name: name, query: query, unit: unit, aggregation: aggregation, series: [$0]).result.value
            }
            return parts.isEmpty ? (nil, "the query gave no value") : (parts.reduce(0, +), nil)
        }
        guard series.count < 2 else { return (nil, "the query gave \(series.count) series; it is to give one") }
        let values = (series.first ?? []).compactMap { $0 }
        guard let first = values.first, let last = values.last else { return (nil, "the query gave no value") }
        let sum = values.reduce(0, +)
        let value: Double? =
            switch aggregation {
            case .mean: sum / Double(values.count)
            case .max: values.max()
            case .min: values.min()
            case .sum: sum
            case .last: last
            case .high: Self.high(values.sorted())
            case .increase:
                values.reduce((rise: 0.0, last: first)) { ($0.rise + ($1 < $0.last ? $1 : $1 - $0.last), $1) }.rise
            }
        return value.map { $0.isFinite } == true ? (value, nil) : (nil, "the values give no number")
    }

    /// The nearest rank; the values are sorted.
    private static func high(_ values: [Double]) -> Double? {
        let rank = (0.95 * Double(values.count)).rounded(.up)
        return values.dropFirst(max(Int(rank) - 1, 0)).first
    }
}

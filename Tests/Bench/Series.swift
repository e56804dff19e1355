/// Repeated measurements of one quantity.
struct Series {
    private var values: [Double] = []

    /// A series without a measurement yet.
    init() {}

    /// Adds a measurement.
    mutating func add(_ value: Double) { values.append(value) }

    /// How many there are.
    var count: Int { values.count }
    /// The least, which disturbance by others can only raise; not a number without measurements.
    var least: Double { values.min() ?? .nan }
    /// The most; not a number without measurements.
    var most: Double { values.max() ?? .nan }
    /// The middle; not a number without measurements.
    var median: Double { quantile(0.5) }

    /// The measurement that a share of all does not exceed.
    func quantile(_ share: Double) -> Double {
        guard !values.isEmpty else { return .nan }
        let rank = Int((Double(values.count) * share).rounded(.up))
        return values.sorted()[min(max(rank, 1), values.count) - 1]
    }
}

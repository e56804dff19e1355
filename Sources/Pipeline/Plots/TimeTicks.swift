internal import Documents

/// Round times of the clock along an axis, in UTC.
package struct TimeTicks: Equatable, Sendable {
    /// Seconds of Unix time, rising, inside the domain.
    package let values: [Double]
    /// What is written at each: `08:05`, with seconds where the steps are shorter than a minute, or a date.
    package let labels: [String]

    private static let minute = 60.0, hour = 3600.0, day = 86_400.0
    private static let steps: [Double] =
        [1, 2, 5, 10, 15, 30] + [1, 2, 5, 10, 15, 30].map { $0 * minute } + [1, 2, 3, 6, 12].map { $0 * hour }
        + [1, 2, 7, 14, 28, 91, 182, 365, 3650, 36_500, 365_000].map { $0 * day }

    /// At most so many ticks in the domain, which is of seconds of Unix time.
    package init(over domain: ClosedRange<Double>, atMost count: Int) {
        let length = domain.upperBound - domain.lowerBound
        let step = Self.steps.first { length / $0 <= Double(max(count, 1)) - 1 } ?? length
        let first = (domain.lowerBound / step).rounded(.up)
        let last = (domain.upperBound / step).rounded(.down)
        guard step > 0, first.isFinite, last.isFinite, last - first < 1000 else {
            (values, labels) = ([], [])
            return
        }
        values = first <= last ? stride(from: first, through: last, by: 1).map { $0 * step } : []
        labels = values.map { Clock($0).text(step < Self.minute ? .seconds : step < Self.day ? .minutes : .day) }
    }
}

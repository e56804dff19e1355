internal import Glibc

/// The moments, order statistics and outliers of a few numbers, all of which are finite.
package enum Descriptive {
    /// The arithmetic mean; nil of no numbers.
    package static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// The sum of the squared distances from the mean.
    static func squares(_ values: [Double]) -> Double {
        guard let mean = mean(values) else { return 0 }
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }

    /// The standard deviation of what the numbers were drawn from, with n - 1; nil of fewer than two.
    package static func deviation(_ values: [Double]) -> Double? {
        values.count < 2 ? nil : (squares(values) / Double(values.count - 1)).squareRoot()
    }

    /// The coefficient of variation: the standard deviation over the mean's size; nil where the mean is 0.
    package static func variation(_ values: [Double]) -> Double? {
        guard let mean = mean(values), mean != 0, let deviation = deviation(values) else { return nil }
        return deviation / abs(mean)
    }

    /// The value below which a part of the numbers lies, from 0 to 1, linear between two of them; nil of no numbers.
    ///
    /// Type 7 of Hyndman and Fan (The American Statistician 50, 1996), which numpy and R take too.
    package static func quantile(_ values: [Double], _ part: Double) -> Double? {
        quantile(sorted: values.sorted(), part)
    }

    static func quantile(sorted: [Double], _ part: Double) -> Double? {
        guard let first = sorted.first, let last = sorted.last, part > 0 else { return sorted.first }
        let place = min(part, 1) * Double(sorted.count - 1)
        let below = Int(place)
        guard below + 1 < sorted.count else { return sorted.count == 1 ? first : last }
        return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
    }

    /// The middle value, or the mean of the two in the middle; nil of no numbers.
    package static func median(_ values: [Double]) -> Double? { quantile(values, 0.5) }

    /// The median of the distances from the median; nil of no numbers.
    package static func absoluteDeviation(_ values: [Double]) -> Double? {
        median(values).flatMap { middle in median(values.map { abs($0 - middle) }) }
    }

    /// Whether each number lies far from the others: its modified z-score, 0.6745 (x - median) / MAD, is beyond 3.5
    /// (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993).
    ///
    /// Where more than half of the numbers are one and the same, every other one is far from them.
    package static func outliers(_ values: [Double]) -> [Bool] {
        guard let middle = median(values), let spread = absoluteDeviation(values) else { return [] }
        return values.map { 0.6745 * abs($0 - middle) > 3.5 * spread }
    }

    /// The slope of the line of least squares through the numbers over their places 0, 1, 2..., with its standard
    /// deviation; nil of fewer than three.
    package static func slope(_ values: [Double]) -> (slope: Double, deviation: Double)? {
        guard values.count > 2, let mean = mean(values) else { return nil }
        let middle = Double(values.count - 1) / 2
        var (across, together) = (0.0, 0.0)
        for (place, value) in values.enumerated() {
            across += (Double(place) - middle) * (Double(place) - middle)
            together += (Double(place) - middle) * (value - mean)
        }
        let slope = together / across
        let rest = max(squares(values) - slope * together, 0)
        return (slope, (rest / Double(values.count - 2) / across).squareRoot())
    }
}

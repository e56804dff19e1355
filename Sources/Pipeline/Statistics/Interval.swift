internal import Glibc

/// A number and the ends of its interval.
package struct Interval: Equatable, Sendable {
    package let value: Double
    package let lower: Double
    package let upper: Double

    package init(_ value: Double, from lower: Double, to upper: Double) {
        self.value = value
        self.lower = lower
        self.upper = upper
    }

    /// The mean with Student's interval; nil of fewer than two numbers.
    package static func mean(_ values: [Double], confidence: Double = 0.95) -> Interval? {
        guard let mean = Descriptive.mean(values), let deviation = Descriptive.deviation(values) else { return nil }
        let t = StudentT(Double(values.count - 1)).exceeded(with: (1 - confidence) / 2)
        let half = t * deviation / Double(values.count).squareRoot()
        return Interval(mean, from: mean - half, to: mean + half)
    }

    /// The median with the ends that order statistics give it, which hold for any distribution; nil where the numbers
    /// are too few for the confidence: six are needed for 0.95.
    ///
    /// The k-th number from each end, with the greatest k for which fewer than k of n tosses of a coin are heads with a
    /// probability of at most half of what is left (Conover, Practical Nonparametric Statistics, section 3.2).
    package static func median(_ values: [Double], confidence: Double = 0.95) -> Interval? {
        let sorted = values.sorted()
        let count = Double(sorted.count)
        var (k, heads) = (0, 0.0)
        while k < sorted.count {
            let tosses = Double(k)
            let ways =
                SpecialFunctions.logGamma(count + 1) - SpecialFunctions.logGamma(tosses + 1)
                - SpecialFunctions.logGamma(count - tosses + 1)
            heads += exp(ways - count * log(2.0))
            guard heads <= (1 - confidence) / 2 else { break }
            k += 1
        }
        guard k > 0, k <= sorted.count / 2, let median = Descriptive.quantile(sorted: sorted, 0.5) else { return nil }
        return Interval(median, from: sorted[k - 1], to: sorted[sorted.count - k])
    }

    /// The standard deviation with the interval that chi-square gives it where the numbers are normal; nil of fewer than
    /// two.
    package static func deviation(_ values: [Double], confidence: Double = 0.95) -> Interval? {
        guard let deviation = Descriptive.deviation(values) else { return nil }
        let freedom = Double(values.count - 1)
        func end(_ probability: Double) -> Double {
            deviation * (freedom / ChiSquare(freedom).quantile(probability)).squareRoot()
        }
        return Interval(deviation, from: end((1 + confidence) / 2), to: end((1 - confidence) / 2))
    }
}

/// The chi-square distribution; the degrees of freedom are above 0.
package struct ChiSquare: Sendable {
    package let freedom: Double

    package init(_ freedom: Double) { self.freedom = freedom }

    /// The probability of a value up to x: the series 8.7.1 of the Digital Library of Mathematical Functions,
    /// https://dlmf.nist.gov/8.7, whose terms are all positive.
    package func below(_ x: Double) -> Double {
        guard x > 0 else { return 0 }
        let (a, z) = (freedom / 2, x / 2)
        var term = exp(a * log(z) - z - SpecialFunctions.logGamma(a + 1))
        var sum = term
        var place = a
        while term > sum * 1e-17 || place < z, place < z + 100_000 {
            place += 1
            term *= z / place
            sum += term
        }
        return min(sum, 1)
    }

    /// The value that is not exceeded with this probability, between 0 and 1.
    package func quantile(_ probability: Double) -> Double {
        SpecialFunctions.root(from: 0, to: freedom) { below($0) - probability }
    }
}

internal import Glibc

/// Two groups whose means are set against each other, of at least two numbers each; their variances may differ.
///
/// Welch, Biometrika 34, 1947, with Satterthwaite's degrees of freedom.
package struct Welch: Sendable {
    private let first: [Double]
    private let second: [Double]
    private let means: (first: Double, second: Double)
    /// The squared standard deviations of the two means.
    private let variances: (first: Double, second: Double)

    /// A comparison of the second group with the first; nil if one has fewer than two numbers.
    package init?(_ first: [Double], _ second: [Double]) {
        guard first.count > 1, second.count > 1, let one = Descriptive.mean(first), let other = Descriptive.mean(second)
        else { return nil }
        (self.first, self.second) = (first, second)
        means = (one, other)
        func variance(_ group: [Double]) -> Double {
            Descriptive.squares(group) / Double(group.count - 1) / Double(group.count)
        }
        variances = (variance(first), variance(second))
    }

    /// The standard deviation and the degrees of freedom of `second - factor * first`.
    private func error(factor: Double = 1) -> (deviation: Double, freedom: Double) {
        let (a, b) = (factor * factor * variances.first, variances.second)
        let below = a * a / Double(first.count - 1) + b * b / Double(second.count - 1)
        let freedom = below > 0 ? (a + b) * (a + b) / below : Double(first.count + second.count - 2)
        return ((a + b).squareRoot(), freedom)
    }

    /// The degrees of freedom.
    package var freedom: Double { error().freedom }
    /// The standard deviation of the difference.
    package var deviation: Double { error().deviation }
    /// The difference of the means, second less first, over its standard deviation.
    package var t: Double { (means.second - means.first) / deviation }

    /// The probability of a difference so great, either way, if there is none. Groups without any variance differ for
    /// certain or not at all.
    package var p: Double {
        let (deviation, freedom) = error()
        let difference = means.second - means.first
        guard deviation > 0 else { return difference == 0 ? 1 : 0 }
        return StudentT(freedom).beyond(difference / deviation)
    }

    /// The difference of the means, second less first, with its interval.
    package func difference(confidence: Double = 0.95) -> Interval {
        let (deviation, freedom) = error()
        let half = StudentT(freedom).exceeded(with: (1 - confidence) / 2) * deviation
        let difference = means.second - means.first
        return Interval(difference, from: difference - half, to: difference + half)
    }

    /// The geometric mean of the second group over the first's, with the interval that the logarithms give; nil if a
    /// number is not above 0.
    package func ratio(confidence: Double = 0.95) -> Interval? {
        guard (first + second).allSatisfy({ $0 > 0 }), let logs = Welch(first.map { log($0) }, second.map { log($0) })
        else { return nil }
        let difference = logs.difference(confidence: confidence)
        return Interval(exp(difference.value), from: exp(difference.lower), to: exp(difference.upper))
    }

    /// The p of two one-sided tests together (TOST; Schuirmann 1987): how likely the second mean looks so close to the
    /// first if it is not within the margin, a part of the first mean.
    ///
    /// As the margin moves with the first mean, which varies too, what is tested is `second - (1 ± margin) * first`, as
    /// for ratios of means (Hauschke, Kieser, Diletti and Burke, Statistics in Medicine 18, 1999).
    package func equivalence(margin: Double) -> Double {
        let width = means.first < 0 ? -margin : margin
        func p(_ factor: Double, _ side: Double) -> Double {
            let (deviation, freedom) = error(factor: factor)
            let distance = side * (means.second - factor * means.first)
            guard deviation > 0 else { return distance > 0 ? 0 : 1 }
            return StudentT(freedom).above(distance / deviation)
        }
        return max(p(1 + width, -1), p(1 - width, 1))
    }

    /// How much greater the second mean would have to be for Welch's test to see it as greater, and for the equivalence
    /// test not to see it as equivalent: `detectable`'s part of the question.
    func threshold(t: Double, tOneSided: Double, margin: Double) -> Double {
        let width = means.first < 0 ? -margin : margin
        let difference = means.second - means.first
        let seen = t * deviation - difference
        let beyond = (1 + width) * means.first - means.second - tOneSided * error(factor: 1 + width).deviation
        return max(seen, beyond)
    }
}

/// The least difference that a repetition of a comparison would show.
package enum Detectable {
    /// A group as far as it is known.
    package struct Group: Sendable {
        /// The standard deviation, as it was estimated.
        package let deviation: Double
        /// How many numbers the group will have.
        package let count: Int

        package init(deviation: Double, count: Int) {
            self.deviation = deviation
            self.count = count
        }
    }

    /// How many pairs of values are ordered at most.
    private static let mostPairs = 40_000

    /// The increase of the second group's mean that a repetition would call one in at least `power` of all cases, in the
    /// values' unit; nil if the groups are too small for any verdict.
    ///
    /// Repetitions are simulated: the true standard deviations are drawn from what their estimates with `freedom` degrees
    /// of freedom (Welch's, where they come from two groups) leave open, the values from normal distributions, and for each repetition the increase is found from which on Welch's two-sided test at
    /// `alpha` and Mann and Whitney's at `agreement` both show it and the equivalence test at 0.05 with `margin` (a part
    /// of the first mean, which is `mean`) does not hold against it. Of these the quantile is what is wanted, taken two
    /// standard errors of the simulation higher, so that the power is not below what is said.
    ///
    /// With more than 200 values a group Welch's test alone is asked; the other's efficiency is 95 % of its.
    ///
    /// A formula that takes the standard deviations as known promises too much: half of all estimates are too small.
    /// Of values that are far from normal, much skewed or with disturbed ones among them, the power is a little less:
    /// 75 to 78 instead of 80 of 100 in simulations.
    package static func increase(
        of first: Group, to second: Group, freedom: Double, mean: Double, alpha: Double, agreement: Double = 0.05,
        margin: Double = 0,
        power: Double = 0.8, repetitions: Int = 2000, seed: UInt64 = 1
    ) -> Double? {
        guard min(first.count, second.count) > 1, freedom >= 1, freedom < 1e6, repetitions > 1,
            let critical = MannWhitney.critical(first.count, second.count, alpha: agreement)
        else { return nil }
        let (pairs, overflow) = first.count.multipliedReportingOverflow(by: second.count)
        guard !overflow else { return nil }
        // Large groups leave less to chance, and take longer.
        let repetitions = min(repetitions, max(200, 2_000_000 / pairs))
        var generator = Generator(seed: seed)
        var quantiles = Quantiles(alpha: alpha)
        var thresholds: [Double] = []
        thresholds.reserveCapacity(repetitions)
        for _ in 0..<repetitions {
            // One draw for both: their ratio is as estimated.
            let scale = (Double(Int(freedom)) / generator.chiSquare(Int(freedom))).squareRoot()
            let one = draw(first, mean: mean, scale, &generator)
            let other = draw(second, mean: mean, scale, &generator)
            guard let welch = Welch(one, other) else { return nil }
            let (t, tOneSided) = quantiles.of(welch.freedom)
            let byMeans = welch.threshold(t: t, tOneSided: tOneSided, margin: margin)
            guard pairs <= mostPairs else {
                thresholds.append(max(byMeans, 0))
                continue
            }
            // U counts the pairs in which the second is less: at most `critical` of them may remain.
            let differences = MannWhitney.differences(one, other).sorted()
            thresholds.append(max(byMeans, -differences[min(critical, differences.count - 1)], 0))
        }
        let error = (power * (1 - power) / Double(repetitions)).squareRoot()
        return Descriptive.quantile(thresholds, min(power + 2 * error, 1))
    }

    private static func draw(
        _ group: Group, mean: Double, _ scale: Double, _ generator: inout Generator
    ) -> [Double] {
        (0..<group.count).map { _ in mean + scale * group.deviation * generator.normal() }
    }
}

/// The quantiles of Student's t for two tests, in steps of a tenth of a degree of freedom: thousands are asked for, and
/// the nearest lower step errs to the safe side.
private struct Quantiles {
    let alpha: Double
    private var known: [Int: (Double, Double)] = [:]

    init(alpha: Double) { self.alpha = alpha }

    mutating func of(_ freedom: Double) -> (twoSided: Double, oneSided: Double) {
        // Values whose squares are too large for a number have no freedom that is one.
        let step = freedom.isFinite ? Int(min(max(freedom, 1), 1000) * 10) : 10
        if let known = known[step] { return known }
        let distribution = StudentT(Double(step) / 10)
        let found = (distribution.exceeded(with: alpha / 2), distribution.exceeded(with: 0.05))
        known[step] = found
        return found
    }
}

internal import Glibc

/// How great a difference is against the spread of the groups.
package enum Effect {
    /// Hedges' g, the difference of the means over the pooled standard deviation, corrected for small groups, with its
    /// interval (Hedges and Olkin, Statistical Methods for Meta-Analysis, 1985); nil if a group has fewer than two
    /// numbers or nothing varies.
    ///
    /// The ends are those shifts of the non-central t distribution under which so great a t, or so small a one, has a
    /// probability of 2.5 %.
    package static func hedges(_ first: [Double], _ second: [Double], confidence: Double = 0.95) -> Interval? {
        guard first.count > 1, second.count > 1, let one = Descriptive.mean(first), let other = Descriptive.mean(second)
        else { return nil }
        let freedom = Double(first.count + second.count - 2)
        let pooled = ((Descriptive.squares(first) + Descriptive.squares(second)) / freedom).squareRoot()
        guard pooled > 0 else { return nil }
        let correction =
            exp(SpecialFunctions.logGamma(freedom / 2) - SpecialFunctions.logGamma((freedom - 1) / 2))
            / (freedom / 2).squareRoot()
        let scale = (1 / Double(first.count) + 1 / Double(second.count)).squareRoot()
        let t = (other - one) / pooled / scale
        guard t.isFinite else { return nil }
        let distribution = StudentT(freedom)
        func shift(_ probability: Double) -> Double {
            SpecialFunctions.root(from: t - 5, to: t + 5) { probability - distribution.below(t, shift: $0) }
        }
        let value = correction * t * scale
        return Interval(
            value, from: correction * shift((1 + confidence) / 2) * scale,
            to: correction * shift((1 - confidence) / 2) * scale)
    }
}

internal import Glibc

/// Student's t distribution; the degrees of freedom are above 0 and need not be whole.
package struct StudentT: Sendable {
    /// The degrees of freedom.
    package let freedom: Double

    package init(_ freedom: Double) { self.freedom = freedom }

    /// The probability of a value above t, exact also where it is tiny: DLMF 8.17 with x = f / (f + t^2).
    package func above(_ t: Double) -> Double {
        let tail = t.isInfinite ? 0 : SpecialFunctions.incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2
        return t < 0 ? 1 - tail : tail
    }

    /// The probability of a value up to t.
    package func below(_ t: Double) -> Double { above(-t) }

    /// The probability of a value as far from 0 as t, on either side.
    package func beyond(_ t: Double) -> Double { min(2 * above(abs(t)), 1) }

    /// The value that is exceeded with this probability, between 0 and 1; the infinities at the ends.
    package func exceeded(with probability: Double) -> Double {
        guard probability > 0 else { return .infinity }
        guard probability < 1 else { return -.infinity }
        if probability > 0.5 { return -exceeded(with: 1 - probability) }
        return SpecialFunctions.root(from: 0, to: 8) { probability - above($0) }
    }

    /// The probability of a value up to t where the numerator's mean is not 0 but `shift`: the non-central distribution.
    ///
    /// T is (Z + shift) / s with s the root of a chi-square over its degrees of freedom, so P(T <= t) is the mean over s
    /// of P(Z <= t s - shift): Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2, chapter 31. The
    /// integral is cut where the normal distribution rises.
    package func below(_ t: Double, shift: Double) -> Double {
        let half = freedom / 2
        let scale = log(2.0) + half * log(half) - SpecialFunctions.logGamma(half)
        func density(_ s: Double) -> Double {
            s > 0 ? exp(scale + (freedom - 1) * log(s) - half * s * s) : 0
        }
        // Beyond 9 standard deviations there is nothing left to count; a little more, as small samples are skewed.
        let width = 11 / (2 * freedom).squareRoot()
        var cuts = [max(1 - width, 0), 1 + width + 2 / freedom]
        if t != 0 {
            for distance in [-8.0, 0, 8] {
                let cut = (shift + distance) / t
                if cut > cuts[0], cut < cuts[cuts.count - 1] { cuts.append(cut) }
                cuts.sort()
            }
        }
        return zip(cuts, cuts.dropFirst()).reduce(0) { sum, part in
            sum + SpecialFunctions.integral(from: part.0, to: part.1) { density($0) * Normal.below(t * $0 - shift) }
        }
    }
}

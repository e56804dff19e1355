internal import Glibc

/// The functions that the distributions are made of.
enum SpecialFunctions {
    /// The logarithm of the gamma function of a number above 0.
    static func logGamma(_ x: Double) -> Double { lgamma(x) }

    /// I_x(a, b), the incomplete beta function over the complete one; x from 0 to 1, a and b above 0.
    ///
    /// The continued fraction 8.17.22 of the Digital Library of Mathematical Functions, https://dlmf.nist.gov/8.17, by
    /// Lentz's method; it converges fast below the mean, and above it I_x(a, b) is 1 - I_(1-x)(b, a).
    static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        guard x <= (a + 1) / (a + b + 2) else { return 1 - fraction(1 - x, b, a) }
        return fraction(x, a, b)
    }

    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        let front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x)) / a
        var c = 1.0
        var d = 1 / away(1 - (a + b) * x / (a + 1))
        var product = d
        for step in 1...10_000 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / away(1 + even * d)
            c = away(1 + even / c)
            product *= c * d
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / away(1 + odd * d)
            c = away(1 + odd / c)
            product *= c * d
            if abs(c * d - 1) < 1e-16 { break }
        }
        return front * product
    }

    /// The integral of a smooth function, by the rule of Gauss and Legendre with 16 places in each of four parts.
    static func integral(from low: Double, to high: Double, of function: (Double) -> Double) -> Double {
        let half = (high - low) / 8
        return (0..<4).reduce(0.0) { sum, part in
            let middle = low + Double(2 * part + 1) * half
            return places.reduce(sum) { $0 + $1.weight * half * function(middle + $1.place * half) }
        }
    }

    /// The zeros of the Legendre polynomial of degree 16, by Newton's method, and the weights that belong to them: DLMF
    /// 3.5.
    private static let places: [(place: Double, weight: Double)] = (0..<16).map { index in
        var place = cos(Double.pi * (Double(index) + 0.75) / 16.5)
        var slope = 1.0
        for _ in 0..<20 {
            var (before, value) = (1.0, place)
            for degree in 2...16 {
                let n = Double(degree)
                (before, value) = (value, ((2 * n - 1) * place * value - (n - 1) * before) / n)
            }
            slope = 16 * (place * value - before) / (place * place - 1)
            place -= value / slope
        }
        return (place, 2 / ((1 - place * place) * slope * slope))
    }

    /// Where a rising function passes 0, by Ridders' method (IEEE Transactions on Circuits and Systems 26, 1979); the
    /// ends are moved outwards until they hold it.
    static func root(from low: Double, to high: Double, of function: (Double) -> Double) -> Double {
        var (low, high, step) = (low, high, max(high - low, 1))
        var (atLow, atHigh) = (function(low), function(high))
        while atLow > 0, step < 1e300 {
            (high, atHigh) = (low, atLow)
            (low, step) = (low - step, step * 2)
            atLow = function(low)
        }
        while atHigh < 0, step < 1e300 {
            (low, atLow) = (high, atHigh)
            (high, step) = (high + step, step * 2)
            atHigh = function(high)
        }
        for _ in 0..<200 where atLow < 0 && atHigh > 0 {
            let middle = low + (high - low) / 2
            guard middle > low, middle < high, high - low > 1e-15 * max(abs(low), abs(high)) else { break }
            let atMiddle = function(middle)
            let root = (atMiddle * atMiddle - atLow * atHigh).squareRoot()
            let better = root > 0 ? middle - (middle - low) * atMiddle / root : middle
            for (place, value) in [(middle, atMiddle), (better, function(better))] where place > low && place < high {
                if value < 0 { (low, atLow) = (place, value) } else { (high, atHigh) = (place, value) }
            }
        }
        return atLow >= 0 ? low : atHigh <= 0 ? high : low + (high - low) / 2
    }
}

internal import Glibc

/// The normal distribution with mean 0 and standard deviation 1.
package enum Normal {
    /// The probability of a value up to z.
    package static func below(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

    /// The probability of a value above z, exact also where it is tiny.
    package static func above(_ z: Double) -> Double { below(-z) }

    /// The value that is not exceeded with this probability, between 0 and 1; the infinities at the ends.
    ///
    /// Wichura's algorithm AS 241 (Applied Statistics 37, 1988), good to 16 digits.
    package static func quantile(_ probability: Double) -> Double {
        guard probability > 0 else { return -.infinity }
        guard probability < 1 else { return .infinity }
        let q = probability - 0.5
        if abs(q) <= 0.425 {
            let r = 0.180625 - q * q
            return q * polynomial(r, middle) / polynomial(r, middleBelow)
        }
        let r = (-log(min(probability, 1 - probability))).squareRoot()
        let z =
            r <= 5
            ? polynomial(r - 1.6, tail) / polynomial(r - 1.6, tailBelow)
            : polynomial(r - 5, far) / polynomial(r - 5, farBelow)
        return q < 0 ? -z : z
    }

    private static func polynomial(_ x: Double, _ coefficients: [Double]) -> Double {
        coefficients.reduce(0) { $0 * x + $1 }
    }

    // The coefficients of AS 241 (PPND16), the highest power first.
    private static let middle = [
        2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
        13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
    ]
    private static let middleBelow = [
        5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
        5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1,
    ]
    private static let tail = [
        7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
        3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
    ]
    private static let tailBelow = [
        1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
        0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1,
    ]
    private static let far = [
        2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
        0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
    ]
    private static let farBelow = [
        2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
        0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1,
    ]
}

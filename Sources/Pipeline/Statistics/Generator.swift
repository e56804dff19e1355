internal import Glibc

/// Random numbers that are the same for one and the same seed: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
package struct Generator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number evenly from 0 to 1, both excluded.
    package mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) / 9_007_199_254_740_992 }

    /// A place below a count of at least 1; the bias is below 2^-32 for any count of samples.
    mutating func place(below count: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(max(count, 1))).high) }

    /// A number from the normal distribution with mean 0 and standard deviation 1.
    package mutating func normal() -> Double { Normal.quantile(uniform()) }

    /// A number from the chi-square distribution with whole degrees of freedom.
    mutating func chiSquare(_ freedom: Int) -> Double {
        (0..<freedom).reduce(0) { sum, _ in
            let z = normal()
            return sum + z * z
        }
    }
}

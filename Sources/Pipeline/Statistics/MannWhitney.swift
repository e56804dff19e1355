internal import Glibc

/// Two groups set against each other by the order of their numbers alone (Mann and Whitney, 1947).
package struct MannWhitney: Sendable {
    private let counts: (first: Int, second: Int)
    /// In how many pairs the second group's number is the greater one; ties are half a pair.
    package let u: Double
    /// The sum of t^3 - t over the groups of t equal numbers.
    private let ties: Double

    /// A comparison of the second group with the first.
    package init(_ first: [Double], _ second: [Double]) {
        counts = (first.count, second.count)
        var u = 0.0
        for one in first {
            for other in second { u += other > one ? 1 : other == one ? 0.5 : 0 }
        }
        self.u = u
        var ties = 0.0
        var run = 0.0
        let sorted = (first + second).sorted()
        for (place, value) in sorted.enumerated() {
            run += 1
            if place + 1 == sorted.count || sorted[place + 1] != value {
                ties += run * run * run - run
                run = 0
            }
        }
        self.ties = ties
    }

    /// The probability of an order so uneven, either way, if both groups come from one distribution: exact where no two
    /// numbers are equal and there are at most 20 in each group, else by the normal approximation.
    package var p: Double { ties == 0 && max(counts.first, counts.second) <= 20 ? exactP : approximateP }

    /// The exact p of numbers of which no two are equal.
    package var exactP: Double {
        let lesser = min(u, Double(counts.first * counts.second) - u)
        let below = Self.below(counts.first, counts.second)
        return below.isEmpty ? 1 : min(2 * below[min(max(Int(lesser), 0), below.count - 1)], 1)
    }

    /// The normal approximation, with the corrections for ties and for continuity.
    package var approximateP: Double {
        let (m, n) = (Double(counts.first), Double(counts.second))
        let total = m + n
        guard m > 0, n > 0 else { return 1 }
        let variance = m * n / 12 * (total + 1 - ties / (total * (total - 1)))
        guard variance > 0 else { return 1 }
        let distance = max(abs(u - m * n / 2) - 0.5, 0)
        return min(2 * Normal.above(distance / variance.squareRoot()), 1)
    }

    /// The probabilities of a U up to 0, 1, 2...; none if a group is empty.
    ///
    /// In how many orders U is v is the coefficient of q^v in the product of (1 - q^(second + i)) / (1 - q^i) over the
    /// first group's places i, which Mann and Whitney's recursion comes to. Doubles hold these counts exactly up to 2^53,
    /// so for 28 numbers a group.
    private static func below(_ first: Int, _ second: Int) -> [Double] {
        guard first > 0, second > 0 else { return [] }
        var orders = [Double](repeating: 0, count: first * second + 1)
        orders[0] = 1
        for i in 1...first {
            for v in stride(from: orders.count - 1, through: second + i, by: -1) { orders[v] -= orders[v - second - i] }
            for v in stride(from: i, to: orders.count, by: 1) { orders[v] += orders[v - i] }
        }
        let all = orders.reduce(0, +)
        var sum = 0.0
        return orders.map { count in
            sum += count
            return sum / all
        }
    }

    /// The greatest U on the lower side with a two-sided p below alpha; nil if the groups are too small for any.
    static func critical(_ first: Int, _ second: Int, alpha: Double) -> Int? {
        guard max(first, second) <= 20 else {
            let (m, n) = (Double(first), Double(second))
            let deviation = (m * n / 12 * (m + n + 1)).squareRoot()
            let u = m * n / 2 - 0.5 + Normal.quantile(alpha / 2) * deviation
            return u < 0 ? nil : Int(u)
        }
        return below(first, second).lastIndex { 2 * $0 < alpha }
    }

    /// By how much the second group is shifted against the first: the median of all differences (Hodges and Lehmann,
    /// 1963); nil if a group is empty.
    package static func shift(_ first: [Double], _ second: [Double]) -> Double? {
        Descriptive.median(differences(first, second))
    }

    /// Every number of the second group less every one of the first.
    static func differences(_ first: [Double], _ second: [Double]) -> [Double] {
        second.flatMap { other in first.map { other - $0 } }
    }
}

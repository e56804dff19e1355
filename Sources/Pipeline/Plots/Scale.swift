/// Where a number lies on a line of pixels.
package struct Scale: Equatable, Sendable {
    /// The numbers at both ends: finite, and the second above the first.
    package let domain: ClosedRange<Double>
    /// The pixels at both ends; the second is the smaller one where the line goes up.
    package let from: Double
    package let to: Double

    /// The greatest size of a number that is drawn; larger ones lie at the edge.
    static let limit = 1e300
    /// Smaller ones are 0.
    static let least = 1e-250

    /// The line from pixel `from` to pixel `to` for numbers from `low` to `high`, which are widened if they are one; what
    /// is not finite or too large counts as 0 or as the limit.
    package init(_ low: Double, _ high: Double, from: Double, to: Double) {
        func tame(_ number: Double) -> Double { number.isNaN ? 0 : min(max(number, -Self.limit), Self.limit) }
        let (low, high) = (tame(min(low, high)), tame(max(low, high)))
        // Less than this apart, the numbers between have no digits left.
        let digits = max(abs(low), abs(high)) * 1e-9
        if high - low > max(digits, Self.least) {
            domain = low...high
        } else if max(abs(low), abs(high)) < Self.least {
            domain = 0...1
        } else {
            let half = max(abs(low), abs(high)) * 0.05
            domain = (low - half)...(high + half)
        }
        self.from = from
        self.to = to
    }

    /// The line that holds all of the numbers, those that are not finite left out, and 0 if `zero` says so.
    package init(of numbers: some Sequence<Double>, zero: Bool, from: Double, to: Double) {
        var low: Double? = zero ? 0 : nil
        var high: Double? = zero ? 0 : nil
        for number in numbers where number.isFinite {
            low = min(low ?? number, number)
            high = max(high ?? number, number)
        }
        self.init(low ?? 0, high ?? 1, from: from, to: to)
    }

    /// The pixel of a number; one outside lies at the nearer end.
    package subscript(_ number: Double) -> Double {
        guard !number.isNaN else { return from }
        let inside = min(max(number, domain.lowerBound), domain.upperBound)
        // Halves, as the whole length of a domain may be too large for a number.
        let part = (inside / 2 - domain.lowerBound / 2) / (domain.upperBound / 2 - domain.lowerBound / 2)
        return from + (to - from) * part
    }

    /// The same line with both ends moved out to its ticks.
    package func widened(to ticks: Ticks) -> Scale {
        guard let first = ticks.values.first, let last = ticks.values.last else { return self }
        return Scale(
            min(domain.lowerBound, first), max(domain.upperBound, last), from: from, to: to)
    }
}

/// A limit that a phase must keep for its numbers to count.
package struct Gate: Equatable, Sendable {
    /// `coverage`, `largest_gap` or `bound_width`.
    package let name: String
    /// Parts of one, usual times between scrapes, and parts of the value.
    package let value: Double
    package let limit: Double
    package let passed: Bool

    /// The gates of a phase: how much of it was scraped, the longest time without, and how far the bounds of the energy that
    /// counts lie apart, unless that is an estimate without bounds or nil.
    package static func all(of findings: Findings, energy: Estimate?, terms: Terms) -> [Gate] {
        let quality = findings.quality
        let gap = quality.interval > 0 ? Double(quality.largestGap) / Double(quality.interval) : .infinity
        var gates = [
            Gate(
                name: "coverage", value: quality.coverage, limit: terms.coverage,
                passed: quality.coverage >= terms.coverage),
            Gate(
                name: "largest_gap", value: gap, limit: terms.largestGapIntervals,
                passed: gap <= terms.largestGapIntervals),
        ]
        if let energy, !findings.generation.isEstimate {
            let width = energy.width
            gates.append(
                Gate(name: "bound_width", value: width, limit: terms.boundWidth, passed: width <= terms.boundWidth))
        }
        return gates
    }
}

extension Estimate {
    /// How far the bounds lie apart, in parts of the value; infinite around a value of 0, and 0 for nothing for certain.
    package var width: Double {
        guard upper > lower else { return 0 }
        return value > 0 ? Double(upper - lower) / Double(value) : .infinity
    }
}

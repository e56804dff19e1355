/// By how much a counter rose in a phase, as far as samples can tell, in millionths of its unit.
///
/// The bounds hold for every monotone counter, whatever it did between the samples; the value is what it did if it rose
/// evenly between them. Lower is never above value, and value never above upper.
package struct Estimate: Equatable, Sendable {
    package let value: UInt64
    package let lower: UInt64
    package let upper: UInt64

    /// A value and its bounds; a value outside them is moved to the nearer one.
    package init(_ value: UInt64, from lower: UInt64, to upper: UInt64) {
        self.lower = min(lower, upper)
        self.upper = upper
        self.value = min(max(value, self.lower), upper)
    }

    /// Nothing, for certain.
    package static let zero = Estimate(0, from: 0, to: 0)

    /// The sum of two counters' rises; full rather than a trap.
    package static func + (one: Estimate, other: Estimate) -> Estimate {
        func sum(_ one: UInt64, _ other: UInt64) -> UInt64 {
            let (sum, overflow) = one.addingReportingOverflow(other)
            return overflow ? .max : sum
        }
        return Estimate(
            sum(one.value, other.value), from: sum(one.lower, other.lower), to: sum(one.upper, other.upper))
    }
}

/// The moments of a few numbers.
package enum Descriptive {
    /// The arithmetic mean; nil of no numbers.
    package static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}

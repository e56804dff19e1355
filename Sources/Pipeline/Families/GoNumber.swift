/// Numbers as Go's `fmt.Sprint` writes them.
package enum GoNumber {
    /// The shortest text that reads back as the same number; with an exponent, of at least two digits, where that is below
    /// -4 or above 5.
    ///
    /// The corresponding Go function is `strconv.FormatFloat(value, 'g', -1, 64)`.
    package static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value == 0 { return value.sign == .minus ? "-0" : "0" }
        let (digits, exponent) = decimal(value.magnitude)
        let sign = value < 0 ? "-" : ""
        if exponent < -4 || exponent >= 6 {
            let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
            let power = exponent.magnitude
            return "\(sign)\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")\(power < 10 ? "0" : "")\(power)"
        }
        if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits }
        let whole = digits.prefix(exponent + 1)
        let fraction = digits.dropFirst(exponent + 1)
        return sign + whole + String(repeating: "0", count: exponent + 1 - whole.count)
            + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// The shortest digits of a number above 0, and the power of ten of the first one.
    private static func decimal(_ value: Double) -> (digits: String, exponent: Int) {
        // Swift writes the shortest digits too, in a form of its own.
        let parts = value.description.split(separator: "e")
        let point = (parts.first ?? "").split(separator: ".", omittingEmptySubsequences: false)
        let whole = point.first ?? ""
        let all = (point.first ?? "") + (point.count > 1 ? point[1] : "")
        let zeros = all.prefix { $0 == "0" }.count
        let written = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let digits = all.dropFirst(zeros).reversed().drop { $0 == "0" }.reversed()
        return (String(digits), written + whole.count - 1 - zeros)
    }
}

internal import Glibc

/// How numbers of one unit are written: with a prefix, and with as many digits as say something.
struct Unit: Equatable, Sendable {
    /// What is written behind the number; empty for a mere number.
    let name: String
    /// How many of the base unit it is.
    let factor: Double

    /// A number with its bounds, in one unit and with the same decimals.
    struct Reading: Equatable {
        let value: String
        let bounds: (lower: String, upper: String)?
        let unit: String

        /// Like `7.868 kJ`.
        var text: String { unit.isEmpty ? value : "\(value) \(unit)" }
        /// Like `7.840..7.893 kJ`; nil without bounds.
        var range: String? {
            bounds.map { "\($0.lower)..\($0.upper)" + (unit.isEmpty ? "" : " \(unit)") }
        }

        static func == (one: Reading, other: Reading) -> Bool { one.text == other.text && one.range == other.range }
    }

    /// The unit in which a number of the base unit is written.
    ///
    /// J, W, Wh, s below 1 and g get the prefixes of the SI, bytes those of powers of 1024; others stay as they are. What
    /// follows the first word, like `per benchmark`, stays behind it.
    init(of base: String, for value: Double) {
        let size = value.isFinite ? abs(value) : 0
        let base = Plain.line(base)
        let word = base.prefix { $0 != " " }
        let steps: [(String, Double)]
        switch word {
        case "J", "W", "Wh", "g", "gCO2eq":
            steps = [("n", 1e-9), ("\u{B5}", 1e-6), ("m", 1e-3), ("", 1), ("k", 1e3), ("M", 1e6), ("G", 1e9)]
        case "s":
            steps = [("n", 1e-9), ("\u{B5}", 1e-6), ("m", 1e-3), ("", 1)]
        case "B", "bytes":
            steps = [("", 1), ("Ki", 1024), ("Mi", 1_048_576), ("Gi", 1_073_741_824), ("Ti", 1_099_511_627_776)]
        default: steps = [("", 1)]
        }
        let fitting = steps.last { size * 1.00005 >= $0.1 } ?? (size == 0 ? ("", 1) : steps[0])
        switch word {
        case "B", "bytes": name = fitting.0 + "B" + base.dropFirst(word.count)
        case "1", "": name = String(base.dropFirst(word.count + 1))
        default: name = fitting.0 + Self.shown(base)
        }
        factor = fitting.1
    }

    /// A number of a base unit, and its bounds, with the digits that the bounds leave worth reading: three to six.
    static func reading(
        _ value: Double, _ base: String, from lower: Double? = nil, to upper: Double? = nil
    ) -> Reading {
        let ends = [lower, upper].compactMap { $0 }.filter(\.isFinite)
        let largest = ([value] + ends).filter(\.isFinite).map(abs).max() ?? 0
        // Of a small value with a great bound, the unit in which both can be read.
        let unit = Unit(of: base, for: max(value.isFinite ? abs(value) : 0, largest / 20))
        guard largest > 0 else {
            return Reading(value: value.isFinite ? "0" : Digits.dash, bounds: nil, unit: unit.name)
        }
        let scaled = largest / unit.factor
        let magnitude = Digits.magnitude(scaled)
        var digits = 4
        if ends.count == 2, let low = ends.first, let high = ends.last, high > low {
            digits = min(max(magnitude - Digits.magnitude((high - low) / unit.factor) + 2, 3), 6)
        }
        let decimals = min(max(digits - 1 - magnitude, 0), 9)
        func text(_ number: Double) -> String {
            // What is too small for these decimals is shown with digits of its own.
            let written = number / unit.factor
            if abs(written) >= 1e10 { return Digits.exponential(written) }
            return written != 0 && abs(written) < 0.5 * pow(10, Double(-decimals))
                ? Digits.significant(written, 2) : Digits.fixed(written, decimals: decimals)
        }
        var bounds: (String, String)?
        if let lower, let upper, lower.isFinite, upper.isFinite { bounds = (text(lower), text(upper)) }
        return Reading(value: text(value), bounds: bounds, unit: unit.name)
    }

    /// A number of a base unit, like `7.868 kJ`.
    static func text(_ value: Double, _ base: String) -> String { reading(value, base).text }

    /// A number of a base unit and what it may be off by, like `34.05 \u{B1} 0.60 kJ`.
    static func text(_ value: Double, _ base: String, orSo error: Double) -> String {
        guard error > 0, error.isFinite, value.isFinite else { return text(value, base) }
        let unit = Unit(of: base, for: max(abs(value), error / 20))
        let decimals = min(max(1 - Digits.magnitude(error / unit.factor), 0), 9)
        let words = [value, error].map { Digits.fixed($0 / unit.factor, decimals: decimals) }
        return words.joined(separator: " \u{B1} ") + (unit.name.isEmpty ? "" : " \(unit.name)")
    }

    /// A unit as it is written: with the 2 of CO2 below the line.
    static func shown(_ name: String) -> String {
        Plain.line(name).split(separator: "CO2", omittingEmptySubsequences: false).joined(separator: "CO\u{2082}")
    }

    /// A part of 1 as percent, like `12.3 %`; what is above 0 and would be written as 0 is `< 0.1 %`.
    static func percent(_ part: Double, signed: Bool = false) -> String {
        guard part.isFinite else { return Digits.dash }
        let percent = part * 100
        if !signed, percent > 0, percent < 0.05 { return "< 0.1 %" }
        let text =
            abs(percent) < 1e6
            ? Digits.fixed(percent, decimals: abs(percent) < 99.95 ? 1 : 0) : Digits.significant(percent)
        return (signed && percent >= 0.05 ? "+" : "") + text + " %"
    }
}

internal import Glibc

/// Numbers as digits.
enum Digits {
    /// A number with so many decimals, rounded to the nearest; with an exponent where there are more than 15 digits, and
    /// a dash where it is none.
    static func fixed(_ value: Double, decimals: Int) -> String {
        guard value.isFinite else { return dash }
        let decimals = min(max(decimals, 0), 9)
        let scaled = (abs(value) * pow(10, Double(decimals))).rounded()
        guard scaled < 1e15, let whole = UInt64(exactly: scaled) else { return exponential(value) }
        let sign = value < 0 && whole > 0 ? minus : ""
        let digits = String(whole)
        guard decimals > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(decimals + 1 - digits.count, 0)) + digits
        return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    /// A number with so many significant digits, zeros at the end kept.
    static func significant(_ value: Double, _ digits: Int = 4) -> String {
        guard value.isFinite else { return dash }
        let decimals = digits - 1 - magnitude(value)
        return decimals > 9 ? exponential(value) : fixed(value, decimals: decimals)
    }

    /// A whole number as it is, another with six significant digits, less the zeros at its end.
    static func plain(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e12 { return fixed(value, decimals: 0) }
        // With six digits where they fit, or the four that are wanted at least.
        var text = significant(value, magnitude(value) < -4 ? 4 : 6)[...]
        guard text.contains("."), !text.contains("e") else { return String(text) }
        while text.last == "0" { text = text.dropLast() }
        return String(text.last == "." ? text.dropLast() : text)
    }

    /// The power of ten of the first digit, also after rounding to four digits; 0 of 0.
    static func magnitude(_ value: Double) -> Int {
        guard value.isFinite, value != 0 else { return 0 }
        // 9.99996 is 10.00 with four digits.
        return Int(log10(abs(value) * 1.00005).rounded(.down))
    }

    /// Like `1.234e-12`.
    static func exponential(_ value: Double) -> String {
        guard value != 0 else { return "0" }
        let magnitude = magnitude(value)
        // Dividing twice, as 10 to the power of -320 is no ordinary number.
        let half = magnitude / 2
        let mantissa = value / pow(10, Double(half)) / pow(10, Double(magnitude - half))
        return "\(fixed(mantissa, decimals: 3))e\(magnitude)"
    }

    static let dash = "\u{2013}"
    /// As wide as a plus sign.
    static let minus = "\u{2212}"
}

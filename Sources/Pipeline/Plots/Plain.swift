/// Text of others on one line, without what could steer a terminal, a browser or a reader's eye.
enum Plain {
    /// The text with each control character, each line end and each mark that turns the direction of writing replaced.
    static func line(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { line.append(scalar == "\n" || scalar == "\t" ? " " : harmless(scalar)) }
        return String(line)
    }

    /// The scalar itself, or U+FFFD for one that controls rather than shows, or that XML has no place for.
    static func harmless(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x9, 0xA: scalar
        case 0x0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069, 0xFFFE...0xFFFF: "\u{FFFD}"
        default: scalar
        }
    }

    /// The text with its middle cut out, so that it has at most so many characters.
    static func shortened(_ text: String, to limit: Int) -> String {
        guard text.count > limit else { return text }
        let kept = max(limit - 1, 0)
        return text.prefix(kept - kept / 2) + (limit > 0 ? "\u{2026}" : "") + text.suffix(kept / 2)
    }
}

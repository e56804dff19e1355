/// Lengths of time as brahe and Prometheus write them. Prometheus knows weeks besides, which no scrape interval needs.
package enum Lengths {
    private static let units = ["ms": 1.0, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]

    /// The milliseconds of `15s`, `1m30s`, `500ms` or `0.5h`; nil if the text is no such length.
    package static func milliseconds(in text: String) -> Double? {
        var rest = text[...]
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            let unit = rest.dropFirst(digits.count).prefix { $0.isLetter }
            guard let count = Double(digits), let scale = units[String(unit)] else { return nil }
            total += count * scale
            rest = rest.dropFirst(digits.count + unit.count)
        }
        return text.isEmpty ? nil : total
    }
}

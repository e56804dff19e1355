/// Values of options as people write them; nil for what is none.
enum Read {
    /// A path, or any other text that must not be empty.
    static func text(_ text: String) -> String? { text.isEmpty ? nil : text }

    /// Nanoseconds of `250ms`, `1.5s`, `10m`, `24h`.
    static func time(_ range: ClosedRange<UInt64>) -> (String) -> UInt64? {
        { text in
            for (unit, size) in [("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9)] where text.hasSuffix(unit) {
                guard let number = decimal(text.dropLast(unit.utf8.count)), number < 1e6 else { return nil }
                let time = UInt64((number * size).rounded())
                return range.contains(time) ? time : nil
            }
            return nil
        }
    }

    /// A whole number.
    static func count(_ range: ClosedRange<Int>) -> (String) -> Int? {
        { text in
            guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
            return Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// Microwatts of a number of watts up to 10000.
    static func microwatts(_ text: String) -> UInt64? {
        guard let watts = decimal(text[...]), watts <= 10_000 else { return nil }
        return UInt64((watts * 1e6).rounded())
    }

    /// `ZONE=WATTS`, the zone named by its kind, and for all but psys the number of its package.
    static func idleWatts(_ text: String) -> Options.IdleWatts? {
        guard let equals = text.firstIndex(of: "="),
            let microwatts = microwatts(String(text[text.index(after: equals)...]))
        else { return nil }
        let zone = text[..<equals]
        let words = zone.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = words.enumerated().filter { $0.offset == 1 || $0.offset == 3 }.map(\.element)
        guard let kind = words.first, ["package", "core", "uncore", "dram", "psys", "other"].contains(kind),
            [1, 2, 4].contains(words.count), words.count > 1 || kind == "psys" || kind == "other",
            words.count < 4 || words[2] == "die",
            numbers.allSatisfy({ count(0...Int(UInt16.max))(String($0)) != nil && !$0.isEmpty })
        else { return nil }
        return Options.IdleWatts(zone: String(zone), microwatts: microwatts)
    }

    /// An address of a web server.
    static func url(_ text: String) -> String? {
        for scheme in ["https://", "http://"] where text.hasPrefix(scheme) {
            return text.utf8.count > scheme.utf8.count && !text.contains(" ") ? text : nil
        }
        return nil
    }

    /// A number as people write one: digits, and a point if need be. `Double` alone takes `0x1` and `inf` too.
    private static func decimal(_ text: Substring) -> Double? {
        guard text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Double(text)
    }

    /// `a, b or c`.
    static func list(_ words: [String], _ conjunction: String) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " \(conjunction) \(last)"
    }
}

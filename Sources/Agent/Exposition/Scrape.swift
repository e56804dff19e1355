/// One page in the Prometheus text format 0.0.4, as it was read.
///
/// OpenMetrics pages pass too: `# EOF` is a comment, and timestamps and exemplars are accepted and dropped, because
/// whoever compares two pages takes the time from the page's own metrics.
public struct Scrape: Sendable {
    /// What makes a series this series: its name and its labels, in no particular order.
    public struct Identity: Sendable, Hashable {
        /// The metric's name, `_total` and the like included.
        public let name: String
        /// Label names and their unescaped values.
        public let labels: [String: String]

        /// The series of `name` that carries exactly `labels`.
        public init(name: String, labels: [String: String]) {
            self.name = name
            self.labels = labels
        }
    }

    /// One sample line.
    public struct Series: Sendable {
        /// The name and the labels.
        public let identity: Identity
        /// The value, as near as a `Double` comes.
        public let value: Double
        /// The value times 10^6, exact, if the page wrote a plain decimal that is not negative and has at most six
        /// decimals; joules read this way never pass through floating point.
        public let microunits: UInt64?

        /// The metric's name.
        public var name: String { identity.name }
        /// The labels.
        public var labels: [String: String] { identity.labels }
    }

    /// The type word that each family was declared with, by family name.
    public let types: [String: String]
    /// All series in the order of the page.
    public let samples: [Series]
    private let places: [String: [Int]]

    /// Reads a whole page; throws at the first line that is malformed or that repeats a series.
    public init(_ text: String) throws(ScrapeError) {
        var types: [String: String] = [:]
        var samples: [Series] = []
        var places: [String: [Int]] = [:]
        var seen: Set<Identity> = []
        let lines = Array(text.utf8).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, bytes) in lines.enumerated() {
            var line = SampleLine(bytes: bytes, number: index + 1)
            line.skipBlanks()
            guard let first = line.peek else { continue }
            guard first != UInt8(ascii: "#") else {
                guard let (family, type) = try line.typeDeclaration() else { continue }
                guard types.updateValue(type, forKey: family) == nil else {
                    throw line.error("second TYPE of \(family)")
                }
                continue
            }
            let series = try line.series()
            guard seen.insert(series.identity).inserted else { throw line.error("duplicate series of \(series.name)") }
            places[series.name, default: []].append(samples.count)
            samples.append(series)
        }
        self.types = types
        self.samples = samples
        self.places = places
    }

    /// All series of that name, in the order of the page.
    public func series(named name: String) -> [Series] {
        places[name, default: []].map { samples[$0] }
    }

    /// The value of the series of that name with exactly those labels, if it is there.
    public func value(named name: String, labels: [String: String] = [:]) -> Double? {
        series(named: name).first { $0.labels == labels }?.value
    }

    /// A decimal text times 10^6, exact; nil unless it is plain, not negative, of at most six decimals and in range.
    public static func microunits(of decimal: some StringProtocol) -> UInt64? {
        var units: UInt64 = 0
        var digits = 0
        var decimals: Int?
        for byte in decimal.utf8 {
            if byte == UInt8(ascii: "."), decimals == nil {
                decimals = 0
                continue
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), decimals != 6 else { return nil }
            digits += 1
            decimals = decimals.map { $0 + 1 }
            let (tens, overflow) = units.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
            guard !overflow, !carry else { return nil }
            units = sum
        }
        guard digits > 0 else { return nil }
        for _ in (decimals ?? 0)..<6 {
            let (tens, overflow) = units.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            units = tens
        }
        return units
    }
}

/// Why a page could not be read, and where.
public struct ScrapeError: Error, Equatable, CustomStringConvertible {
    /// The line's number, counted from 1.
    public let line: Int
    /// What is wrong with the line.
    public let reason: String

    /// `line 3: duplicate series of up`.
    public var description: String { "line \(line): \(reason)" }
}

/// One line of a page and how far it has been read.
private struct SampleLine {
    private let bytes: ArraySlice<UInt8>
    private let number: Int
    private var position: Int

    init(bytes: ArraySlice<UInt8>, number: Int) {
        self.bytes = bytes
        self.number = number
        position = bytes.startIndex
    }

    var peek: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    func error(_ reason: String) -> ScrapeError { ScrapeError(line: number, reason: reason) }

    mutating func skipBlanks() {
        while let byte = peek, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { position += 1 }
    }

    /// The family and the type of a `# TYPE` line; nil for every other comment.
    mutating func typeDeclaration() throws(ScrapeError) -> (family: String, type: String)? {
        let words = String(decoding: bytes, as: UTF8.self).split { $0 == " " || $0 == "\t" }
        guard words.count > 1, words[0] == "#", words[1] == "TYPE" else { return nil }
        guard words.count == 4 else { throw error("TYPE wants a name and a type") }
        return (String(words[2]), String(words[3]))
    }

    /// `name{label="value",...} value [timestamp] [# exemplar]`.
    mutating func series() throws(ScrapeError) -> Scrape.Series {
        let name = word(colons: true)
        guard !name.isEmpty else { throw error("no metric name") }
        skipBlanks()
        let labels = peek == UInt8(ascii: "{") ? try labels() : [:]
        skipBlanks()
        let text = token()
        guard !text.isEmpty else { throw error("no value") }
        guard let value = Self.number(text) else { throw error("value \(text) is not a number") }
        skipBlanks()
        if peek != nil, peek != UInt8(ascii: "#") {
            let timestamp = token()
            guard Self.number(timestamp) != nil else { throw error("timestamp \(timestamp) is not a number") }
            skipBlanks()
        }
        guard peek == nil || peek == UInt8(ascii: "#") else { throw error("text after the timestamp") }
        return Scrape.Series(
            identity: Scrape.Identity(name: name, labels: labels), value: value,
            microunits: Scrape.microunits(of: text))
    }

    private mutating func labels() throws(ScrapeError) -> [String: String] {
        var labels: [String: String] = [:]
        position += 1
        while true {
            skipBlanks()
            if peek == UInt8(ascii: "}") { break }
            let name = word(colons: false)
            guard !name.isEmpty else { throw error("no label name") }
            skipBlanks()
            try expect("=", after: name)
            skipBlanks()
            try expect("\"", after: name)
            guard labels.updateValue(try quoted(), forKey: name) == nil else { throw error("label \(name) twice") }
            skipBlanks()
            guard peek == UInt8(ascii: ",") else { break }
            position += 1
        }
        try expect("}", after: "the labels")
        return labels
    }

    private mutating func expect(_ sign: Unicode.Scalar, after what: String) throws(ScrapeError) {
        guard peek == UInt8(ascii: sign) else { throw error("no \(sign) after \(what)") }
        position += 1
    }

    /// The rest of a label value whose opening quote has been read.
    private mutating func quoted() throws(ScrapeError) -> String {
        var value: [UInt8] = []
        while let byte = peek, byte != UInt8(ascii: "\"") {
            position += 1
            guard byte == UInt8(ascii: "\\") else {
                value.append(byte)
                continue
            }
            switch peek {
            case UInt8(ascii: "n"): value.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "\\"): value.append(UInt8(ascii: "\\"))
            case UInt8(ascii: "\""): value.append(UInt8(ascii: "\""))
            default: throw error("unknown escape in a label value")
            }
            position += 1
        }
        guard peek != nil else { throw error("label value without end") }
        position += 1
        return String(decoding: value, as: UTF8.self)
    }

    /// A metric or label name: letters, digits and underscores, colons for metrics; empty if there is none.
    private mutating func word(colons: Bool) -> String {
        let start = position
        while let byte = peek {
            switch Unicode.Scalar(byte) {
            case "a"..."z", "A"..."Z", "_": break
            case "0"..."9" where position > start: break
            case ":" where colons: break
            default: return String(decoding: bytes[start..<position], as: UTF8.self)
            }
            position += 1
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func token() -> String {
        let start = position
        while let byte = peek, byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t") { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func number(_ text: String) -> Double? {
        switch text.lowercased() {
        case "nan", "+nan", "-nan": .nan
        case "inf", "+inf": .infinity
        case "-inf": -.infinity
        case let plain where plain.utf8.allSatisfy({ "0123456789.+-e".utf8.contains($0) }): Double(plain)
        default: nil
        }
    }
}

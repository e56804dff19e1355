/// One page in the Prometheus text format 0.0.4, as it was read.
///
/// OpenMetrics pages pass too: `# EOF` is a comment, and exemplars are accepted and dropped.
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
        /// The timestamp as the page wrote it, in milliseconds on a text page and in seconds on an OpenMetrics page; nil
        /// if there is none.
        public let timestamp: Double?

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
            var line = SampleLine(bytes, number: index + 1)
            guard !line.isEmpty else { continue }
            guard !line.isComment else {
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

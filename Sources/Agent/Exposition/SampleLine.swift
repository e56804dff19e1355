/// One line of a page and how far it has been read.
///
/// A sample's line is read in two steps, so that whoever reads a file of many samples need not read the same labels again.
public struct SampleLine: Sendable {
    private let bytes: ArraySlice<UInt8>
    private let number: Int
    private var position: Int

    /// A line without its end, and its number for messages, counted from 1; blanks before it are skipped.
    public init(_ bytes: ArraySlice<UInt8>, number: Int) {
        self.bytes = bytes
        self.number = number
        position = bytes.startIndex
        skipBlanks()
    }

    /// Whether nothing is left of it.
    public var isEmpty: Bool { peek == nil }
    /// Whether what is left is a comment.
    public var isComment: Bool { peek == UInt8(ascii: "#") }
    /// What has been read so far.
    public var consumed: ArraySlice<UInt8> { bytes[..<position] }

    /// Skips a prefix that the line has, if a blank follows it; false if not.
    public mutating func skip(_ prefix: ArraySlice<UInt8>) -> Bool {
        guard let end = bytes.index(position, offsetBy: prefix.count, limitedBy: bytes.endIndex), end < bytes.endIndex,
            bytes[end] == UInt8(ascii: " "), bytes[position..<end] == prefix
        else { return false }
        position = end
        return true
    }

    /// What to throw where the line is wrong.
    public func error(_ reason: String) -> ScrapeError { ScrapeError(line: number, reason: reason) }

    /// `name{label="value",...}`.
    public mutating func identity() throws(ScrapeError) -> Scrape.Identity {
        let name = word(colons: true)
        guard !name.isEmpty else { throw error("no metric name") }
        let end = position
        skipBlanks()
        guard peek == UInt8(ascii: "{") else {
            position = end
            return Scrape.Identity(name: name, labels: [:])
        }
        return Scrape.Identity(name: name, labels: try labels())
    }

    /// `value [timestamp] [# exemplar]`, the rest of a sample's line.
    public mutating func reading() throws(ScrapeError) -> (value: Double, microunits: UInt64?, timestamp: Double?) {
        skipBlanks()
        let text = token()
        guard !text.isEmpty else { throw error("no value") }
        guard let value = Self.number(text) else { throw error("value \(text) is not a number") }
        skipBlanks()
        var timestamp: Double?
        if peek != nil, peek != UInt8(ascii: "#") {
            let text = token()
            guard let number = Self.number(text) else { throw error("timestamp \(text) is not a number") }
            timestamp = number
            skipBlanks()
        }
        guard peek == nil || peek == UInt8(ascii: "#") else { throw error("text after the timestamp") }
        return (value, Scrape.microunits(of: text), timestamp)
    }

    /// A whole line of a sample.
    mutating func series() throws(ScrapeError) -> Scrape.Series {
        let identity = try identity()
        let reading = try reading()
        return Scrape.Series(
            identity: identity, value: reading.value, microunits: reading.microunits, timestamp: reading.timestamp)
    }

    private var peek: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while let byte = peek, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { position += 1 }
    }

    /// The family and the type of a `# TYPE` line; nil for every other comment.
    mutating func typeDeclaration() throws(ScrapeError) -> (family: String, type: String)? {
        let words = String(decoding: bytes, as: UTF8.self).split { $0 == " " || $0 == "\t" }
        guard words.count > 1, words[0] == "#", words[1] == "TYPE" else { return nil }
        guard words.count == 4 else { throw error("TYPE wants a name and a type") }
        return (String(words[2]), String(words[3]))
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
        if text.utf8.allSatisfy({ "0123456789.+-e".utf8.contains($0) }) { return Double(text) }
        return switch text.lowercased() {
        case "nan", "+nan", "-nan": .nan
        case "inf", "+inf": .infinity
        case "-inf": -.infinity
        case let plain where plain.utf8.allSatisfy({ "0123456789.+-e".utf8.contains($0) }): Double(plain)
        default: nil
        }
    }
}

/// What a client is served of what it accepts, chosen as Prometheus's Go client library does
/// (`expfmt.NegotiateIncludingOpenMetrics` and promhttp's choice of an encoding).
public struct Negotiation: Equatable {
    /// The format of the page.
    public let format: PageFormat
    /// The version of OpenMetrics that the client named: the page is the same, its content type is not.
    private let isFirstDraft: Bool
    /// Whether the page is compressed with gzip.
    public let gzip: Bool

    /// Reads the headers `Accept` and `Accept-Encoding`, empty where there is none. Of the media types that we write
    /// the one with the highest `q` wins, the first of equals; anything else, `*/*` too, is text.
    public init(accept: Span<UInt8>, encoding: Span<UInt8>) {
        var best = 0
        var format = PageFormat.text
        var isFirstDraft = false
        var list = HeaderList(0..<accept.count)
        while let item = list.next(accept) {
            let quality = item.quality(accept)
            guard quality > best else { continue }
            let version = item.value(of: "version", accept)
            if item.isNamed("text/plain", accept) {
                guard version.isEmpty || accept.reads("0.0.4", version) else { continue }
                (format, isFirstDraft) = (.text, false)
            } else if item.isNamed("application/openmetrics-text", accept) {
                let isDraft = version.isEmpty || accept.reads("0.0.1", version)
                guard isDraft || accept.reads("1.0.0", version) else { continue }
                (format, isFirstDraft) = (.openMetrics, isDraft)
            } else {
                continue
            }
            best = quality
        }
        self.format = format
        self.isFirstDraft = isFirstDraft
        gzip = Self.wantsGzip(encoding)
    }

    /// The header `Content-Type` of the page.
    public var contentType: StaticString {
        switch format {
        case .text: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics where isFirstDraft: "application/openmetrics-text; version=0.0.1; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// Whether gzip is accepted and liked better than no encoding.
    private static func wantsGzip(_ header: Span<UInt8>) -> Bool {
        var gzip: Int?
        var identity: Int?
        var others: Int?
        var list = HeaderList(0..<header.count)
        while let item = list.next(header) {
            if item.isNamed("gzip", header) {
                gzip = item.quality(header)
            } else if item.isNamed("identity", header) {
                identity = item.quality(header)
            } else if item.isNamed("*", header) {
                others = item.quality(header)
            }
        }
        let quality = gzip ?? others ?? 0
        return quality > 0 && quality > (identity ?? others ?? 0)
    }
}

/// Goes through a header's items, which commas divide outside of quotes.
private struct HeaderList {
    private var rest: Range<Int>

    init(_ range: Range<Int>) { rest = range }

    mutating func next(_ header: Span<UInt8>) -> HeaderItem? {
        guard !rest.isEmpty else { return nil }
        let end = header.end(of: rest, at: UInt8(ascii: ","))
        defer { rest = min(end + 1, rest.upperBound)..<rest.upperBound }
        return HeaderItem(range: rest.lowerBound..<end)
    }
}

/// One item of a header: a name, then parameters after semicolons.
private struct HeaderItem {
    let range: Range<Int>

    func isNamed(_ name: StaticString, _ header: Span<UInt8>) -> Bool {
        header.reads(name, header.trimmed(range.lowerBound..<header.end(of: range, at: UInt8(ascii: ";"))))
    }

    /// Where a parameter's value is, without quotes; empty where it is not given.
    func value(of name: StaticString, _ header: Span<UInt8>) -> Range<Int> {
        var start = header.end(of: range, at: UInt8(ascii: ";"))
        while start < range.upperBound {
            let end = header.end(of: start + 1..<range.upperBound, at: UInt8(ascii: ";"))
            let equals = header.end(of: start + 1..<end, at: UInt8(ascii: "="))
            if equals < end, header.reads(name, header.trimmed(start + 1..<equals)) {
                return header.unquoted(header.trimmed(equals + 1..<end))
            }
            start = end
        }
        return range.upperBound..<range.upperBound
    }

    /// Thousandths of the weight `q`: 1000 where none is given, 0 where it is none.
    func quality(_ header: Span<UInt8>) -> Int {
        let range = value(of: "q", header)
        guard !range.isEmpty else { return 1000 }
        var quality = 0
        var scale = 1000
        for index in range {
            let digit = Int(header[index]) - Int(UInt8(ascii: "0"))
            if index == range.lowerBound + 1 {
                guard header[index] == UInt8(ascii: ".") else { return 0 }
            } else if (0...9).contains(digit) {
                quality += digit * scale
                scale /= 10
            } else {
                return 0
            }
        }
        return quality <= 1000 ? quality : 0
    }
}

extension Span<UInt8> {
    /// Where `byte` is in a range outside of quotes, else the range's end.
    fileprivate func end(of range: Range<Int>, at byte: UInt8) -> Int {
        var isQuoted = false
        for index in range {
            if self[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
            if self[index] == byte, !isQuoted { return index }
        }
        return range.upperBound
    }

    /// A range without spaces and tabs around it.
    fileprivate func trimmed(_ range: Range<Int>) -> Range<Int> {
        var range = range
        while let first = range.first, self[first] == 0x20 || self[first] == 0x09 { range.removeFirst() }
        while let last = range.last, self[last] == 0x20 || self[last] == 0x09 { range.removeLast() }
        return range
    }

    /// A range without quotes around it.
    fileprivate func unquoted(_ range: Range<Int>) -> Range<Int> {
        guard range.count >= 2, self[range.lowerBound] == 0x22, self[range.upperBound - 1] == 0x22 else { return range }
        return range.lowerBound + 1..<range.upperBound - 1
    }

    /// Whether a range holds this text, in ASCII letters of either case; `text` is in small ones.
    fileprivate func reads(_ text: StaticString, _ range: Range<Int>) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            for offset in 0..<range.count {
                let byte = self[range.lowerBound + offset]
                let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                guard unsafe (isCapital ? byte | 0x20 : byte) == expected[offset] else { return false }
            }
            return true
        }
    }
}

/// A page of metrics, in a buffer that is reused from scrape to scrape.
///
/// A family is opened by `family`, then come its series: `begin`, labels, `value`; last comes `end`. Nothing is
/// allocated once the buffer has grown to the size of the page.
public struct Page: ~Copyable {
    /// What a family is.
    public enum FamilyType: Sendable {
        /// Never falls while the agent lives.
        case counter
        /// Goes up and down.
        case gauge
    }

    /// The page so far, UTF-8.
    public private(set) var bytes: [UInt8] = []
    private let writesCreated: Bool
    private var format = PageFormat.text
    private var name: StaticString = ""
    private var type = FamilyType.gauge
    private var labels = 0
    private var labelsStart = 0
    /// Room for the labels of a series that is written twice.
    private var copied: [UInt8] = []

    /// An empty page with room for `capacity` bytes; `writesCreated` says whether an OpenMetrics page has `_created`
    /// series, each of which a scraper stores as a series of its own.
    public init(capacity: Int = 1 << 16, writesCreated: Bool = true) {
        self.writesCreated = writesCreated
        bytes.reserveCapacity(capacity)
    }

    /// Empties the page and keeps its room; what follows is in `format`.
    public mutating func clear(as format: PageFormat = .text) {
        bytes.removeAll(keepingCapacity: true)
        self.format = format
    }

    /// Writes a family's head. `unit` is the last word of the name (before `_total`), empty for a count; `help` has no
    /// line break or backslash in it.
    ///
    /// In OpenMetrics a counter's name has no `_total`; one that Kepler named without has no type there either.
    public mutating func family(
        _ name: StaticString, _ type: FamilyType, unit: StaticString = "", _ help: StaticString
    ) {
        self.name = name
        self.type = type
        let length = familyNameLength
        headWord("# HELP ", length)
        append(help)
        append("\n")
        headWord("# TYPE ", length)
        switch type {
        case .counter: append(format == .openMetrics && length == name.utf8CodeUnitCount ? "unknown" : "counter")
        case .gauge: append("gauge")
        }
        append("\n")
        guard format == .openMetrics, unit.utf8CodeUnitCount > 0 else { return }
        headWord("# UNIT ", length)
        append(unit)
        append("\n")
    }

    /// Begins a series of the family.
    public mutating func begin() {
        append(name)
        labels = 0
        labelsStart = bytes.count
    }

    /// Writes a label whose value needs no escaping.
    public mutating func label(_ name: StaticString, _ value: StaticString) {
        open(name)
        append(value)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a label, escaping what the format asks for: backslash, quote, line break.
    public mutating func label(_ name: StaticString, _ value: String) {
        open(name)
        LabelSet.escape(value, into: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a label whose value is a whole number.
    public mutating func label(_ name: StaticString, number: UInt64) {
        open(name)
        append(number, decimals: 0, isTrimmed: true)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a label whose value is `number` times ten to the power of minus `decimals`, all decimals written.
    public mutating func label(_ name: StaticString, number: UInt64, decimals: Int) {
        open(name)
        append(number, decimals: decimals, isTrimmed: false)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes labels that were made once.
    public mutating func label(_ set: LabelSet) {
        guard !set.bytes.isEmpty else { return }
        beginLabel()
        bytes.append(contentsOf: set.bytes)
    }

    /// Ends a series with `number` times ten to the power of minus `decimals`, exactly: microjoules become joules
    /// with 6 decimals, nanoseconds seconds with 9 or milliseconds with 6.
    ///
    /// - Parameter created: for a counter, when it began at 0, nanoseconds since 1970; 0 where that is not known.
    public mutating func value(_ number: UInt64, decimals: Int = 0, created: UInt64 = 0) {
        let labelsEnd = bytes.count
        endSeries(number, decimals)
        guard format == .openMetrics, writesCreated, type == .counter, created > 0,
            familyNameLength < name.utf8CodeUnitCount
        else { return }
        append(name, first: familyNameLength)
        append("_created")
        // By way of another array: in pieces, and without a second owner of this one, which would have to be copied.
        copied.removeAll(keepingCapacity: true)
        copied.append(contentsOf: bytes[labelsStart..<labelsEnd])
        bytes.append(contentsOf: copied)
        endSeries(created, 9)
    }

    private mutating func endSeries(_ number: UInt64, _ decimals: Int) {
        if labels > 0 { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: " "))
        append(number, decimals: decimals, isTrimmed: true)
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Ends the page.
    public mutating func end() { if format == .openMetrics { append("# EOF\n") } }

    /// Bytes of the family's own name: in OpenMetrics without a counter's `_total`.
    private var familyNameLength: Int {
        let length = name.utf8CodeUnitCount
        guard format == .openMetrics, type == .counter else { return length }
        let suffix: StaticString = "_total"
        let isTotal = name.withUTF8Buffer { name in
            suffix.withUTF8Buffer { suffix in unsafe name.suffix(suffix.count).elementsEqual(suffix) }
        }
        return isTotal ? length - suffix.utf8CodeUnitCount : length
    }

    private mutating func headWord(_ word: StaticString, _ length: Int) {
        append(word)
        append(name, first: length)
        append(" ")
    }

    private mutating func open(_ name: StaticString) {
        beginLabel()
        append(name)
        append("=\"")
    }

    private mutating func beginLabel() {
        bytes.append(labels == 0 ? UInt8(ascii: "{") : UInt8(ascii: ","))
        labels += 1
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    }

    private mutating func append(_ text: StaticString, first: Int) {
        text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0.prefix(first)) }
    }

    /// Writes a number from its last digit on, so that only divisions by ten are needed, which are multiplications.
    private mutating func append(_ number: UInt64, decimals: Int, isTrimmed: Bool) {
        var digits = InlineArray<32, UInt8>(repeating: 0)
        var first = digits.count
        var rest = number
        for _ in 0..<decimals {
            let digit = UInt8(rest % 10)
            rest /= 10
            guard digit != 0 || !isTrimmed || first < digits.count else { continue }
            first -= 1
            digits[first] = UInt8(ascii: "0") + digit
        }
        if first < digits.count {
            first -= 1
            digits[first] = UInt8(ascii: ".")
        }
        repeat {
            first -= 1
            digits[first] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        } while rest != 0
        bytes.append(addingCapacity: digits.count - first) { end in
            for index in first..<digits.count { end.append(digits[index]) }
        }
    }
}

/// A page in Prometheus text exposition format 0.0.4, in a buffer that is reused from scrape to scrape.
///
/// A family is written by `family`, then its series: `begin`, labels, `value`. Nothing is allocated once the buffer
/// has grown to the size of the page.
public struct Page: ~Copyable {
    /// The page so far, UTF-8.
    public private(set) var bytes: [UInt8] = []
    private var labels = 0

    /// An empty page with room for `capacity` bytes.
    public init(capacity: Int = 1 << 16) { bytes.reserveCapacity(capacity) }

    /// Empties the page and keeps its room.
    public mutating func clear() { bytes.removeAll(keepingCapacity: true) }

    /// Writes a family's head. `type` is `counter` or `gauge`; `help` has no line break or backslash in it.
    public mutating func family(_ name: StaticString, _ type: StaticString, _ help: StaticString) {
        append("# HELP ")
        append(name)
        append(" ")
        append(help)
        append("\n# TYPE ")
        append(name)
        append(" ")
        append(type)
        append("\n")
    }

    /// Begins a series of a family.
    public mutating func begin(_ name: StaticString) {
        append(name)
        labels = 0
    }

    /// Writes a label whose value needs no escaping.
    public mutating func label(_ name: StaticString, _ value: StaticString) {
        open(name)
        append(value)
        append("\"")
    }

    /// Writes a label, escaping what the format asks for: backslash, quote, line break.
    public mutating func label(_ name: StaticString, _ value: String) {
        open(name)
        if value.utf8.allSatisfy({ !Self.needsEscape($0) }) {
            bytes.append(contentsOf: value.utf8)
        } else {
            for byte in value.utf8 { escape(byte) }
        }
        append("\"")
    }

    /// Ends a series with a whole number.
    public mutating func value(_ number: UInt64) { value(number, decimals: 0) }

    /// Ends a series with `number` times ten to the power of minus `decimals`, exactly: microjoules become joules
    /// with 6 decimals, nanoseconds seconds with 9 or milliseconds with 6.
    public mutating func value(_ number: UInt64, decimals: Int) {
        append(labels > 0 ? "} " : " ")
        var scale: UInt64 = 1
        for _ in 0..<decimals { scale *= 10 }
        decimal(number / scale)
        var rest = number % scale
        if rest != 0 { append(".") }
        while rest != 0 {
            scale /= 10
            bytes.append(UInt8(ascii: "0") + UInt8(rest / scale))
            rest %= scale
        }
        append("\n")
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
    }

    private mutating func escape(_ byte: UInt8) {
        guard Self.needsEscape(byte) else { return bytes.append(byte) }
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte == UInt8(ascii: "\n") ? UInt8(ascii: "n") : byte)
    }

    private mutating func open(_ name: StaticString) {
        append(labels == 0 ? "{" : ",")
        labels += 1
        append(name)
        append("=\"")
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    }

    private mutating func decimal(_ value: UInt64) {
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var rest = value
        var first = 20
        repeat {
            first -= 1
            digits[first] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        } while rest != 0
        for index in first..<20 { bytes.append(digits[index]) }
    }
}

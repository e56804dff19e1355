/// Labels made once and written many times: those of a container do not change from family to family.
public struct LabelSet: Sendable, Equatable {
    /// `name="value",…`, escaped.
    public private(set) var bytes: [UInt8] = []

    /// No labels.
    public init() {}

    /// These labels, in this order.
    public init(_ labels: (name: StaticString, value: String)...) {
        for label in labels { add(label.name, label.value) }
    }

    /// Whether there is none.
    public var isEmpty: Bool { bytes.isEmpty }

    /// Adds labels that were made before.
    public mutating func add(_ set: LabelSet) {
        if !isEmpty, !set.isEmpty { bytes.append(UInt8(ascii: ",")) }
        bytes.append(contentsOf: set.bytes)
    }

    /// Adds a label.
    public mutating func add(_ name: StaticString, _ value: String) {
        if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
        name.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "="))
        bytes.append(UInt8(ascii: "\""))
        Self.escape(value, into: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends a label's value, escaping what both formats ask for: backslash, quote, line break.
    static func escape(_ value: String, into bytes: inout [UInt8]) {
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\\"), UInt8(ascii: "\""):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case UInt8(ascii: "\n"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(UInt8(ascii: "n"))
            default: bytes.append(byte)
            }
        }
    }
}

/// The one variable of a manifest: `$VERSION` or `${VERSION}`.
///
/// No other variable is touched: neither `$VERSIONS` nor `${VERSION:-1}`, nor `$$VERSION`, which stays as it is
/// because two dollar signs mark for Flux and for Kubernetes what is not to be replaced.
package enum VersionWord {
    /// The text with the version in each place that asks for it; nil if none does.
    package static func replacing(in text: String, by version: String) -> String? {
        guard text.contains("$") else { return nil }
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        var found = false
        while let byte = rest.first {
            guard byte == dollar else {
                result.append(byte)
                rest.removeFirst()
                continue
            }
            let dollars = rest.prefix { $0 == dollar }.count
            result += Array(repeating: dollar, count: dollars - 1)
            rest.removeFirst(dollars - 1)
            if dollars == 1, let length = length(at: rest) {
                found = true
                result += Array(version.utf8)
                rest.removeFirst(length)
            } else {
                result.append(dollar)
                rest.removeFirst()
            }
        }
        return found ? String(decoding: result, as: UTF8.self) : nil
    }

    /// How many bytes the word takes at the beginning of these; nil if it is not there.
    private static func length(at bytes: ArraySlice<UInt8>) -> Int? {
        let braced = Array("${VERSION}".utf8)
        if bytes.starts(with: braced) { return braced.count }
        let bare = Array("$VERSION".utf8)
        guard bytes.starts(with: bare) else { return nil }
        guard let next = bytes.dropFirst(bare.count).first else { return bare.count }
        let goesOn = next == underscore || (48...57).contains(next) || (65...90).contains(next & 0xdf)
        return goesOn ? nil : bare.count
    }

    private static let dollar = UInt8(ascii: "$")
    private static let underscore = UInt8(ascii: "_")
}

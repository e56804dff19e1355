package import Host

/// What a service of carbon intensities knows its user by: from a file or the environment, and never shown.
package struct Secret: Sendable, CustomStringConvertible {
    let text: String
    /// For whoever prints one by mistake.
    package var description: String { "(secret)" }

    /// The first line of a file, else the variables' values, joined by a colon; throws if there is neither.
    package static func find(file: String?, variables: [String]) throws(Failure) -> Secret {
        if let file {
            guard let secret = Secret(try Files.read(file)) else {
                throw Failure(.configuration, "read \(file): it is not one line")
            }
            return secret
        }
        let values = variables.compactMap { Environment[$0] }
        guard values.count == variables.count, let secret = Secret(values.joined(separator: ":")) else {
            throw Failure(
                .configuration, "find a token: \(variables.joined(separator: " and ")) not set, and no token_file")
        }
        return secret
    }

    /// Nil for what is not one line of printable ASCII: it goes into a header, which has one line.
    init?(_ text: String) {
        var line = Substring(text)
        while let last = line.last, last.isNewline { line.removeLast() }
        guard !line.isEmpty, line.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) else { return nil }
        self.text = String(line)
    }

    /// A text in which this one cannot be read.
    func hidden(in text: String) -> String {
        let needle = Array(self.text.utf8)
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        var place = 0
        while place < bytes.count {
            if bytes[place...].starts(with: needle) {
                output += Array("(secret)".utf8)
                place += needle.count
            } else {
                output.append(bytes[place])
                place += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// In base64, for HTTP's Basic (RFC 4648).
    var base64: String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bytes = Array(text.utf8)
        return stride(from: 0, to: bytes.count, by: 3).map { start in
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            let letters = (0...group.count).map { String(digits[bits >> (18 - 6 * $0) & 63]) }.joined()
            return letters + String(repeating: "=", count: 3 - group.count)
        }.joined()
    }
}

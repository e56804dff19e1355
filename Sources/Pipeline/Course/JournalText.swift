internal import Documents

extension Journal {
    /// Where and why a text is no journal.
    package struct Malformed: Error, Equatable, CustomStringConvertible {
        /// The line's number, from 1.
        package let line: Int
        package let reason: String
        package var description: String { "line \(line): \(reason)" }
    }

    /// Reads the lines of a journal, without a last one that has no end: there the power failed.
    package init(_ text: String) throws(Malformed) {
        self.init()
        guard let end = text.utf8.lastIndex(of: UInt8(ascii: "\n")) else { return }
        let lines = text.utf8[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            do {
                try append(Entry(JSON(parsing: String(decoding: line, as: UTF8.self))))
            } catch {
                throw Malformed(line: index + 1, reason: "\(error)")
            }
        }
    }
}

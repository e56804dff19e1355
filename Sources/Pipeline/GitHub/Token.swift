package import Host

/// The credential for GitHub: from the environment or a file, never from the command line, and never shown.
package struct Token: Sendable, CustomStringConvertible {
    /// What goes into the header `Authorization`.
    package let secret: String
    /// For whoever prints one by mistake.
    package var description: String { "(token)" }

    /// The one in the file, else that of `GITHUB_TOKEN` or `GH_TOKEN`; nil if there is none.
    package static func find(file: String?) throws(Failure) -> Token? {
        if let file {
            guard let token = Token(try Files.read(file)) else {
                throw Failure(.configuration, "read \(file): it is no token of one line")
            }
            return token
        }
        for name in ["GITHUB_TOKEN", "GH_TOKEN"] {
            guard let value = Environment[name] else { continue }
            guard let token = Token(value) else { throw Failure(.configuration, "\(name) is no token of one line") }
            return token
        }
        return nil
    }

    /// Nil for what is no token: it goes into a header, which has one line.
    private init?(_ text: String) {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 1, let word = words.first, word.allSatisfy(\.isASCII) else { return nil }
        secret = String(word)
    }
}

/// Text as GitHub's Markdown takes it.
package enum Markdown {
    /// The text on one line, with each character that could mean something as its number: so no name ends a cell, begins
    /// a tag, a link or a list, or calls somebody.
    package static func escaped(_ text: String) -> String {
        Plain.line(text).unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "&", "<", ">", "\"", "'", "|", "`", "*", "_", "~", "[", "]", "\\", "#", "$", "@", "!", "{", "}", "^":
                escaped += "&#\(scalar.value);"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        // GitHub makes links of bare addresses.
        .split(separator: "://", omittingEmptySubsequences: false).joined(separator: ":&#47;/")
        .split(separator: "www.", omittingEmptySubsequences: false).joined(separator: "www&#46;")
    }
}

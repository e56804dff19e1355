/// Markup of HTML or SVG, well-formed as XML: no text of others can leave the place it is given.
package struct Markup: Equatable, Sendable {
    /// As a file has it.
    package let source: String

    private init(source: String) { self.source = source }

    /// Nothing.
    package static let none = Markup(source: "")

    /// A text.
    package static func text(_ text: String) -> Markup { Markup(source: escaped(text)) }

    /// A style sheet, which must have no `<` and no `&`.
    static func styles(_ sheet: StaticString) -> Markup { Markup(source: "<style>\n\(sheet)</style>\n") }

    /// An element; attributes that are nil are left out.
    static func element(
        _ name: StaticString, _ attributes: KeyValuePairs<String, String?>, _ children: [Markup]
    ) -> Markup {
        let attributes = attributes.map { name, value in value.map { " \(name)=\"\(escaped($0))\"" } ?? "" }.joined()
        guard !children.isEmpty else { return Markup(source: "<\(name)\(attributes)/>") }
        return Markup(source: "<\(name)\(attributes)>" + children.map(\.source).joined() + "</\(name)>")
    }

    /// An element with these children.
    static func element(
        _ name: StaticString, _ attributes: KeyValuePairs<String, String?>, _ children: Markup...
    ) -> Markup {
        element(name, attributes, children)
    }

    /// An element without attributes.
    static func element(_ name: StaticString, _ children: [Markup]) -> Markup { element(name, [:], children) }
    static func element(_ name: StaticString, _ children: Markup...) -> Markup { element(name, [:], children) }

    /// An element with a text.
    static func element(
        _ name: StaticString, _ attributes: KeyValuePairs<String, String?> = [:], text: String
    ) -> Markup {
        element(name, attributes, [.text(text)])
    }

    /// One after the other, each on a line of its own.
    static func lines(_ parts: [Markup]) -> Markup {
        Markup(source: parts.filter { $0 != .none }.map { $0.source + "\n" }.joined())
    }

    static func + (one: Markup, other: Markup) -> Markup { Markup(source: one.source + other.source) }

    /// The text with the characters that mean something to a browser replaced, and those that XML cannot have.
    package static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(Plain.harmless(scalar))
            }
        }
    }
}

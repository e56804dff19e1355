/// A JSON value whose objects keep their order.
enum JSON {
    case object([(String, JSON)])
    case number(Double)
    case count(UInt64)
    case text(String)
    case null

    /// The value as JSON text, two spaces deeper for each object around it.
    func rendered(indent: String = "") -> String {
        switch self {
        case .object(let members):
            let deeper = indent + "  "
            let lines = members.map { "\(deeper)\(Self.quoted($0)): \($1.rendered(indent: deeper))" }
            return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
        case .number(let number):
            // Three decimals are beyond what any of the measurements is good for.
            return number.isFinite ? "\((number * 1000).rounded() / 1000)" : "null"
        case .count(let count): return "\(count)"
        case .text(let text): return Self.quoted(text)
        case .null: return "null"
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\u{0}"..<" ": quoted += " "
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

internal import Documents

/// A thing and what is known of it.
struct Fact: Equatable {
    let name: String
    let value: String

    init(_ name: String, _ value: String) {
        self.name = Plain.line(name)
        self.value = Plain.line(value)
    }

    /// Everything in a document of others by its path, like `nodes[0].cpu`, nulls and what is beyond `limit` left out.
    static func all(of json: JSON, limit: Int = 200) -> [Fact] {
        var facts: [Fact] = []
        func visit(_ value: JSON, _ path: String, depth: Int) {
            guard facts.count < limit, depth < 12 else { return }
            switch value {
            case .null: return
            case .bool(let truth): facts.append(Fact(path, truth ? "yes" : "no"))
            case .integer(let number): facts.append(Fact(path, "\(number)"))
            case .number(let number): facts.append(Fact(path, "\(number)"))
            case .string(let text): if !text.isEmpty { facts.append(Fact(path, text)) }
            case .array(let elements):
                let words = elements.compactMap(\.string)
                if !words.isEmpty, words.count == elements.count {
                    facts.append(Fact(path, words.joined(separator: " ")))
                } else {
                    for (place, element) in elements.enumerated() {
                        visit(element, "\(path)[\(place)]", depth: depth + 1)
                    }
                }
            case .object(let members):
                for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                    visit(member, path.isEmpty ? name : "\(path).\(name)", depth: depth + 1)
                }
            }
        }
        visit(json, "", depth: 0)
        return facts
    }

    /// A list of pairs.
    static func markup(_ facts: [Fact]) -> Markup {
        guard !facts.isEmpty else { return .none }
        return .element(
            "dl", ["class": "facts"],
            facts.map { .element("div", .element("dt", text: $0.name), .element("dd", text: $0.value)) + .text("\n") })
    }
}

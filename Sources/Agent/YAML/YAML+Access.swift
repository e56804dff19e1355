extension YAML.Node {
    /// The value of a key; nil if there is none or this is no mapping.
    package subscript(key: String) -> YAML.Node? {
        guard case .mapping(let entries) = value else { return nil }
        return entries.first { $0.key.text == key }?.value
    }

    /// The items of a sequence; none if this is no sequence.
    package var items: [YAML.Node] { if case .sequence(let items) = value { items } else { [] } }

    /// True if this is a mapping.
    package var isMapping: Bool { if case .mapping = value { true } else { false } }

    /// True for a plain scalar that stands for nothing: an empty one, `~` or `null`.
    package var isNull: Bool { plain && ["", "~", "null", "Null", "NULL"].contains(text) }

    /// The text of a scalar that a reader takes for a string; nil for others, so for plain `5`, `yes` and `null` too.
    ///
    /// The words are those of YAML 1.1 as kubectl reads it.
    package var string: String? {
        guard let text, plain else { return text }
        if isNull || Self.truths.contains(text.lowercased()) { return nil }
        if text == ".nan" || text == ".NaN" || text == ".NAN" || text.lowercased().hasSuffix(".inf") { return nil }
        let digits = text.drop { $0 == "+" || $0 == "-" }
        guard let first = digits.utf8.first, first == 46 || (48...57).contains(first) else { return text }
        if Double(digits.filter({ $0 != "_" })) != nil { return nil }
        let prefixed = digits.lowercased()
        let bases: [(String, Int)] = [("0x", 16), ("0o", 8), ("0b", 2)]
        for (prefix, base) in bases where prefixed.hasPrefix(prefix) {
            if UInt64(prefixed.dropFirst(2).filter({ $0 != "_" }), radix: base) != nil { return nil }
        }
        return text
    }

    private static let truths: Set<String> = ["y", "n", "yes", "no", "on", "off", "true", "false"]

    /// The same with the value of a key set, at the end if it is new; a node that is no mapping becomes one.
    package func setting(_ key: String, to node: YAML.Node) -> YAML.Node {
        var entries: [(key: YAML.Node, value: YAML.Node)] = []
        if case .mapping(let old) = value { entries = old }
        if let index = entries.firstIndex(where: { $0.key.text == key }) {
            entries[index].value = node
        } else {
            entries.append((YAML.Node(line: line, plain: true, value: .scalar(key)), node))
        }
        return YAML.Node(line: line, plain: false, value: .mapping(entries))
    }
}

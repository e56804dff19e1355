package import Documents

/// A JSON Schema, and what in a document goes against it.
///
/// The part of draft 2020-12 that our schemas use. A keyword outside of it is an error when the schema is read: to pass
/// over it would be to accept what the schema refuses.
package struct Schema: Sendable {
    private let root: JSON

    /// Keywords that assert nothing.
    private static let remarks: Set = ["$schema", "$id", "$comment", "title", "description", "examples"]
    private static let types: Set = ["null", "boolean", "integer", "number", "string", "array", "object"]

    /// Of what `brahe report` and `brahe compare` write.
    package static func run() throws(Misread) -> Schema {
        try Schema(parsing: String(decoding: PackageResources.run_schema_json, as: UTF8.self))
    }
    package static func compare() throws(Misread) -> Schema {
        try Schema(parsing: String(decoding: PackageResources.compare_schema_json, as: UTF8.self))
    }

    /// Reads a schema; throws where it says what this does not know.
    package init(parsing text: String) throws(Misread) {
        root = try Field.document(text).value
        try check(root, at: "#")
    }

    /// All that is wrong with a document, each with its path; none if it is valid.
    package func faults(in document: JSON) -> [Misread] {
        var faults: [Misread] = []
        judge(document, by: root, at: "", &faults)
        return faults
    }

    /// Walks through a schema and its parts.
    private func check(_ schema: JSON, at path: String) throws(Misread) {
        guard case .object(let members) = schema else {
            if schema.bool == nil { throw Misread(path, "is neither an object nor true or false") }
            return
        }
        for (keyword, value) in members.sorted(by: { $0.key < $1.key }) {
            let place = "\(path)/\(keyword)"
            switch keyword {
            case _ where Self.remarks.contains(keyword): break
            case "properties", "$defs":
                for (name, part) in value.object.sorted(by: { $0.key < $1.key }) {
                    try check(part, at: "\(place)/\(name)")
                }
            case "items", "additionalProperties": try check(value, at: place)
            case "anyOf":
                for (index, part) in value.array.enumerated() { try check(part, at: "\(place)/\(index)") }
            case "$ref":
                guard definition(value) != nil else { throw Misread(place, "is not one of #/$defs") }
            case "type":
                let names = value.string.map { [$0] } ?? value.array.compactMap(\.string)
                guard !names.isEmpty, Self.types.isSuperset(of: names) else { throw Misread(place, "is no type") }
            case "required":
                guard value.array.allSatisfy({ $0.string != nil }) else { throw Misread(place, "is no list of names") }
            case "enum", "const": break
            case "minimum", "maximum", "exclusiveMinimum", "minLength", "minItems":
                guard value.number != nil else { throw Misread(place, "is no number") }
            default: throw Misread(place, "is a keyword that is not known")
            }
        }
    }

    private func definition(_ reference: JSON) -> JSON? {
        guard let text = reference.string, text.hasPrefix("#/$defs/") else { return nil }
        return root["$defs"].object[String(text.dropFirst("#/$defs/".count))]
    }

    private func judge(_ value: JSON, by schema: JSON, at path: String, _ faults: inout [Misread]) {
        if schema.bool == false { faults.append(Misread(path, "is not known")) }
        let rules = schema.object
        if let target = rules["$ref"].flatMap(definition) { judge(value, by: target, at: path, &faults) }
        if let type = rules["type"] {
            let names = type.string.map { [$0] } ?? type.array.compactMap(\.string)
            guard names.contains(where: { Self.matches(value, $0) }) else {
                faults.append(Misread(path, "is not \(names.joined(separator: " or "))"))
                return
            }
        }
        if let choices = rules["enum"]?.array, !choices.contains(where: { Self.same($0, value) }) {
            faults.append(Misread(path, "is not one of \(choices.map(\.line).joined(separator: ", "))"))
        }
        if let one = rules["const"], !Self.same(one, value) {
            faults.append(Misread(path, "is not \(one.line)"))
        }
        if let parts = rules["anyOf"]?.array, !parts.contains(where: { allows($0, value) }) {
            faults.append(Misread(path, "is none of the \(parts.count) kinds that it may be"))
        }
        if let number = value.number { judge(number, by: rules, at: path, &faults) }
        if let text = value.string, let least = rules["minLength"]?.number, Double(text.unicodeScalars.count) < least {
            faults.append(Misread(path, "is shorter than \(rules["minLength", default: 0].line)"))
        }
        if case .array(let elements) = value {
            if let least = rules["minItems"]?.number, Double(elements.count) < least {
                faults.append(Misread(path, "has fewer than \(rules["minItems", default: 0].line) elements"))
            }
            if let part = rules["items"] {
                for (index, element) in elements.enumerated() {
                    judge(element, by: part, at: "\(path)[\(index)]", &faults)
                }
            }
        }
        if case .object(let members) = value { judge(members, by: rules, at: path, &faults) }
    }

    private func judge(_ number: Double, by rules: [String: JSON], at path: String, _ faults: inout [Misread]) {
        if let limit = rules["minimum"]?.number, number < limit {
            faults.append(Misread(path, "is below \(rules["minimum", default: 0].line)"))
        }
        if let limit = rules["maximum"]?.number, number > limit {
            faults.append(Misread(path, "is above \(rules["maximum", default: 0].line)"))
        }
        if let limit = rules["exclusiveMinimum"]?.number, number <= limit {
            faults.append(Misread(path, "is not above \(rules["exclusiveMinimum", default: 0].line)"))
        }
    }

    private func judge(
        _ members: [String: JSON], by rules: [String: JSON], at path: String, _ faults: inout [Misread]
    ) {
        func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
        for name in (rules["required"]?.array ?? []).compactMap(\.string) where members[name] == nil {
            faults.append(Misread(place(name), "is missing"))
        }
        let properties = rules["properties"]?.object ?? [:]
        for (name, member) in members.sorted(by: { $0.key < $1.key }) {
            if let part = properties[name] ?? rules["additionalProperties"] {
                judge(member, by: part, at: place(name), &faults)
            }
        }
    }

    private func allows(_ schema: JSON, _ value: JSON) -> Bool {
        var faults: [Misread] = []
        judge(value, by: schema, at: "", &faults)
        return faults.isEmpty
    }

    private static func matches(_ value: JSON, _ type: String) -> Bool {
        switch value {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .integer: type == "integer" || type == "number"
        case .number(let number): type == "number" || type == "integer" && number.rounded() == number
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        }
    }

    /// Equal as JSON: 1 and 1.0 are one number.
    private static func same(_ one: JSON, _ other: JSON) -> Bool {
        if let one = one.number, let other = other.number { return one == other }
        switch (one, other) {
        case (.array(let ones), .array(let others)):
            return ones.count == others.count && zip(ones, others).allSatisfy { same($0, $1) }
        case (.object(let ones), .object(let others)):
            return ones.count == others.count
                && ones.allSatisfy { name, value in others[name].map { same(value, $0) } ?? false }
        default: return one == other
        }
    }
}

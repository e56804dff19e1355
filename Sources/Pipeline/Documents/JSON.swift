internal import FoundationEssentials

/// A value of JSON.
package enum JSON: Equatable, Sendable {
    case null
    case bool(Bool)
    /// A number without fraction that fits.
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    /// Reads one value of JSON text; throws what the parser says.
    package init(parsing text: String) throws(Malformed) {
        do {
            self = try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
        } catch let DecodingError.dataCorrupted(context) {
            let reason = (context.underlyingError as? any CustomStringConvertible)?.description
            throw Malformed(reason: reason ?? context.debugDescription)
        } catch {
            throw Malformed(reason: "\(error)")
        }
    }

    /// Why a text is no JSON.
    package struct Malformed: Error, CustomStringConvertible {
        package let reason: String
        package var description: String { reason }
    }

    /// A value of a type of ours as JSON, with names_like_this.
    package init(of value: some Encodable) throws(Malformed) {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        do {
            self = try JSONDecoder().decode(JSON.self, from: encoder.encode(value))
        } catch {
            throw Malformed(reason: "\(error)")
        }
    }

    /// The value of a type of ours that was written with `init(of:)`; throws what does not fit.
    package func value<Value: Decodable>(as type: Value.Type) throws(Malformed) -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(Value.self, from: JSONEncoder().encode(self))
        } catch {
            throw Malformed(reason: "\(error)")
        }
    }

    /// A value of a type of ours as JSON, with the names that its coding keys say.
    package init(exactly value: some Encodable) throws(Malformed) {
        do {
            self = try JSONDecoder().decode(JSON.self, from: JSONEncoder().encode(value))
        } catch {
            throw Malformed(reason: "\(error)")
        }
    }

    /// The value of a type of ours that was written with `init(exactly:)`; throws what does not fit.
    package func value<Value: Decodable>(exactly type: Value.Type) throws(Malformed) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(self))
        } catch {
            throw Malformed(reason: "\(error)")
        }
    }

    /// Those members of JSON text that a type of ours names, by its coding keys; the rest is read over and not kept, which
    /// for a long text is many times faster than to keep it.
    package static func gist<Value: Decodable>(of text: String, as type: Value.Type) throws(Malformed) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch let DecodingError.dataCorrupted(context) {
            let reason = (context.underlyingError as? any CustomStringConvertible)?.description
            throw Malformed(reason: reason ?? context.debugDescription)
        } catch let DecodingError.typeMismatch(_, context) {
            throw Malformed(
                reason: "\(context.codingPath.map(\.stringValue).joined(separator: ".")): \(context.debugDescription)")
        } catch let DecodingError.keyNotFound(key, _) {
            throw Malformed(reason: "\(key.stringValue) is missing")
        } catch {
            throw Malformed(reason: "\(error)")
        }
    }

    /// The member of an object; null for everything else.
    package subscript(name: String) -> JSON {
        if case .object(let members) = self { members[name] ?? .null } else { .null }
    }

    /// The element of an array; null for everything else.
    package subscript(index: Int) -> JSON {
        let elements = array
        return elements.indices.contains(index) ? elements[index] : .null
    }

    package var string: String? { if case .string(let text) = self { text } else { nil } }
    package var bool: Bool? { if case .bool(let truth) = self { truth } else { nil } }
    package var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
    /// Any number.
    package var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }
    /// The elements; none if this is no array.
    package var array: [JSON] { if case .array(let elements) = self { elements } else { [] } }
    /// The members; none if this is no object.
    package var object: [String: JSON] { if case .object(let members) = self { members } else { [:] } }

    /// JSON on one line, members in the order of their names.
    package var line: String { text([.sortedKeys, .withoutEscapingSlashes]) }
    /// Indented JSON with a newline at the end, members in the order of their names.
    package var page: String { text([.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]) + "\n" }

    private func text(_ format: JSONEncoder.OutputFormatting) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = format
        // A number that is not finite is the one thing that JSON cannot say.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "+Inf", negativeInfinity: "-Inf", nan: "NaN")
        guard let data = try? encoder.encode(self) else { return "null" }
        return String(decoding: data, as: UTF8.self)
    }
}

extension JSON: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let truth = try? container.decode(Bool.self) {
            self = .bool(truth)
        } else if let number = try? container.decode(Int64.self) {
            self = .integer(number)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let elements = try? container.decode([JSON].self) {
            self = .array(elements)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let truth): try container.encode(truth)
        case .integer(let number): try container.encode(number)
        case .number(let number): try container.encode(number)
        case .string(let text): try container.encode(text)
        case .array(let elements): try container.encode(elements)
        case .object(let members): try container.encode(members)
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral text: String) { self = .string(text) }
    package init(integerLiteral number: Int64) { self = .integer(number) }
    package init(booleanLiteral truth: Bool) { self = .bool(truth) }
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    package init(dictionaryLiteral members: (String, JSON)...) {
        self = .object(Dictionary(members) { $1 })
    }
}

/// A value of a JSON document and its path, so that what is wrong with it can be said.
package struct Field {
    package let path: String
    package let value: JSON

    package init(path: String, value: JSON) {
        self.path = path
        self.value = value
    }

    /// A whole document; throws where it is no JSON.
    package static func document(_ text: String) throws(Misread) -> Field {
        do {
            return Field(path: "", value: try JSON(parsing: text))
        } catch {
            throw Misread("", "no JSON: \(error)")
        }
    }

    /// The member of an object; an absent one is null.
    package subscript(name: String) -> Field {
        Field(path: path.isEmpty ? name : "\(path).\(name)", value: value[name])
    }

    /// The field itself, nil if it is null or absent.
    package var given: Field? { value == .null ? nil : self }

    package func string() throws(Misread) -> String {
        guard let text = value.string else { throw wrong("a string") }
        guard !text.isEmpty else { throw Misread(path, "is empty") }
        return text
    }

    package func bool() throws(Misread) -> Bool {
        guard let truth = value.bool else { throw wrong("true or false") }
        return truth
    }

    /// A number within the range.
    package func number(in range: ClosedRange<Double>) throws(Misread) -> Double {
        guard let number = value.number, range.contains(number) else {
            throw wrong("a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A number without fraction within the range.
    package func integer(in range: ClosedRange<Int64>) throws(Misread) -> Int64 {
        guard let number = value.integer, range.contains(number) else {
            throw wrong("a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    package func elements() throws(Misread) -> [Field] {
        guard case .array(let elements) = value else { throw wrong("an array") }
        return elements.enumerated().map { Field(path: "\(path)[\($0.offset)]", value: $0.element) }
    }

    package func strings() throws(Misread) -> [String] {
        var texts: [String] = []
        for element in try elements() { texts.append(try element.string()) }
        return texts
    }

    /// The field itself, which must be an object; names that are not known are added to the warnings.
    package func object(knowing known: [String], warnings: inout [String]) throws(Misread) -> Field {
        guard case .object(let members) = value else { throw wrong("an object") }
        for name in members.keys.sorted() where !known.contains(name) {
            warnings.append("\(self[name].path): not known, ignored")
        }
        return self
    }

    /// What to throw where the value is of another kind.
    package func wrong(_ wanted: String) -> Misread {
        Misread(path, value == .null ? "is missing; it is \(wanted)" : "is not \(wanted)")
    }
}

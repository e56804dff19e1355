package import Documents

/// A value of a document that does not follow from what the document says.
package struct Mismatch: Equatable, Sendable, CustomStringConvertible {
    /// Where it is: `results.energy.Wh`.
    package let path: String
    package let stored: JSON
    /// What it should be; null where nothing could be made instead.
    package let recomputed: JSON
    /// By which rule.
    package let reason: String

    /// One line for people.
    package var description: String {
        recomputed == .null
            ? "\(path): \(stored.line): \(reason)"
            : "\(path): \(stored.line) is stored, \(recomputed.line) is \(reason)"
    }
}

/// Collects what does not agree.
struct Comparison {
    private(set) var mismatches: [Mismatch] = []

    /// Numbers agree within this part of the greater one: the same sums in another order, and no more.
    static let tolerance = 1e-9

    static func agree(_ one: Double, _ other: Double) -> Bool {
        one == other || abs(one - other) <= tolerance * max(abs(one), abs(other))
    }

    /// A number that is there must be the one that was computed; of an absent one nothing is said.
    mutating func expect(_ field: Field, _ value: Double?, _ reason: String) {
        guard field.given != nil, let value else { return }
        guard let stored = field.value.number else { return reject(field, "is no number") }
        if !Self.agree(stored, value) { add(field.path, field.value, .number(value), reason) }
    }

    /// What is there must be the same.
    mutating func expect(_ field: Field, same value: JSON, _ reason: String) {
        if field.given != nil, field.value != value { add(field.path, field.value, value, reason) }
    }

    mutating func reject(_ field: Field, _ reason: String) { add(field.path, field.value, .null, reason) }

    /// The three must be in order, as far as they are there.
    mutating func expectOrder(_ lower: Field, _ value: Field, _ upper: Field) {
        if let bound = lower.value.number, let number = value.value.number, bound > number {
            reject(value, "is below its lower bound \(lower.value.line)")
        }
        if let bound = upper.value.number, let number = value.value.number, bound < number {
            reject(value, "is above its upper bound \(upper.value.line)")
        }
        if let low = lower.value.number, let high = upper.value.number, low > high {
            reject(lower, "is above the upper bound \(upper.value.line)")
        }
    }

    /// All of one value that differs from another, leaf by leaf; names that are passed over are of the outermost object.
    mutating func expect(_ field: Field, tree: JSON, but passed: Set<String> = [], _ reason: String) {
        switch (field.value, tree) {
        case (.object(let stored), .object(let made)):
            for name in Set(stored.keys).union(made.keys).sorted() where !passed.contains(name) {
                expect(field[name], tree: made[name] ?? .null, reason)
            }
        case (.array(let stored), .array(let made)) where stored.count == made.count:
            for (index, pair) in zip(stored, made).enumerated() {
                expect(Field(path: "\(field.path)[\(index)]", value: pair.0), tree: pair.1, reason)
            }
        default:
            if let stored = field.value.number, let made = tree.number {
                if !Self.agree(stored, made) { add(field.path, field.value, tree, reason) }
            } else if field.value != tree {
                add(field.path, field.value, tree, reason)
            }
        }
    }

    private mutating func add(_ path: String, _ stored: JSON, _ recomputed: JSON, _ reason: String) {
        mismatches.append(Mismatch(path: path, stored: stored, recomputed: recomputed, reason: reason))
    }
}

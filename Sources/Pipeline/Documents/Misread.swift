/// A document that is not what it should be: where in it, and why.
package struct Misread: Error, Equatable, Sendable, CustomStringConvertible {
    /// The path in the document, like `projects[0].name`; empty for the document as a whole.
    package let place: String
    package let reason: String

    package init(_ place: String, _ reason: String) {
        self.place = place
        self.reason = reason
    }

    package var description: String { place.isEmpty ? reason : "\(place): \(reason)" }
}

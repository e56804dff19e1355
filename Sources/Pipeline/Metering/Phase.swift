package import Documents

/// A part of a run that has a name: `baseline`, `idle`, `run`.
package struct Phase: Equatable, Sendable {
    package let name: String
    /// Where it begins and ends; never empty.
    package let start: Moment
    package let end: Moment

    /// A phase; nil if it ends before it has begun.
    package init?(name: String, start: Moment, end: Moment) {
        guard end > start else { return nil }
        self.name = name
        self.start = start
        self.end = end
    }

    /// How long it is, in milliseconds.
    package var milliseconds: Int64 { end - start }
}

/// Why a part of the benchmark could not be run, in one line.
struct Failure: Error, CustomStringConvertible {
    let description: String

    /// A failure described by `description`.
    init(_ description: String) { self.description = description }
}

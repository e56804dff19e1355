/// What a page tells energy of: the levels of Kepler's metrics.
package struct Levels: NamedSet, Sendable {
    /// One bit for each level.
    package let rawValue: UInt8

    /// The levels of these bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The node as a whole.
    package static let node = Levels(rawValue: 1)
    /// Each container.
    package static let container = Levels(rawValue: 2)
    /// Each pod.
    package static let pod = Levels(rawValue: 4)
    /// Each process.
    package static let process = Levels(rawValue: 8)
    /// Each virtual machine.
    package static let vm = Levels(rawValue: 16)

    /// The names that `--levels` takes.
    package static var names: [(name: String, member: Levels)] {
        [("node", .node), ("container", .container), ("pod", .pod), ("process", .process), ("vm", .vm)]
    }
}

import Attribution

/// Kinds of zones that are metered.
package struct ZoneKinds: NamedSet, Sendable {
    /// One bit for each kind.
    package let rawValue: UInt8

    /// The kinds of these bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A socket, or a die of one.
    package static let package = ZoneKinds(rawValue: 1)
    /// The cores of a socket.
    package static let core = ZoneKinds(rawValue: 2)
    /// What is on a socket beside the cores.
    package static let uncore = ZoneKinds(rawValue: 4)
    /// The memory of a socket.
    package static let dram = ZoneKinds(rawValue: 8)
    /// The platform.
    package static let psys = ZoneKinds(rawValue: 16)
    /// Whatever else a sensor gives.
    package static let other = ZoneKinds(rawValue: 32)

    /// The names that `--zones` takes: those of `Zone.Kind`, and `other`.
    package static var names: [(name: String, member: ZoneKinds)] {
        [
            ("package", .package), ("core", .core), ("uncore", .uncore), ("dram", .dram), ("psys", .psys),
            ("other", .other),
        ]
    }
}

extension ZoneKinds {
    /// The one kind that a zone is of.
    init(_ kind: Zone.Kind) {
        switch kind {
        case .package: self = .package
        case .core: self = .core
        case .uncore: self = .uncore
        case .dram: self = .dram
        case .psys: self = .psys
        case .other: self = .other
        }
    }
}

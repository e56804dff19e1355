/// What the platform's meter counted beyond packages and memory: Kepler's component `other`.
///
/// A zone without a meter of its own, of which there is at most one. Its energy is cumulative `psys` less cumulative
/// `package` and `dram`, whenever that has grown: meters that are read a millisecond apart may take it back for a
/// moment, and a counter never falls.
extension Ledger {
    /// The zones with the remainder added, where all that it takes is metered.
    public static func withRemainder(_ zones: [Zone]) -> [Zone] {
        guard let psys = zones.first(where: { $0.kind == .psys }), zones.contains(where: { $0.kind == .package }) else {
            return zones
        }
        return zones + [Zone(kind: .other, package: psys.package, domains: psys.domains)]
    }

    /// What the remainder gained since it was last posted.
    public func remainder(zone: Int) -> Energy {
        var platform = Energy.zero
        var parts = accounts[zone].total
        for other in zones.indices {
            switch zones[other].kind {
            case .psys: platform += accounts[other].total
            case .package, .dram: parts += accounts[other].total
            case .core, .uncore, .other: break
            }
        }
        return platform > parts ? platform - parts : .zero
    }
}

/// What the whole node used in a window, in microjoules.
///
/// The node is its package and DRAM zones and what the platform counts beyond them: core and uncore lie inside package,
/// and psys holds all of it, so neither is added.
public struct NodeUse: Sendable, Equatable {
    /// The zones that make up a node.
    static let parts = ["package", "dram", "other"]

    /// All of it, idle and dynamic.
    public let total: UInt64
    /// What the node would have used with nothing to do.
    public let idle: UInt64
    /// What the work on it used.
    public let dynamic: UInt64
    /// What each zone counted, summed over sockets, by the zone's name.
    public let zones: [String: UInt64]

    /// The node's part of a window; all 0 for a source that counts no energy.
    public init(_ window: Window) {
        var zones: [String: UInt64] = [:]
        for increase in window.increases(named: "brahe_zone_joules_total") {
            guard let zone = increase.labels["zone"] else { continue }
            zones[zone] = (zones[zone] ?? 0).addingOrFull(increase.microunits)
        }
        func sum(mode: String) -> UInt64 {
            Self.parts.reduce(0) { sum, zone in
                sum.addingOrFull(window.sum(named: "kepler_node_\(zone)_joules_total") { $0["mode"] == mode })
            }
        }
        idle = sum(mode: "idle")
        dynamic = sum(mode: "dynamic")
        // Kepler has no zone counters; there the two modes are all of it.
        total =
            zones.isEmpty
            ? idle.addingOrFull(dynamic) : Self.parts.reduce(0) { $0.addingOrFull(zones[$1, default: 0]) }
        self.zones = zones
    }
}

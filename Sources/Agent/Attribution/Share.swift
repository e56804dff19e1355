/// What somebody has of a zone's energy.
public struct Share: Equatable, Sendable {
    /// For their own work.
    public private(set) var dynamic = Energy.zero
    /// What they carry of the zone's idle energy.
    public private(set) var idle = Energy.zero
    /// What the zone's last posting gave them, both together.
    public private(set) var recent = Energy.zero
    /// What of that was idle energy.
    public private(set) var recentIdle = Energy.zero

    /// Nothing.
    public init() {}

    /// Both together.
    public var energy: Energy { dynamic + idle }

    /// Takes what a posting gives.
    mutating func gain(dynamic: Energy, idle: Energy) {
        self.dynamic += dynamic
        self.idle += idle
        recent = dynamic + idle
        recentIdle = idle
    }

    /// Takes over what another had; that was not gained just now.
    mutating func inherit(_ other: Share) {
        dynamic += other.dynamic
        idle += other.idle
    }
}

/// What those had that are folded away, kept for whoever they belonged to, until that one is gone as well.
struct Formers: Sendable {
    private let zones: Int
    private var shares: [Share] = []
    private var times: [UInt64] = []
    private var goneShares: [Share]
    /// CPU time of those whose owner is gone, nanoseconds.
    private(set) var goneTime: UInt64 = 0

    /// Nobody yet, of a ledger with so many zones.
    init(zones: Int) {
        self.zones = zones
        goneShares = Array(repeating: Share(), count: zones)
    }

    /// What those of an owner had in a zone.
    func share(_ owner: Int, zone: Int) -> Share { shares[owner * zones + zone] }

    /// Their CPU time, nanoseconds.
    func time(_ owner: Int) -> UInt64 { times[owner] }

    /// What those had in a zone whose owner is gone.
    func gone(zone: Int) -> Share { goneShares[zone] }

    /// Makes room for one more owner.
    mutating func append() {
        shares.append(contentsOf: repeatElement(Share(), count: zones))
        times.append(0)
    }

    /// Takes in one of an owner's: what it had in each zone, and its CPU time.
    mutating func take(_ owner: Int, time: UInt64, share: (_ zone: Int) -> Share) {
        for zone in 0..<zones { shares[owner * zones + zone].inherit(share(zone)) }
        times[owner] += time
    }

    /// Lets an owner go; its place is empty again.
    mutating func release(_ owner: Int) {
        for zone in 0..<zones {
            goneShares[zone].inherit(shares[owner * zones + zone])
            shares[owner * zones + zone] = Share()
        }
        goneTime += times[owner]
        times[owner] = 0
    }
}

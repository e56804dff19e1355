/// Cumulative energy and CPU time of every account, fed one sample at a time.
///
/// The first law: for each zone, always and to the microjoule,
/// `total = idle + accounts + overflow + retired + rounding`.
///
/// A sample charges CPU time and lets the wall clock pass, then posts what each zone spent. A zone divides its energy
/// by the CPU time of its own CPUs since *its own* last posting, so a zone that misses a reading catches up exactly.
public struct Ledger: Sendable {
    /// The index of an account.
    public typealias Row = Int

    /// Kernel threads, and whatever else runs in the root cgroup.
    public static let kernel: Row = 0
    /// Work outside of containers whose own row was folded away.
    public static let system: Row = 1
    /// CPU time that the probe could not place.
    public static let overflow: Row = 2
    /// Containers that are gone.
    public static let retired: Row = 3
    /// The first row that `open()` gives out.
    public static let firstOpen: Row = 4

    /// The zones, in the order of all per-zone numbers.
    public let zones: [Zone]
    /// What each zone spent since the ledger began.
    public private(set) var total: [Energy]
    /// What each zone spent while nothing ran.
    public private(set) var idle: [Energy]
    /// What integer division left over in each zone; it joins the zone's next posting.
    public private(set) var rounding: [Energy]
    /// Nanoseconds that the CPUs of each domain had, cumulative: wall clock times CPUs.
    public private(set) var wallTime: [UInt64]
    /// Nanoseconds that the CPUs of each domain did not spend on any account, cumulative; it never falls.
    public private(set) var idleTime: [UInt64]
    /// One more than the highest row in use.
    public private(set) var rows = 0

    private let domains: Int
    private var energy: [Energy] = []
    private var cpuTime: [UInt64] = []
    private var posted: [UInt64] = []
    private var postedWall: [UInt64]
    private var busyTime: [UInt64]
    private var free: [Row] = []

    /// An empty ledger.
    ///
    /// - Parameters:
    ///   - zones: what is metered.
    ///   - domains: how many CPU domains there are.
    public init(zones: [Zone], domains: Int) {
        self.zones = zones
        self.domains = domains
        total = zones.map { _ in .zero }
        idle = total
        rounding = total
        postedWall = zones.map { _ in 0 }
        wallTime = Array(repeating: 0, count: domains)
        idleTime = wallTime
        busyTime = wallTime
        for _ in 0..<Self.firstOpen { _ = open() }
    }

    /// The energy of an account in a zone.
    public func energy(_ row: Row, zone: Int) -> Energy { energy[row * zones.count + zone] }

    /// The CPU time of an account, nanoseconds.
    public func cpuTime(_ row: Row) -> UInt64 {
        var sum: UInt64 = 0
        for domain in 0..<domains { sum += cpuTime[row * domains + domain] }
        return sum
    }

    /// Opens an account, empty, in a row of its own.
    public mutating func open() -> Row {
        if let row = free.popLast() { return row }
        for _ in zones.indices {
            energy.append(.zero)
            posted.append(0)
        }
        for _ in 0..<domains { cpuTime.append(0) }
        rows += 1
        return rows - 1
    }

    /// Moves everything an account has into another and gives its row back.
    public mutating func fold(_ row: Row, into heir: Row) {
        for zone in zones.indices {
            energy[heir * zones.count + zone] += energy[row * zones.count + zone]
            energy[row * zones.count + zone] = .zero
            // What the zone has yet to divide by moves along.
            posted[heir * zones.count + zone] += posted[row * zones.count + zone]
            posted[row * zones.count + zone] = 0
        }
        for domain in 0..<domains {
            cpuTime[heir * domains + domain] += cpuTime[row * domains + domain]
            cpuTime[row * domains + domain] = 0
        }
        free.append(row)
    }

    /// Charges an account with CPU time, nanoseconds, spent on the CPUs of `domain`.
    public mutating func charge(_ row: Row, domain: Int, nanoseconds: UInt64) {
        cpuTime[row * domains + domain] += nanoseconds
        busyTime[domain] += nanoseconds
    }

    /// Lets time pass on `domain`: nanoseconds of wall clock, times its CPUs. Comes after the sample's charges.
    public mutating func pass(domain: Int, nanoseconds: UInt64) {
        wallTime[domain] += nanoseconds
        if wallTime[domain] > busyTime[domain] {
            idleTime[domain] = max(idleTime[domain], wallTime[domain] - busyTime[domain])
        }
    }

    /// Nanoseconds that the zone's CPUs worked since the zone's last posting.
    private func pending(_ row: Row, zone: Int) -> UInt64 {
        var sum: UInt64 = 0
        for domain in zones[zone].domains { sum += cpuTime[row * domains + domain] }
        return sum - posted[row * zones.count + zone]
    }

    /// Divides what a zone spent since its last posting among idle and the accounts.
    public mutating func post(zone: Int, spent: Energy) {
        let pool = spent + rounding[zone]
        total[zone] += spent
        var busy: UInt64 = 0
        for row in 0..<rows { busy += pending(row, zone: zone) }
        var wall: UInt64 = 0
        for domain in zones[zone].domains { wall += wallTime[domain] }
        let elapsed = wall - postedWall[zone]
        postedWall[zone] = wall

        let split = Split(of: pool, busy: busy, elapsed: elapsed)
        var rest = pool - split.idle
        idle[zone] += split.idle
        if busy > 0 {
            for row in 0..<rows {
                let time = pending(row, zone: zone)
                guard time > 0 else { continue }
                let share = split.dynamic.share(time, of: busy)
                energy[row * zones.count + zone] += share
                posted[row * zones.count + zone] += time
                rest = rest - share
            }
        }
        rounding[zone] = rest
    }

    /// The sum of the open accounts' energy in a zone: all rows but overflow and retired.
    public func accounts(zone: Int) -> Energy {
        var sum = Energy.zero
        for row in 0..<rows where row != Self.overflow && row != Self.retired { sum += energy(row, zone: zone) }
        return sum
    }
}

/// How much of a zone's energy belongs to nobody. The one place that decides it.
///
/// Idle is the share of CPU time that nobody spent. It is a first approximation: it gives idle nothing when every CPU
/// is busy, though the node would draw its idle watts all the same.
struct Split {
    /// For nobody.
    let idle: Energy
    /// For the accounts, by their CPU time.
    let dynamic: Energy

    /// Splits `pool` where the CPUs worked `busy` of `elapsed` nanoseconds.
    init(of pool: Energy, busy: UInt64, elapsed: UInt64) {
        guard busy > 0 else {
            idle = pool
            dynamic = .zero
            return
        }
        // Charges lag by up to a tick, so a busy interval may hold more work than time.
        idle = elapsed > busy ? pool.share(elapsed - busy, of: elapsed) : .zero
        dynamic = pool - idle
    }
}

/// Cumulative energy and CPU time of every account, fed one sample at a time.
///
/// The first law: for each zone, always and to the microjoule,
/// `total = idle + accounts + overflow + retired + rounding`, where idle is what the node keeps of the idle energy and
/// an account has its dynamic energy and what it carries of the idle.
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
    /// Virtual machines that are gone.
    public static let retiredMachines: Row = 4
    /// The first row that `open()` gives out.
    public static let firstOpen: Row = 5

    /// What a zone has in all.
    public struct Account: Sendable {
        /// Spent since the ledger began.
        public internal(set) var total = Energy.zero
        /// Idle, whoever carries it.
        public internal(set) var idle = Energy.zero
        /// Idle that accounts carry.
        public internal(set) var carried = Energy.zero
        /// What integer division left over; it joins the next posting.
        public internal(set) var rounding = Energy.zero
        /// What the last posting divided, and its idle part.
        public internal(set) var recent = Energy.zero, recentIdle = Energy.zero
        /// Nanoseconds that the last posting was for, of wall clock and of work.
        public internal(set) var recentTime: UInt64 = 0, recentBusy: UInt64 = 0
        /// Clock and CPU time available when it was last posted.
        var postedClock: UInt64 = 0, postedWall: UInt64 = 0

        /// Idle that stays with the node.
        public var kept: Energy { idle - carried }
        /// What the work has: all but idle and what is not divided yet. It never falls.
        public var dynamic: Energy { total - idle - rounding }
    }

    /// The zones, in the order of all per-zone numbers.
    public let zones: [Zone]
    /// Who carries idle energy.
    public let policy: IdlePolicy
    /// What each zone has.
    public private(set) var accounts: [Account]
    /// Nanoseconds that the CPUs of each domain had, cumulative: wall clock times CPUs.
    public private(set) var wallTime: [UInt64]
    /// Nanoseconds that the CPUs of each domain did not spend on any account, cumulative; it never falls.
    public private(set) var idleTime: [UInt64]
    /// Nanoseconds that the CPUs of each domain worked, cumulative.
    public private(set) var busyTime: [UInt64]
    /// One more than the highest row in use.
    public private(set) var rows = 0

    private let domains: Int
    private var shares: [Share] = []
    /// CPU time of each account that each zone has divided by, nanoseconds.
    private var posted: [UInt64] = []
    private var cpuTime: [UInt64] = []
    private var carries: [Bool] = []
    private var carriers: UInt64 = 0
    private var clock: UInt64 = 0
    private var free: [Row] = []

    /// An empty ledger.
    ///
    /// - Parameters:
    ///   - zones: what is metered.
    ///   - domains: how many CPU domains there are.
    ///   - policy: who carries idle energy.
    public init(zones: [Zone], domains: Int, policy: IdlePolicy = .none) {
        self.zones = zones
        self.domains = domains
        self.policy = policy
        accounts = zones.map { _ in Account() }
        wallTime = Array(repeating: 0, count: domains)
        idleTime = wallTime
        busyTime = wallTime
        for _ in 0..<Self.firstOpen { _ = open() }
    }

    /// What an account has in a zone.
    public func share(_ row: Row, zone: Int) -> Share { shares[row * zones.count + zone] }

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
            shares.append(Share())
            posted.append(0)
        }
        for _ in 0..<domains { cpuTime.append(0) }
        carries.append(false)
        rows += 1
        return rows - 1
    }

    /// Says whether an account is one of those that idle energy is divided among evenly.
    public mutating func setCarries(_ row: Row, _ does: Bool) {
        guard carries[row] != does else { return }
        carries[row] = does
        carriers = does ? carriers + 1 : carriers - 1
    }

    /// Moves everything an account has into another and gives its row back.
    public mutating func fold(_ row: Row, into heir: Row) {
        for zone in zones.indices {
            let from = row * zones.count + zone
            let to = heir * zones.count + zone
            shares[to].inherit(shares[from])
            shares[from] = Share()
            // What the zone has yet to divide by moves along.
            posted[to] += posted[from]
            posted[from] = 0
        }
        for domain in 0..<domains {
            cpuTime[heir * domains + domain] += cpuTime[row * domains + domain]
            cpuTime[row * domains + domain] = 0
        }
        setCarries(row, false)
        free.append(row)
    }

    /// Charges an account with CPU time, nanoseconds, spent on the CPUs of `domain`.
    public mutating func charge(_ row: Row, domain: Int, nanoseconds: UInt64) {
        cpuTime[row * domains + domain] += nanoseconds
        busyTime[domain] += nanoseconds
    }

    /// Lets `nanoseconds` of wall clock pass on a machine that has so many CPUs in each domain. Comes after the
    /// sample's charges.
    public mutating func pass(nanoseconds: UInt64, cpus: [Int]) {
        clock += nanoseconds
        for domain in 0..<domains {
            wallTime[domain] += nanoseconds * UInt64(cpus[domain])
            if wallTime[domain] > busyTime[domain] {
                idleTime[domain] = max(idleTime[domain], wallTime[domain] - busyTime[domain])
            }
        }
    }

    /// Nanoseconds that the zone's CPUs worked since the zone's last posting.
    private func pending(_ row: Row, zone: Int) -> UInt64 {
        var sum: UInt64 = 0
        for domain in zones[zone].domains { sum += cpuTime[row * domains + domain] }
        return sum - posted[row * zones.count + zone]
    }

    /// Divides what a zone spent since its last posting among idle and the accounts.
    ///
    /// - Parameter idleMicrowatts: the zone's idle power, nil for as long as it is not known.
    public mutating func post(zone: Int, spent: Energy, idleMicrowatts: UInt64? = nil) {
        let period = period(of: zone)
        let split = Split(
            of: spent + accounts[zone].rounding, busy: period.busy, available: period.wall - accounts[zone].postedWall,
            floor: idleMicrowatts.map { Energy(microwatts: $0, over: period.time) })
        post(zone, spent, split, period)
    }

    /// Divides what a zone spent, as much of it idle as in the last posting of another ledger of the same zones: the
    /// two are charged from two tables, which are not read in the same nanosecond.
    public mutating func post(zone: Int, spent: Energy, following other: Ledger) {
        let split = Split(of: spent + accounts[zone].rounding, idle: other.accounts[zone].recentIdle)
        post(zone, spent, split, period(of: zone))
    }

    /// What came since a zone's last posting, nanoseconds: work and time; and the CPU time there was in all.
    private func period(of zone: Int) -> (busy: UInt64, time: UInt64, wall: UInt64) {
        var busy: UInt64 = 0
        for row in 0..<rows { busy += pending(row, zone: zone) }
        var wall: UInt64 = 0
        for domain in zones[zone].domains { wall += wallTime[domain] }
        return (busy, clock - accounts[zone].postedClock, wall)
    }

    private mutating func post(
        _ zone: Int, _ spent: Energy, _ split: Split, _ period: (busy: UInt64, time: UInt64, wall: UInt64)
    ) {
        let busy = period.busy
        let idle = busy > 0 || policy == .even ? split.idle : .zero
        let even = policy == .even && carriers > 0 ? Energy(microjoules: idle.microjoules / carriers) : .zero
        var dynamicGiven = Energy.zero
        var idleGiven = Energy.zero
        for row in 0..<rows {
            let time = pending(row, zone: zone)
            let place = row * zones.count + zone
            let dynamic = time > 0 ? split.dynamic.share(time, of: busy) : .zero
            var carried = policy == .even && carries[row] ? even : .zero
            if policy == .usage, time > 0 { carried = idle.share(time, of: busy) }
            shares[place].gain(dynamic: dynamic, idle: carried)
            posted[place] += time
            dynamicGiven += dynamic
            idleGiven += carried
        }
        accounts[zone].total += spent
        accounts[zone].idle += split.idle
        accounts[zone].carried += idleGiven
        accounts[zone].rounding = split.dynamic - dynamicGiven
        accounts[zone].recent = split.idle + dynamicGiven
        accounts[zone].recentIdle = split.idle
        accounts[zone].recentTime = period.time
        accounts[zone].recentBusy = busy
        accounts[zone].postedClock = clock
        accounts[zone].postedWall = period.wall
    }

    /// The sum of the open accounts' energy in a zone: all rows but overflow and the retired ones.
    public func openAccounts(zone: Int) -> Energy {
        var sum = Energy.zero
        for row in 0..<rows where !Self.isFormer(row) { sum += share(row, zone: zone).energy }
        return sum
    }

    /// The energy of everything that is gone, in a zone.
    public func former(zone: Int) -> Energy {
        share(Self.retired, zone: zone).energy + share(Self.retiredMachines, zone: zone).energy
    }

    /// Whether a row is no open account: overflow and the retired ones.
    public static func isFormer(_ row: Row) -> Bool { (overflow...retiredMachines).contains(row) }
}

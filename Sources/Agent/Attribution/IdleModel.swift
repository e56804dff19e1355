/// What a zone draws while its CPUs have nothing to do, learned from the zone itself: power against busy CPUs, a
/// straight line through it, and where that line meets no work at all. docs/idle.md gives the formulas and the reasons.
///
/// Once ready it stays ready: evidence is replaced by newer evidence of the same busyness, never thrown away. Nothing
/// is allocated after `init`.
public struct IdleModel: Sendable {
    /// Observations shorter than this many nanoseconds are gathered until they are as long: the register moves once a
    /// millisecond, so that half a second is exact to 0.2 %.
    public static let shortest: UInt64 = 500_000_000
    /// A zone that has shown no energy for so many nanoseconds draws none; before that, its register may hang.
    public static let silence: UInt64 = 5_000_000_000
    /// An observation longer than so many nanoseconds says nothing: the register may have gone round unseen.
    public static let longest: UInt64 = 120_000_000_000
    /// The least nanoseconds from one fit to the next.
    public static let fitEvery: UInt64 = 1_000_000_000

    private let cpus: Double
    private let given: UInt64?
    private var gathered = Gathered()
    private var evidence: IdleEvidence
    private var line: RobustLine
    private var fittedAt: UInt64?
    private var learned: UInt64?
    private var lowest = UInt64.max

    /// What adds up to the next observation: microjoules in nanoseconds of wall clock, and nanoseconds of work in as many
    /// of wall clock or nearly so.
    private struct Gathered {
        var spent: UInt64 = 0
        var elapsed: UInt64 = 0
        var busy: UInt64 = 0
        var busyElapsed: UInt64 = 0
    }

    /// A model that learns.
    ///
    /// - Parameter cpus: how many CPUs spend the zone's energy.
    public init(cpus: Int) {
        self.cpus = Double(max(1, cpus))
        given = nil
        evidence = IdleEvidence()
        line = RobustLine(capacity: IdleEvidence.capacity)
    }

    /// A model that was told the idle power and learns nothing: always ready.
    public init(givenMicrowatts: UInt64) {
        cpus = 1
        given = givenMicrowatts
        evidence = IdleEvidence(holds: 0)
        line = RobustLine(capacity: 0)
    }

    /// Whether the idle power is known: given, or learned from a load that varied enough.
    public var isReady: Bool { given != nil || learned != nil }

    /// The idle power as of now, in microwatts, never above the lowest power seen; 0 until ready.
    public var microwatts: UInt64 { given ?? learned.map { min($0, lowest) } ?? 0 }

    /// How old the evidence nearest to idle is, nanoseconds; 0 where there is none yet and for a given power.
    public func age(at time: UInt64) -> UInt64 {
        guard let newest = evidence.nearestToIdle else { return 0 }
        return time > newest ? time - newest : 0
    }

    /// Takes one observation.
    ///
    /// - Parameters:
    ///   - spent: what the zone spent.
    ///   - elapsed: over so many nanoseconds of wall clock: those between the two readings that gave `spent`.
    ///   - busy: while its CPUs worked so many nanoseconds in all,
    ///   - busyElapsed: within so many of wall clock, where those are not the same. Between the reading of work and that
    ///     of energy an agent may have to wait for a CPU, and power over the wrong time would be too high or too low.
    ///   - time: when it ended, nanoseconds of a clock that only climbs.
    public mutating func observe(
        spent: Energy, elapsed: UInt64, busy: UInt64, busyElapsed: UInt64? = nil, at time: UInt64
    ) {
        guard given == nil else { return }
        gathered.spent = gathered.spent.addingSaturating(spent.microjoules)
        gathered.elapsed = gathered.elapsed.addingSaturating(elapsed)
        gathered.busy = gathered.busy.addingSaturating(busy)
        gathered.busyElapsed = gathered.busyElapsed.addingSaturating(busyElapsed ?? elapsed)
        guard gathered.elapsed >= (gathered.spent > 0 ? Self.shortest : Self.silence) else { return }
        defer { discard() }
        guard gathered.elapsed <= Self.longest, let power = Self.power(gathered.spent, over: gathered.elapsed) else {
            return
        }
        lowest = min(lowest, power)
        // Charges lag by up to a tick, so a full interval may hold more work than time.
        let work = min(Double(gathered.busy) / Double(max(1, gathered.busyElapsed)), cpus)
        evidence.add(work: work, of: cpus, power: Double(power), at: time)
        if let last = fittedAt, time < last.addingSaturating(Self.fitEvery) { return }
        fittedAt = time
        fit()
    }

    /// Forgets what has been gathered for an observation that is too short yet: for when energy or time was lost.
    public mutating func discard() { gathered = Gathered() }

    /// Microwatts, rounded down; nil for more than 64 bits of them.
    private static func power(_ microjoules: UInt64, over nanoseconds: UInt64) -> UInt64? {
        let product = microjoules.multipliedFullWidth(by: 1_000_000_000)
        return product.high < nanoseconds ? nanoseconds.dividingFullWidth(product).quotient : nil
    }

    /// Learns from the evidence where it says enough, and otherwise leaves what is known as it is.
    private mutating func fit() {
        guard evidence.varies(cpus: cpus) else { return }
        line.fit(evidence.points)
        guard line.intercept > 0, line.uncertainty <= IdleEvidence.tolerance * line.intercept else { return }
        learned = UInt64(min(line.intercept, Double(lowest)))
    }
}

extension UInt64 {
    /// The sum, or the largest number where there is none.
    fileprivate func addingSaturating(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}

/// One hardware counter, unwrapped: register readings in, energy out.
///
/// The kernel computes `max_energy_range_uj` from a register of 32 bits as (2^32 - 1) units, so the register starts
/// again from zero after one unit more than that (drivers/powercap/intel_rapl_common.c). The unit is whole nanojoules,
/// the modulus in microjoules therefore seldom whole: its fraction is carried from wrap to wrap.
public struct EnergyCounter: Sendable {
    /// What a reading turned out to be.
    public enum Advance: Equatable, Sendable {
        /// The energy spent since the last good reading.
        case spent(Energy)
        /// More than the zone can have drawn in the time: the reading is not used, the next good one recovers.
        case rejected
        /// The readings agree with each other but not with the past: the register was reset. What it had counted
        /// since the last good reading is unknown, and counting starts again here.
        case restarted
    }

    /// So many rejected readings in a row that climb plausibly from each other are a reset register.
    public static let patience = 3

    private let modulusMicrojoules: UInt64
    private let modulusRestNanojoules: UInt64
    private let limitMicrowatts: UInt64
    private var last: UInt64
    private var lastTime: UInt64
    private var restNanojoules: UInt64 = 0
    private var suspect: UInt64 = 0
    private var suspectTime: UInt64 = 0
    private var suspects = 0

    /// A counter that stands at `reading` at `time`.
    ///
    /// - Parameters:
    ///   - range: `max_energy_range_uj`, microjoules.
    ///   - limitMicrowatts: the most power that the zone can draw.
    ///   - reading: `energy_uj`, microjoules.
    ///   - time: nanoseconds of any clock that only climbs.
    public init(range: UInt64, limitMicrowatts: UInt64, startingAt reading: UInt64, time: UInt64) {
        if let unit = Self.unit(ofRange: range) {
            let nanojoules = unit << 32
            modulusMicrojoules = nanojoules / 1000
            modulusRestNanojoules = nanojoules % 1000
        } else {
            // No 32-bit register of whole nanojoules has this range: take it for a counter of microjoules.
            modulusMicrojoules = range &+ 1
            modulusRestNanojoules = 0
        }
        self.limitMicrowatts = limitMicrowatts
        last = reading
        lastTime = time
    }

    /// The register's unit in nanojoules: the one of which 2^32 - 1 make `range` microjoules, rounded down.
    private static func unit(ofRange range: UInt64) -> UInt64? {
        let registerMaximum: UInt64 = (1 << 32) - 1
        let product = range.multipliedFullWidth(by: 1000)
        guard product.high < registerMaximum else { return nil }
        let quotient = registerMaximum.dividingFullWidth(product).quotient
        // The kernel rounded the range down, so the quotient may be one short.
        for unit in [quotient, quotient &+ 1] where unit > 0 && unit < 1 << 32 {
            if registerMaximum * unit / 1000 == range { return unit }
        }
        return nil
    }

    /// Takes the next reading, assuming at most one wrap since the last good one.
    ///
    /// - Parameters:
    ///   - reading: `energy_uj`, microjoules.
    ///   - time: nanoseconds, of the clock given at the start.
    public mutating func advance(to reading: UInt64, at time: UInt64) -> Advance {
        let wrapped = reading < last
        let spent = wrapped ? modulusMicrojoules &- last &+ reading : reading - last
        guard spent <= most(in: time &- lastTime) else { return doubt(reading, at: time) }
        suspects = 0
        last = reading
        lastTime = time
        guard wrapped else { return .spent(Energy(microjoules: spent)) }
        restNanojoules += modulusRestNanojoules
        let carry = restNanojoules / 1000
        restNanojoules %= 1000
        return .spent(Energy(microjoules: spent + carry))
    }

    private mutating func doubt(_ reading: UInt64, at time: UInt64) -> Advance {
        let agrees = suspects > 0 && reading >= suspect && reading - suspect <= most(in: time &- suspectTime)
        suspects = agrees ? suspects + 1 : 1
        suspect = reading
        suspectTime = time
        guard suspects >= Self.patience else { return .rejected }
        suspects = 0
        last = reading
        lastTime = time
        return .restarted
    }

    /// The most microjoules that the zone can draw in `nanoseconds`. The register is refreshed about every
    /// millisecond at no exact instant, so two milliseconds of slack belong to any interval.
    private func most(in nanoseconds: UInt64) -> UInt64 {
        let product = limitMicrowatts.multipliedFullWidth(by: nanoseconds &+ 2_000_000)
        guard product.high < 1_000_000_000 else { return .max }
        return UInt64(1_000_000_000).dividingFullWidth(product).quotient
    }
}

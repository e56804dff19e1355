import Attribution
import Testing

/// A zone that draws `idle` watts and `perCPU` more for each busy CPU, as a model sees it.
private struct SyntheticZone {
    var cpus = 4
    var idle = 20.0
    var perCPU = 11.0
    /// Power is off by at most this share, evenly spread.
    var noise = 0.0
    /// So many observations of a hundred are of twice the power.
    var outliers = 0
    /// 1 is a straight line; less is a curve that is steep near idle.
    var bend = 1.0

    var model: IdleModel
    var time: UInt64 = 1_000_000_000
    /// The lowest power that the model was shown, microwatts.
    var lowest = UInt64.max
    var random: SplitMix64

    init(cpus: Int = 4, seed: UInt64) {
        self.cpus = cpus
        model = IdleModel(cpus: cpus)
        random = SplitMix64(seed: seed)
    }

    /// One observation of the CPUs working at a share of 0 to 1.
    mutating func observe(_ load: Double, seconds: Double = 1) {
        let work = load * Double(cpus)
        var share = load
        // The standard library alone has roots, but no powers.
        if bend < 1 { share = bend * load.squareRoot() + (1 - bend) * load }
        var watts = idle + perCPU * Double(cpus) * share
        if noise > 0 { watts *= 1 + .random(in: -noise...noise, using: &random) }
        if Int.random(in: 0..<100, using: &random) < outliers { watts *= 2 }
        let elapsed = UInt64(seconds * 1e9)
        let spent = UInt64(watts * seconds * 1e6)
        time += elapsed
        lowest = min(lowest, UInt64(Double(spent) / seconds))
        model.observe(
            spent: Energy(microjoules: spent), elapsed: elapsed, busy: UInt64(work * seconds * 1e9), at: time)
    }

    /// So many observations of a load that varies evenly.
    mutating func observe(_ count: Int, _ load: ClosedRange<Double> = 0...1) {
        for _ in 0..<count { observe(.random(in: load, using: &random)) }
    }

    /// How far the idle power is off, as a share of the truth.
    var error: Double { Double(model.microwatts) / 1e6 / idle - 1 }
}

@Suite struct IdleModelTests {
    static let seeds: [UInt64] = Array(1...50)

    @Test(arguments: seeds) func aMinuteOfVaryingLoadGivesTheIdlePower(seed: UInt64) {
        var zone = SyntheticZone(seed: seed)
        zone.observe(60)
        #expect(zone.model.isReady)
        #expect(abs(zone.error) < 0.001)
    }

    @Test(arguments: seeds) func noiseAndOutliersLeaveItWithinThreePercent(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for (noise, outliers) in [(0.02, 0), (0.01, 5), (0, 10)] {
            var zone = SyntheticZone(cpus: .random(in: 1...64, using: &random), seed: seed)
            zone.idle = .random(in: 2...200, using: &random)
            // Full load is 1.5 to 5 times idle, which is what servers do.
            zone.perCPU = zone.idle * .random(in: 0.5...4, using: &random) / Double(zone.cpus)
            zone.noise = noise
            zone.outliers = outliers
            zone.observe(60)
            #expect(zone.model.isReady)
            #expect(abs(zone.error) < 0.03, "\(zone.cpus) CPUs, \(zone.idle) W + \(zone.perCPU) W, noise \(noise)")
        }
    }

    /// Between the two readings of a sample an agent on a busy node may wait; power is energy over the energy's own time.
    @Test(arguments: seeds) func readingsThatAreLateLeaveItRight(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var model = IdleModel(cpus: 2)
        var late = 0.0
        for second in 1...120 {
            let next = Int.random(in: 0..<10, using: &random) == 0 ? Double.random(in: 0...0.4, using: &random) : 0
            let work = Double.random(in: 0...2, using: &random)
            let elapsed = 1 + next - late
            late = next
            model.observe(
                spent: Energy(microjoules: UInt64((20 + 11 * work) * elapsed * 1e6)), elapsed: UInt64(elapsed * 1e9),
                busy: UInt64(work * 1e9), busyElapsed: 1_000_000_000, at: UInt64(second) * 1_000_000_000)
        }
        #expect(model.isReady)
        #expect(abs(Double(model.microwatts) / 20e6 - 1) < 0.01, "\(model.microwatts) uW")
    }

    /// Nothing is learned from one load, however long it lasts and however its measurement is disturbed.
    @Test(arguments: [0, 0.001, 0.02, 0.3, 0.5, 0.9, 1]) func aConstantLoadNeverMakesItReady(load: Double) {
        for (noise, wobble) in [(0.0, 0.0), (0.02, 0), (0.05, 0.05), (0.02, 0.1)] {
            var zone = SyntheticZone(seed: 1)
            zone.noise = noise
            for _ in 0..<3600 { zone.observe(load * .random(in: 1 - wobble...1 + wobble, using: &zone.random)) }
            #expect(!zone.model.isReady, "noise \(noise), wobble \(wobble)")
            #expect(zone.model.microwatts == 0)
        }
    }

    @Test func aLoadThatVariesWithinNoiseNeverMakesItReady() {
        for load in [0.4...0.6, 0.0...0.01, 0.8...1.0, 0.5...0.9] {
            var zone = SyntheticZone(seed: 2)
            zone.noise = 0.02
            zone.observe(3600, load)
            #expect(!zone.model.isReady, "\(load)")
        }
        // It varies, but by less than the noise of a zone that hardly follows it.
        var zone = SyntheticZone(seed: 2)
        zone.noise = 0.5
        zone.perCPU = 0.5
        zone.observe(60, 0.02...0.1)
        #expect(!zone.model.isReady)
    }

    @Test func aLongConstantLoadPushesNothingOut() {
        var zone = SyntheticZone(seed: 3)
        zone.noise = 0.02
        zone.observe(60)
        for _ in 0..<36_000 { zone.observe(0.7) }
        #expect(abs(zone.error) < 0.03)
        // The evidence is old, and the model says so.
        #expect(zone.model.age(at: zone.time) >= 36_000_000_000_000)
    }

    @Test(arguments: seeds) func itIsNeverAboveTheLowestPowerSeen(seed: UInt64) {
        var zone = SyntheticZone(seed: seed)
        zone.noise = 0.1
        zone.outliers = 10
        zone.bend = 0.5
        for _ in 0..<600 {
            zone.idle *= .random(in: 0.99...1.011, using: &zone.random)
            zone.observe(1, 0...(.random(in: 0...1, using: &zone.random)))
            #expect(zone.model.microwatts <= zone.lowest)
        }
        #expect(zone.model.isReady)
    }

    /// Where power rises steeply from idle, a straight line meets idle too high: the guard makes up for it once the
    /// node has been seen idle.
    @Test(arguments: seeds) func aBentCurveIsHeldByTheGuard(seed: UInt64) {
        var zone = SyntheticZone(seed: seed)
        zone.bend = 0.3
        zone.observe(60)
        zone.observe(5, 0...0.001)
        #expect(zone.model.isReady)
        #expect(abs(zone.error) < 0.03)
    }

    @Test func aZoneThatGetsHotterIsFollowedAsFarAsTheGuardAllows() {
        var zone = SyntheticZone(seed: 4)
        zone.observe(60, 0.25...1)
        for _ in 0..<600 {
            zone.idle += 4.0 / 600
            zone.observe(1, 0.25...1)
        }
        zone.observe(120, 0.25...1)
        #expect(abs(zone.error) < 0.01)
        // Idle was never seen, so the guard is out of the way; once it has been, the idle power stays under it.
        zone.observe(0.0)
        for _ in 0..<600 {
            zone.idle += 4.0 / 600
            zone.observe(1, 0.25...1)
        }
        #expect(zone.model.microwatts == zone.lowest)
        // It follows downwards whatever it has seen.
        zone.idle = 15
        zone.observe(600, 0.25...1)
        #expect(abs(zone.error) < 0.01)
    }

    @Test func aZeroInAShortWindowDoesNoHarm() {
        var zone = SyntheticZone(seed: 5)
        zone.observe(60)
        // At ten samples a second the register is late once: nothing, then twice as much.
        for round in 0..<200 {
            zone.time += 100_000_000
            let spent: UInt64 = round == 57 ? 0 : round == 58 ? 8_400_000 : 4_200_000
            zone.model.observe(
                spent: Energy(microjoules: spent), elapsed: 100_000_000, busy: 200_000_000, at: zone.time)
        }
        #expect(abs(zone.error) < 0.001)
        // And a whole second in which it stands still is made up by the next.
        zone.model.observe(spent: .zero, elapsed: 1_000_000_000, busy: 2_000_000_000, at: zone.time + 1_000_000_000)
        zone.model.observe(
            spent: Energy(microjoules: 84_000_000), elapsed: 1_000_000_000, busy: 2_000_000_000,
            at: zone.time + 2_000_000_000)
        #expect(abs(zone.error) < 0.001)
    }

    @Test func whatIsTooLongToBeTrueIsNotEvidence() {
        var zone = SyntheticZone(seed: 6)
        zone.observe(60)
        let before = zone.model.microwatts
        zone.model.observe(
            spent: Energy(microjoules: 1), elapsed: 3_600_000_000_000, busy: 0, at: zone.time + 3_600_000_000_000)
        zone.model.observe(
            spent: Energy(microjoules: .max), elapsed: .max, busy: .max, at: .max)
        #expect(zone.model.microwatts == before)
        zone.observe(10)
        #expect(abs(zone.error) < 0.001)
    }

    @Test func aZoneWithoutPowerIsNeverReady() {
        var model = IdleModel(cpus: 4)
        for second in 1...600 {
            model.observe(
                spent: .zero, elapsed: 1_000_000_000, busy: UInt64(second % 5) * 1_000_000_000,
                at: UInt64(second) * 1_000_000_000)
        }
        #expect(!model.isReady)
        #expect(model.microwatts == 0)
    }

    @Test func theAgeIsThatOfTheIdlestEvidence() {
        var zone = SyntheticZone(seed: 7)
        #expect(zone.model.age(at: 5) == 0)
        zone.observe(0.5)
        #expect(zone.model.age(at: zone.time) == 0)
        zone.observe(0.1)
        let idlest = zone.time
        for _ in 0..<100 { zone.observe(0.5) }
        #expect(zone.model.age(at: zone.time) == zone.time - idlest)
        zone.observe(0.1)
        #expect(zone.model.age(at: zone.time + 7) == 7)
    }

    @Test func aGivenPowerIsAlwaysReadyAndLearnsNothing() {
        var model = IdleModel(givenMicrowatts: 23_500_000)
        #expect(model.isReady)
        for second in 1...100 {
            model.observe(
                spent: Energy(microjoules: 1_000_000), elapsed: 1_000_000_000,
                busy: UInt64(second % 3) * 1_000_000_000, at: UInt64(second) * 1_000_000_000)
        }
        #expect(model.microwatts == 23_500_000)
        #expect(model.age(at: 1_000) == 0)
    }
}

import Attribution
import Testing

@Suite struct EnergyCounterTests {
    private static let second: UInt64 = 1_000_000_000
    /// A client, a server with the older unit, that server's DRAM, and a platform zone: range and unit in nanojoules.
    private static let registers: [(range: UInt64, unit: UInt64)] = [
        (262_143_328_850, 61_035), (65_532_610_987, 15_258), (65_712_999_613, 15_300),
        (4_294_967_295_000_000, 1_000_000_000),
    ]

    @Test(arguments: registers) func aWrapIsOneUnitMoreThanTheRange(range: UInt64, unit: UInt64) {
        var counter = EnergyCounter(range: range, limitMicrowatts: .max, startingAt: range, time: 0)
        #expect(counter.advance(to: 0, at: Self.second) == .spent(Energy(microjoules: (unit << 32) / 1000 - range)))
    }

    @Test(arguments: registers) func tenThousandWrapsAreExact(range: UInt64, unit: UInt64) throws {
        var random = SplitMix64(seed: unit)
        // The register as the hardware has it, and the kernel's reading of its lower 32 bits.
        let start = UInt64.random(in: 0..<1 << 32, using: &random)
        var register = start
        func reading() -> UInt64 { (register & 0xFFFF_FFFF) * unit / 1000 }
        var counter = EnergyCounter(range: range, limitMicrowatts: .max, startingAt: reading(), time: 0)
        var sum: UInt128 = 0
        var time: UInt64 = 0
        while register >> 32 < 10_000 {
            register += .random(in: 1 << 24..<1 << 32, using: &random)
            time += Self.second
            guard case .spent(let energy) = counter.advance(to: reading(), at: time) else {
                Issue.record("a good reading was not taken at \(register)")
                return
            }
            sum += UInt128(energy.microjoules)
        }
        let truth = UInt128(register - start) * UInt128(unit) / 1000
        #expect(max(sum, truth) - min(sum, truth) <= 1)
    }

    @Test func aRangeThatNoRegisterHasWrapsOneAboveItself() {
        var counter = EnergyCounter(range: 1_000_000, limitMicrowatts: .max, startingAt: 999_990, time: 0)
        #expect(counter.advance(to: 9, at: Self.second) == .spent(Energy(microjoules: 20)))
    }

    @Test(arguments: registers) func aGlitchBackwardsIsRejectedAndThenMadeUpFor(range: UInt64, unit: UInt64) {
        let start = range / 2
        // At most a thousandth of the register in a second, and a hundredth of that is spent.
        let limit = range / 1000
        let step = range / 100_000
        var counter = EnergyCounter(range: range, limitMicrowatts: limit, startingAt: start, time: 0)
        #expect(counter.advance(to: start - (unit + 999) / 1000, at: Self.second) == .rejected)
        #expect(counter.advance(to: start + 2 * step, at: 2 * Self.second) == .spent(Energy(microjoules: 2 * step)))
    }

    @Test func aJumpBeyondTheLimitIsRejectedAndThenMadeUpFor() {
        var counter = Self.tenWatts()
        #expect(counter.advance(to: 10_100_000, at: Self.second) == .rejected)
        #expect(counter.advance(to: 12_000_000, at: 2 * Self.second) == .spent(Energy(microjoules: 12_000_000)))
    }

    @Test func whatTheLimitAdmitsIsSpent() {
        // Ten watts for a second and the two milliseconds by which a register may be late.
        var counter = Self.tenWatts()
        #expect(counter.advance(to: 10_020_000, at: Self.second) == .spent(Energy(microjoules: 10_020_000)))
        counter = Self.tenWatts()
        #expect(counter.advance(to: 10_020_001, at: Self.second) == .rejected)
    }

    @Test func readingsThatAgreeOnlyWithEachOtherAreARestart() {
        var counter = Self.tenWatts()
        let readings: [UInt64] = [500_000_000, 505_000_000, 511_000_000]
        let advances = zip(readings, (1 as UInt64)...).map { counter.advance(to: $0, at: $1 * Self.second) }
        #expect(advances == [.rejected, .rejected, .restarted])
        #expect(counter.advance(to: 512_000_000, at: 4 * Self.second) == .spent(Energy(microjoules: 1_000_000)))
    }

    @Test(
        arguments: [
            [500_000_000, 505_000_000, 900_000_000, 905_000_000], [500_000_000, 400_000_000, 300_000_000, 200_000_000],
            [500_000_000, 900_000_000, 500_000_000, 900_000_000],
        ] as [[UInt64]])
    func readingsThatDoNotAgreeNeverAreARestart(readings: [UInt64]) {
        var counter = Self.tenWatts()
        for (reading, time) in zip(readings, (1 as UInt64)...) {
            #expect(counter.advance(to: reading, at: time * Self.second) == .rejected)
        }
        #expect(counter.advance(to: 20_000_000, at: 5 * Self.second) == .spent(Energy(microjoules: 20_000_000)))
    }

    @Test func aGoodReadingEndsDoubt() {
        var counter = Self.tenWatts()
        let readings: [UInt64] = [500_000_000, 505_000_000, 1_000_000, 510_000_000, 511_000_000]
        for (reading, time) in zip(readings, (1 as UInt64)...) {
            let advance = counter.advance(to: reading, at: time * Self.second)
            #expect(advance == (time == 3 ? .spent(Energy(microjoules: 1_000_000)) : .rejected))
        }
    }

    private static func tenWatts() -> EnergyCounter {
        EnergyCounter(range: 262_143_328_850, limitMicrowatts: 10_000_000, startingAt: 0, time: 0)
    }
}

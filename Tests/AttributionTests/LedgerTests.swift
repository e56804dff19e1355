import Attribution
import Testing

/// The laws, over random histories of several zones and domains.
@Suite struct LedgerLawTests {
    private static let seeds: [UInt64] = Array(1...300)
    private static let steps = 150

    @Test(arguments: seeds) func energyIsConservedToTheMicrojoule(seed: UInt64) {
        var history = History(seed: seed)
        for _ in 0..<Self.steps {
            _ = history.step()
            let ledger = history.ledger
            for zone in ledger.zones.indices {
                let terms =
                    ledger.idle[zone] + ledger.accounts(zone: zone) + ledger.energy(Ledger.overflow, zone: zone)
                    + ledger.energy(Ledger.retired, zone: zone) + ledger.rounding[zone]
                #expect(ledger.total[zone] == terms)
                #expect(ledger.total[zone] == history.spent[zone])
                #expect(ledger.rounding[zone].microjoules < UInt64(ledger.rows))
            }
        }
    }

    @Test(arguments: seeds) func noCumulativeNumberFalls(seed: UInt64) {
        var history = History(seed: seed)
        for _ in 0..<Self.steps {
            let before = history.ledger
            let rows = history.open
            let folded = history.step()
            let after = history.ledger
            for zone in after.zones.indices {
                #expect(after.total[zone] >= before.total[zone])
                #expect(after.idle[zone] >= before.idle[zone])
                for row in rows where row != folded {
                    #expect(after.energy(row, zone: zone) >= before.energy(row, zone: zone))
                }
            }
            for row in rows where row != folded { #expect(after.cpuTime(row) >= before.cpuTime(row)) }
            for domain in after.wallTime.indices {
                #expect(after.wallTime[domain] >= before.wallTime[domain])
                #expect(after.idleTime[domain] >= before.idleTime[domain])
            }
        }
    }

    @Test(arguments: seeds) func energyGoesOnlyToWhatRanOnTheZonesDomains(seed: UInt64) {
        var history = History(seed: seed)
        for _ in 0..<Self.steps { _ = history.step() }
        let ledger = history.ledger
        for zone in ledger.zones.indices {
            for row in history.open where history.ranOn[row].isDisjoint(with: ledger.zones[zone].domains) {
                #expect(ledger.energy(row, zone: zone) == .zero)
            }
        }
    }

    @Test(arguments: seeds) func equalWorkGetsEqualEnergy(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var ledger = Ledger(zones: [.package], domains: 1)
        let rows = (0..<Int.random(in: 2...9, using: &random)).map { _ in ledger.open() }
        let time = UInt64.random(in: 1...4_000_000_000, using: &random)
        ledger.charge(Ledger.kernel, domain: 0, nanoseconds: .random(in: 0...4_000_000_000, using: &random))
        for row in rows {
            // Whether the time comes in one piece or two is the same.
            let first = UInt64.random(in: 0...time, using: &random)
            ledger.charge(row, domain: 0, nanoseconds: first)
            ledger.charge(row, domain: 0, nanoseconds: time - first)
        }
        ledger.pass(domain: 0, nanoseconds: .random(in: 0...40_000_000_000, using: &random))
        ledger.post(zone: 0, spent: Energy(microjoules: .random(in: 0...900_000_000, using: &random)))
        let energies = rows.map { ledger.energy($0, zone: 0).microjoules }
        let least = energies.min() ?? 0
        for energy in energies { #expect(energy - least <= 1) }
    }
}

@Suite struct LedgerTests {
    private static let second: UInt64 = 1_000_000_000

    @Test func aZoneThatMissesPostingsDividesByItsWholeInterval() {
        var ledger = Ledger(zones: [.package, .dram], domains: 1)
        let a = ledger.open()
        let b = ledger.open()
        // Four CPUs for two seconds: one second of `a`, then one of `b`. Only the package is read in between.
        ledger.charge(a, domain: 0, nanoseconds: Self.second)
        ledger.pass(domain: 0, nanoseconds: 4 * Self.second)
        ledger.post(zone: 0, spent: Energy(microjoules: 8_000_000))
        ledger.charge(b, domain: 0, nanoseconds: Self.second)
        ledger.pass(domain: 0, nanoseconds: 4 * Self.second)
        ledger.post(zone: 0, spent: Energy(microjoules: 4_000_000))
        ledger.post(zone: 1, spent: Energy(microjoules: 12_000_000))

        #expect(ledger.energy(a, zone: 0) == Energy(microjoules: 2_000_000))
        #expect(ledger.energy(b, zone: 0) == Energy(microjoules: 1_000_000))
        #expect(ledger.idle[0] == Energy(microjoules: 9_000_000))
        #expect(ledger.energy(a, zone: 1) == Energy(microjoules: 1_500_000))
        #expect(ledger.energy(b, zone: 1) == Energy(microjoules: 1_500_000))
        #expect(ledger.idle[1] == Energy(microjoules: 9_000_000))
    }

    @Test func whatDivisionLeavesOverJoinsTheNextPosting() {
        var ledger = Ledger(zones: [.package], domains: 1)
        let rows = (0..<3).map { _ in ledger.open() }
        for spent: UInt64 in [10, 11] {
            for row in rows { ledger.charge(row, domain: 0, nanoseconds: Self.second) }
            ledger.post(zone: 0, spent: Energy(microjoules: spent))
        }
        #expect(rows.map { ledger.energy($0, zone: 0).microjoules } == [7, 7, 7])
        #expect(ledger.rounding[0] == .zero)
    }

    @Test func aFoldMovesEnergyAndTheTimeYetToBeDividedBy() {
        var ledger = Ledger(zones: [.package, .dram], domains: 1)
        let row = ledger.open()
        let other = ledger.open()
        ledger.charge(row, domain: 0, nanoseconds: Self.second)
        ledger.pass(domain: 0, nanoseconds: Self.second)
        ledger.post(zone: 0, spent: Energy(microjoules: 5_000_000))
        // The second zone has not divided by the row's second yet.
        ledger.fold(row, into: Ledger.retired)
        ledger.charge(other, domain: 0, nanoseconds: Self.second)
        ledger.pass(domain: 0, nanoseconds: Self.second)
        ledger.post(zone: 0, spent: Energy(microjoules: 3_000_000))
        ledger.post(zone: 1, spent: Energy(microjoules: 4_000_000))

        #expect(ledger.energy(Ledger.retired, zone: 0) == Energy(microjoules: 5_000_000))
        #expect(ledger.energy(Ledger.retired, zone: 1) == Energy(microjoules: 2_000_000))
        #expect(ledger.energy(other, zone: 0) == Energy(microjoules: 3_000_000))
        #expect(ledger.energy(other, zone: 1) == Energy(microjoules: 2_000_000))
        #expect(ledger.cpuTime(Ledger.retired) == Self.second)
    }

    @Test func aRowGivenBackIsGivenOutEmpty() {
        var ledger = Ledger(zones: [.package], domains: 2)
        let row = ledger.open()
        ledger.charge(row, domain: 1, nanoseconds: Self.second)
        ledger.post(zone: 0, spent: Energy(microjoules: 7))
        ledger.fold(row, into: Ledger.system)
        #expect(ledger.open() == row)
        #expect(ledger.energy(row, zone: 0) == .zero)
        #expect(ledger.cpuTime(row) == 0)
        #expect(ledger.rows == Ledger.firstOpen + 1)
    }

    @Test func moreWorkThanTimeLeavesNothingToIdle() {
        var ledger = Ledger(zones: [.package], domains: 1)
        ledger.charge(Ledger.kernel, domain: 0, nanoseconds: Self.second + 1)
        ledger.pass(domain: 0, nanoseconds: Self.second)
        ledger.post(zone: 0, spent: Energy(microjoules: 1_000_000))
        #expect(ledger.idle[0] == .zero)
        #expect(ledger.idleTime[0] == 0)
        #expect(ledger.energy(Ledger.kernel, zone: 0) == Energy(microjoules: 1_000_000))
    }

    @Test func idleHasAllThatIsSpentWhileNothingRuns() {
        var ledger = Ledger(zones: [.package], domains: 1)
        ledger.pass(domain: 0, nanoseconds: Self.second)
        ledger.post(zone: 0, spent: Energy(microjoules: 1_000_000))
        #expect(ledger.idle[0] == Energy(microjoules: 1_000_000))
        #expect(ledger.accounts(zone: 0) == .zero)
        #expect(ledger.idleTime[0] == Self.second)
    }

    @Test func aSocketsEnergyGoesOnlyToWhatRanOnIt() {
        let zones = (0..<2).map { Zone(kind: .package, package: "\($0)", domains: $0..<$0 + 1) }
        var ledger = Ledger(zones: zones, domains: 2)
        let a = ledger.open()
        let b = ledger.open()
        ledger.charge(a, domain: 0, nanoseconds: Self.second)
        ledger.charge(b, domain: 1, nanoseconds: Self.second)
        for zone in zones.indices { ledger.post(zone: zone, spent: Energy(microjoules: 10 + UInt64(zone))) }
        #expect(zones.indices.map { ledger.energy(a, zone: $0).microjoules } == [10, 0])
        #expect(zones.indices.map { ledger.energy(b, zone: $0).microjoules } == [0, 11])
    }

    @Test(
        arguments: [
            (10, 1, 3, 3), (10, 3, 3, 10), (0, 1, 3, 0), (.max - 1, 1, 2, .max / 2),
            (.max - 1, .max - 1, .max, .max - 2),
            (.max, .max, .max, .max),
        ] as [(UInt64, UInt64, UInt64, UInt64)])
    func aShareIsRoundedDownAndExact(amount: UInt64, part: UInt64, whole: UInt64, share: UInt64) {
        #expect(Energy(microjoules: amount).share(part, of: whole) == Energy(microjoules: share))
    }
}

extension Zone {
    fileprivate static let package = Zone(kind: .package, package: "0", domains: 0..<1)
    fileprivate static let dram = Zone(kind: .dram, package: "0", domains: 0..<1)
}

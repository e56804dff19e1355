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
                let account = ledger.accounts[zone]
                let terms =
                    account.kept + ledger.openAccounts(zone: zone) + ledger.share(Ledger.overflow, zone: zone).energy
                    + ledger.former(zone: zone) + account.rounding
                #expect(account.total == terms)
                #expect(account.total == history.spent[zone])
                #expect(account.rounding.microjoules < UInt64(ledger.rows))
                #expect(account.recent >= account.recentIdle)
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
                #expect(after.accounts[zone].total >= before.accounts[zone].total)
                #expect(after.accounts[zone].idle >= before.accounts[zone].idle)
                #expect(after.accounts[zone].kept >= before.accounts[zone].kept)
                #expect(after.accounts[zone].dynamic >= before.accounts[zone].dynamic)
                for row in rows where row != folded {
                    #expect(after.share(row, zone: zone).dynamic >= before.share(row, zone: zone).dynamic)
                    #expect(after.share(row, zone: zone).idle >= before.share(row, zone: zone).idle)
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
                #expect(ledger.share(row, zone: zone).dynamic == .zero)
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
        ledger.pass(nanoseconds: .random(in: 0...10_000_000_000, using: &random), cpus: [4])
        ledger.post(zone: 0, spent: Energy(microjoules: .random(in: 0...900_000_000, using: &random)))
        let energies = rows.map { ledger.share($0, zone: 0).energy.microjoules }
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
        ledger.pass(nanoseconds: Self.second, cpus: [4])
        ledger.post(zone: 0, spent: Energy(microjoules: 8_000_000))
        ledger.charge(b, domain: 0, nanoseconds: Self.second)
        ledger.pass(nanoseconds: Self.second, cpus: [4])
        ledger.post(zone: 0, spent: Energy(microjoules: 4_000_000))
        ledger.post(zone: 1, spent: Energy(microjoules: 12_000_000))

        #expect(ledger.share(a, zone: 0).energy == Energy(microjoules: 2_000_000))
        #expect(ledger.share(b, zone: 0).energy == Energy(microjoules: 1_000_000))
        #expect(ledger.accounts[0].idle == Energy(microjoules: 9_000_000))
        #expect(ledger.share(a, zone: 1).energy == Energy(microjoules: 1_500_000))
        #expect(ledger.share(b, zone: 1).energy == Energy(microjoules: 1_500_000))
        #expect(ledger.accounts[1].idle == Energy(microjoules: 9_000_000))
    }

    @Test func whatDivisionLeavesOverJoinsTheNextPosting() {
        var ledger = Ledger(zones: [.package], domains: 1)
        let rows = (0..<3).map { _ in ledger.open() }
        for spent: UInt64 in [10, 11] {
            for row in rows { ledger.charge(row, domain: 0, nanoseconds: Self.second) }
            ledger.post(zone: 0, spent: Energy(microjoules: spent))
        }
        #expect(rows.map { ledger.share($0, zone: 0).energy.microjoules } == [7, 7, 7])
        #expect(ledger.accounts[0].rounding == .zero)
    }

    @Test func aFoldMovesEnergyAndTheTimeYetToBeDividedBy() {
        var ledger = Ledger(zones: [.package, .dram], domains: 1)
        let row = ledger.open()
        let other = ledger.open()
        ledger.charge(row, domain: 0, nanoseconds: Self.second)
        ledger.pass(nanoseconds: Self.second, cpus: [1])
        ledger.post(zone: 0, spent: Energy(microjoules: 5_000_000))
        // The second zone has not divided by the row's second yet.
        ledger.fold(row, into: Ledger.retired)
        ledger.charge(other, domain: 0, nanoseconds: Self.second)
        ledger.pass(nanoseconds: Self.second, cpus: [1])
        ledger.post(zone: 0, spent: Energy(microjoules: 3_000_000))
        ledger.post(zone: 1, spent: Energy(microjoules: 4_000_000))

        #expect(ledger.share(Ledger.retired, zone: 0).energy == Energy(microjoules: 5_000_000))
        #expect(ledger.share(Ledger.retired, zone: 1).energy == Energy(microjoules: 2_000_000))
        #expect(ledger.share(other, zone: 0).energy == Energy(microjoules: 3_000_000))
        #expect(ledger.share(other, zone: 1).energy == Energy(microjoules: 2_000_000))
        #expect(ledger.cpuTime(Ledger.retired) == Self.second)
    }

    @Test func aRowGivenBackIsGivenOutEmpty() {
        var ledger = Ledger(zones: [.package], domains: 2)
        let row = ledger.open()
        ledger.charge(row, domain: 1, nanoseconds: Self.second)
        ledger.post(zone: 0, spent: Energy(microjoules: 7))
        ledger.fold(row, into: Ledger.system)
        #expect(ledger.open() == row)
        #expect(ledger.share(row, zone: 0).energy == .zero)
        #expect(ledger.cpuTime(row) == 0)
        #expect(ledger.rows == Ledger.firstOpen + 1)
    }

    @Test func moreWorkThanTimeLeavesNothingToIdle() {
        var ledger = Ledger(zones: [.package], domains: 1)
        ledger.charge(Ledger.kernel, domain: 0, nanoseconds: Self.second + 1)
        ledger.pass(nanoseconds: Self.second, cpus: [1])
        ledger.post(zone: 0, spent: Energy(microjoules: 1_000_000))
        #expect(ledger.accounts[0].idle == .zero)
        #expect(ledger.idleTime[0] == 0)
        #expect(ledger.share(Ledger.kernel, zone: 0).energy == Energy(microjoules: 1_000_000))
    }

    @Test func idleHasAllThatIsSpentWhileNothingRuns() {
        var ledger = Ledger(zones: [.package], domains: 1)
        ledger.pass(nanoseconds: Self.second, cpus: [1])
        ledger.post(zone: 0, spent: Energy(microjoules: 1_000_000))
        #expect(ledger.accounts[0].idle == Energy(microjoules: 1_000_000))
        #expect(ledger.openAccounts(zone: 0) == .zero)
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
        #expect(zones.indices.map { ledger.share(a, zone: $0).energy.microjoules } == [10, 0])
        #expect(zones.indices.map { ledger.share(b, zone: $0).energy.microjoules } == [0, 11])
    }

    // MARK: Idle power

    /// One busy second of four CPUs' four: 20 W of idle and 11 W for the busy CPU.
    private static func ledger(_ policy: IdlePolicy) -> (Ledger, Ledger.Row, Ledger.Row) {
        var ledger = Ledger(zones: [.package], domains: 1, policy: policy)
        let worker = ledger.open()
        let sleeper = ledger.open()
        ledger.setCarries(worker, true)
        ledger.setCarries(sleeper, true)
        ledger.charge(worker, domain: 0, nanoseconds: second)
        ledger.pass(nanoseconds: second, cpus: [4])
        ledger.post(zone: 0, spent: Energy(microjoules: 31_000_000), idleMicrowatts: 20_000_000)
        return (ledger, worker, sleeper)
    }

    @Test(
        arguments: [(.none, 0, 0), (.usage, 20_000_000, 0), (.even, 10_000_000, 10_000_000)]
            as [(IdlePolicy, UInt64, UInt64)])
    func idlePowerIsCarriedAsThePolicySays(policy: IdlePolicy, worker: UInt64, sleeper: UInt64) {
        let (ledger, first, second) = Self.ledger(policy)
        #expect(ledger.share(first, zone: 0).dynamic == Energy(microjoules: 11_000_000))
        #expect(ledger.share(second, zone: 0).dynamic == .zero)
        #expect(ledger.share(first, zone: 0).idle == Energy(microjoules: worker))
        #expect(ledger.share(second, zone: 0).idle == Energy(microjoules: sleeper))
        #expect(ledger.accounts[0].idle == Energy(microjoules: 20_000_000))
        #expect(ledger.accounts[0].kept == Energy(microjoules: 20_000_000 - worker - sleeper))
    }

    @Test func idleIsNeverMoreThanThereWas() {
        var ledger = Ledger(zones: [.package], domains: 1)
        ledger.charge(Ledger.kernel, domain: 0, nanoseconds: Self.second)
        ledger.pass(nanoseconds: Self.second, cpus: [2])
        ledger.post(zone: 0, spent: Energy(microjoules: 15_000_000), idleMicrowatts: 20_000_000)
        #expect(ledger.accounts[0].idle == Energy(microjoules: 15_000_000))
        #expect(ledger.share(Ledger.kernel, zone: 0).energy == .zero)
    }

    @Test func idleIsByTheWallClockHoweverBusyTheNode() {
        var ledger = Ledger(zones: [.package], domains: 1)
        ledger.charge(Ledger.system, domain: 0, nanoseconds: 2 * Self.second)
        ledger.pass(nanoseconds: Self.second, cpus: [2])
        ledger.post(zone: 0, spent: Energy(microjoules: 42_000_000), idleMicrowatts: 20_000_000)
        #expect(ledger.accounts[0].idle == Energy(microjoules: 20_000_000))
        #expect(ledger.accounts[0].recent.microwatts(over: ledger.accounts[0].recentTime) == 42_000_000)
    }

    // MARK: The platform's rest

    @Test func otherIsWhatThePlatformCountsBeyondPackagesAndMemory() {
        let zones = Ledger.withRemainder([.package, .dram, Zone(kind: .psys, package: "0", domains: 0..<1)])
        #expect(zones.last?.kind == .other)
        #expect(Ledger.withRemainder([.package, .dram]).count == 2)
        var ledger = Ledger(zones: zones, domains: 1)
        var random = SplitMix64(seed: 5)
        var other: UInt64 = 0
        for _ in 0..<500 {
            // Meters read at slightly different times: the platform's may lag behind its parts.
            for zone in 0..<3 {
                ledger.post(
                    zone: zone, spent: Energy(microjoules: .random(in: 0...(zone == 2 ? 40 : 10), using: &random)))
            }
            let gain = ledger.remainder(zone: 3)
            ledger.post(zone: 3, spent: gain)
            other += gain.microjoules
            let parts = ledger.accounts[0].total + ledger.accounts[1].total
            #expect(ledger.accounts[3].total.microjoules == other)
            #expect(ledger.accounts[3].total + parts >= ledger.accounts[2].total)
        }
        let parts = ledger.accounts[0].total + ledger.accounts[1].total
        #expect(ledger.accounts[3].total + parts <= ledger.accounts[2].total + Energy(microjoules: 200))
    }

    @Test(
        arguments: [(31_000_000, 1_000_000_000, 31_000_000), (1, 1_000_000_000, 1), (5, 0, 0), (.max, 1, 0)]
            as [(UInt64, UInt64, UInt64)])
    func powerIsEnergyOverTime(microjoules: UInt64, nanoseconds: UInt64, microwatts: UInt64) {
        let energy = Energy(microjoules: microjoules)
        #expect(energy.microwatts(over: nanoseconds) == microwatts)
        if microwatts > 0 { #expect(Energy(microwatts: microwatts, over: nanoseconds) == energy) }
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

import Attribution
import Testing

@Suite struct ZoneTests {
    /// Two sockets of two dies each: domains 0 and 1 are on package 0, 2 and 3 on package 1.
    private static let twoByTwo = Topology(
        places: [(0, 0), (0, 1), (1, 0), (1, 1)].map { Topology.Domain(package: $0, die: $1) })

    @Test(
        arguments: [
            ("package-0", nil, .package, "0", 0..<2),
            ("package-1", nil, .package, "1", 2..<4),
            ("package-0-die-1", nil, .package, "0-die-1", 1..<2),
            ("package-1-die-0", nil, .package, "1-die-0", 2..<3),
            ("core", "package-1", .core, "1", 2..<4),
            ("uncore", "package-0", .uncore, "0", 0..<2),
            ("dram", "package-1-die-1", .dram, "1-die-1", 3..<4),
            ("psys", nil, .psys, "0", 0..<4),
            ("psys", "package-1", .psys, "0", 0..<4),
            // Whose they are nobody says: everyone's.
            ("dram", nil, .dram, "0", 0..<4),
            ("core", "psys", .core, "0", 0..<4),
            ("package-7", nil, .package, "7", 0..<4),
            ("package-0-die-7", nil, .package, "0-die-7", 0..<4),
        ] as [(String, String?, Zone.Kind, String, Range<Int>)])
    func aZoneIsToldByItsNameAndItsParents(
        name: String, parent: String?, kind: Zone.Kind, package: String, domains: Range<Int>
    ) {
        let zone = Zone(name: name, parent: parent, topology: Self.twoByTwo)
        #expect(zone == Zone(kind: kind, package: package, domains: domains))
    }

    @Test(arguments: ["", "Core", "gpu", "package", "dram-0", "psys "]) func noOtherNameIsAZone(name: String) {
        #expect(Zone(name: name, parent: "package-0", topology: Self.twoByTwo) == nil)
    }
}

@Suite struct TopologyTests {
    private static func die(_ package: Int, _ die: Int) -> Topology.Domain { .init(package: package, die: die) }

    @Test func domainsAreInOrderWhateverTheOrderOfTheCPUs() {
        let topology = Topology(places: [Self.die(1, 0), Self.die(0, 1), Self.die(0, 0), Self.die(1, 0)])
        #expect(topology.domains == [Self.die(0, 0), Self.die(0, 1), Self.die(1, 0)])
        #expect(topology.domainOfCPU == [2, 1, 0, 2])
        #expect(topology.cpusInDomain == [1, 1, 2])
    }

    @Test func aCPUThatIsOfflineIsInTheFirstDomainAndCountsForNone() {
        let topology = Topology(places: [Self.die(0, 0), nil, Self.die(1, 0), nil])
        #expect(topology.domainOfCPU == [0, 0, 1, 0])
        #expect(topology.cpusInDomain == [1, 1])
    }

    @Test(arguments: [([], 1), ([nil, nil], 2)] as [([Topology.Domain?], Int)])
    func whereNothingIsKnownAllCPUsAreOneDomain(places: [Topology.Domain?], cpus: Int) {
        let topology = Topology(places: places)
        #expect(topology.domains == [Self.die(0, 0)])
        #expect(topology.cpusInDomain == [cpus])
    }
}

import Attribution
import Glibc
import Testing

@testable import Node

@Suite struct PowercapTests {
    private static let second: UInt64 = 1_000_000_000
    private static let oneSocket = Topology(places: [.init(package: 0, die: 0)])
    private static let twoSockets = Topology(places: [.init(package: 0, die: 0), .init(package: 1, die: 0)])

    private let tree: FixtureTree

    init() throws { tree = try FixtureTree() }

    private func open(_ topology: Topology = oneSocket) throws -> Powercap {
        try Powercap(sysfs: tree.root, topology: topology)
    }

    // MARK: Which zones there are

    @Test func zonesListedFlatAreFound() throws {
        try tree.zone("intel-rapl:0", name: "package-0")
        try tree.zone("intel-rapl:0:0", name: "core")
        try tree.zone("intel-rapl:0:1", name: "uncore")
        try tree.zone("intel-rapl:0:2", name: "dram")
        #expect(try open().zones.map(\.kind) == [.package, .core, .uncore, .dram])
    }

    @Test func zonesNestedInTheirParentsAreFound() throws {
        try tree.zone("intel-rapl/intel-rapl:0", name: "package-0")
        try tree.zone("intel-rapl/intel-rapl:0/intel-rapl:0:0", name: "core")
        try tree.zone("intel-rapl/intel-rapl:1", name: "package-1")
        try tree.zone("intel-rapl/intel-rapl:1/intel-rapl:1:0", name: "dram")
        let zones = try open(Self.twoSockets).zones
        #expect(zones.map(\.kind) == [.package, .core, .package, .dram])
        #expect(zones.map(\.package) == ["0", "0", "1", "1"])
        #expect(zones.map(\.domains) == [0..<1, 0..<1, 1..<2, 1..<2])
    }

    /// The tree as the kernel lays it out: devices elsewhere, links to every one of them in the class directory.
    @Test func zonesSeenThroughLinksAreOneZoneEach() throws {
        let devices = "devices/virtual/powercap/intel-rapl"
        let paths = ["intel-rapl:0", "intel-rapl:0/intel-rapl:0:0", "intel-rapl:1"]
        for (path, name) in zip(paths, ["package-0", "dram", "package-1"]) {
            try tree.write("\(devices)/\(path)/name", name)
            try tree.write("\(devices)/\(path)/energy_uj", "0")
            let entry = path.split(separator: "/").last ?? ""
            try tree.link("\(FixtureTree.powercap)/\(entry)", to: "\(devices)/\(path)")
            try tree.link("\(devices)/\(path)/subsystem", to: FixtureTree.powercap)
        }
        try tree.link("\(FixtureTree.powercap)/intel-rapl", to: devices)
        let zones = try open(Self.twoSockets).zones
        #expect(zones.map(\.kind) == [.package, .dram, .package])
        #expect(zones.map(\.package) == ["0", "0", "1"])
    }

    @Test func zonesAreInTheOrderOfTheirNumbers() throws {
        for number in [10, 2, 0] { try tree.zone("intel-rapl:\(number)", name: "package-\(number)") }
        try tree.zone("intel-rapl:2:0", name: "dram")
        #expect(try open().zones.map(\.package) == ["0", "2", "2", "10"])
    }

    @Test func theMappedInterfacesCopyOfAZoneIsLeftOut() throws {
        try tree.zone("intel-rapl:0", name: "package-0")
        try tree.zone("intel-rapl-mmio:0", name: "package-0")
        try tree.zone("intel-rapl-mmio:0:0", name: "dram")
        let found = PowercapTree(root: tree.root + "/class/powercap").zones
        #expect(found.map(\.entry) == ["intel-rapl:0", "intel-rapl-mmio:0:0"])
        #expect(found.map(\.parent) == [nil, "package-0"])
    }

    @Test func theMappedInterfaceAloneIsUsed() throws {
        try tree.zone("intel-rapl-mmio/intel-rapl-mmio:0", name: "package-0")
        try tree.zone("intel-rapl-mmio/intel-rapl-mmio:0/intel-rapl-mmio:0:0", name: "dram")
        #expect(try open().zones.map(\.kind) == [.package, .dram])
    }

    @Test func thePlatformIsEverySockets() throws {
        try tree.zone("intel-rapl:0", name: "package-0")
        try tree.zone("intel-rapl:1", name: "psys")
        let zones = try open(Self.twoSockets).zones
        #expect(zones.map(\.kind) == [.package, .psys])
        #expect(zones.map(\.domains) == [0..<1, 0..<2])
    }

    @Test func aDiesZoneIsItsDies() throws {
        for die in 0..<2 {
            try tree.zone("intel-rapl:\(die)", name: "package-0-die-\(die)")
            try tree.zone("intel-rapl:\(die):0", name: "dram")
        }
        let topology = Topology(places: [.init(package: 0, die: 0), .init(package: 0, die: 1)])
        let zones = try open(topology).zones
        #expect(zones.map(\.package) == ["0-die-0", "0-die-0", "0-die-1", "0-die-1"])
        #expect(zones.map(\.domains) == [0..<1, 0..<1, 1..<2, 1..<2])
    }

    @Test func noTreeIsNoZone() throws {
        #expect(!Powercap.isPresent(sysfs: tree.root))
        try tree.write("\(FixtureTree.powercap)/dtpm/name", "soc")
        try tree.makeDirectory("\(FixtureTree.powercap)/intel-rapl")
        #expect(!Powercap.isPresent(sysfs: tree.root))
        try tree.zone("intel-rapl/intel-rapl:0", name: "package-0")
        #expect(Powercap.isPresent(sysfs: tree.root))
    }

    @Test func aZoneOfAnUnknownNameIsLeftOut() throws {
        try tree.zone("intel-rapl:0", name: "gpu")
        let error = #expect(throws: Powercap.Unreadable.self) { _ = try open() }
        #expect(error?.description == "no zone under \(tree.root)/class/powercap has a name that brahe knows")
        try tree.zone("intel-rapl:1", name: "package-0")
        #expect(try open().zones.map(\.kind) == [.package])
    }

    // MARK: Reading

    @Test func aReadingIsWhatWasSpentSinceTheLast() throws {
        try tree.zone("intel-rapl:0", name: "package-0", energy: "5000000")
        let powercap = try open()
        #expect(powercap.read(0, at: 0) == nil)
        try tree.setEnergy("intel-rapl:0", "65000000")
        #expect(powercap.read(0, at: Self.second) == Energy(microjoules: 60_000_000))
        #expect(powercap.read(0, at: 2 * Self.second) == .zero)
        #expect((powercap.failed, powercap.rejected, powercap.restarted) == ([0], [0], [0]))
    }

    @Test func aCounterWrapsAtItsOwnRange() throws {
        try tree.zone("intel-rapl:0", name: "package-0", energy: "262143328000")
        try tree.zone("intel-rapl:0:0", name: "dram", energy: "65712999000", range: "65712999613")
        let powercap = try open()
        for zone in 0..<2 { #expect(powercap.read(zone, at: 0) == nil) }
        for path in ["intel-rapl:0", "intel-rapl:0:0"] { try tree.setEnergy(path, "1000") }
        // One register of 2^32 units of 61035 nJ, the other of 15300 nJ.
        #expect(powercap.read(0, at: Self.second) == Energy(microjoules: 262_143_328_911 - 262_143_328_000 + 1000))
        #expect(powercap.read(1, at: Self.second) == Energy(microjoules: 65_712_999_628 - 65_712_999_000 + 1000))
    }

    @Test func withoutARangeAFallIsNoWrap() throws {
        try tree.zone("intel-rapl:0", name: "package-0", energy: "5000000", range: nil)
        let powercap = try open()
        #expect(powercap.read(0, at: 0) == nil)
        try tree.setEnergy("intel-rapl:0", "4000000")
        #expect(powercap.read(0, at: Self.second) == nil)
        #expect(powercap.rejected == [1])
        try tree.setEnergy("intel-rapl:0", "6000000")
        #expect(powercap.read(0, at: 2 * Self.second) == Energy(microjoules: 1_000_000))
    }

    @Test(arguments: ["", "busy", "-1", "99999999999999999999"])
    func aFailedReadingCostsItsZoneAloneAndIsMadeUpFor(text: String) throws {
        try tree.zone("intel-rapl:0", name: "package-0", energy: "1000")
        try tree.zone("intel-rapl:1", name: "psys", energy: "1000")
        let powercap = try open()
        for zone in 0..<2 { #expect(powercap.read(zone, at: 0) == nil) }
        try tree.setEnergy("intel-rapl:0", text)
        try tree.setEnergy("intel-rapl:1", "3000")
        #expect(powercap.read(0, at: Self.second) == nil)
        #expect(powercap.read(1, at: Self.second) == Energy(microjoules: 2000))
        #expect(powercap.failed == [1, 0])
        try tree.setEnergy("intel-rapl:0", "9000")
        #expect(powercap.read(0, at: 2 * Self.second) == Energy(microjoules: 8000))
    }

    @Test func aResetRegisterIsCounted() throws {
        try tree.zone("intel-rapl:0", name: "package-0", energy: "100000000000")
        let powercap = try open()
        #expect(powercap.read(0, at: 0) == nil)
        for time in 1...3 as ClosedRange<UInt64> {
            try tree.setEnergy("intel-rapl:0", "\(time)000000")
            #expect(powercap.read(0, at: time * Self.second) == nil)
        }
        #expect(powercap.rejected == [2])
        #expect(powercap.restarted == [1])
    }

    // MARK: Limits

    @Test func theLargestConstraintIsTheLimit() throws {
        try tree.zone("intel-rapl:0", name: "package-0")
        for (file, watts) in [
            ("constraint_0_max_power_uw", "15000000"), ("constraint_0_power_limit_uw", "10000000"),
            ("constraint_1_max_power_uw", "0"), ("constraint_1_power_limit_uw", "50000000"),
        ] { try tree.write("\(FixtureTree.powercap)/intel-rapl:0/\(file)", watts) }
        try tree.zone("intel-rapl:0:0", name: "core")
        let found = PowercapTree(root: tree.root + "/class/powercap").zones
        #expect(found.map(\.limitMicrowatts) == [50_000_000, nil])
    }

    @Test(arguments: [(60_120_000, true), (60_120_001, false)]) func aFifthMoreThanTheLimitIsPossible(
        energy: UInt64, possible: Bool
    ) throws {
        try tree.zone("intel-rapl:0", name: "package-0")
        try tree.write("\(FixtureTree.powercap)/intel-rapl:0/constraint_1_power_limit_uw", "50000000")
        let powercap = try open()
        #expect(powercap.read(0, at: 0) == nil)
        try tree.setEnergy("intel-rapl:0", "\(energy)")
        // Sixty watts for a second and the two milliseconds by which a register may be late.
        #expect(powercap.read(0, at: Self.second) == (possible ? Energy(microjoules: energy) : nil))
        #expect(powercap.rejected == [possible ? 0 : 1])
    }

    @Test func aLimitBeyondAllNumbersIsNoLimit() throws {
        try tree.zone("intel-rapl:0", name: "package-0")
        try tree.write("\(FixtureTree.powercap)/intel-rapl:0/constraint_0_power_limit_uw", "\(UInt64.max)")
        let powercap = try open()
        #expect(powercap.read(0, at: 0) == nil)
        try tree.setEnergy("intel-rapl:0", "262143328850")
        #expect(powercap.read(0, at: Self.second) == Energy(microjoules: 262_143_328_850))
    }

    // MARK: What cannot be opened

    @Test func aMissingCounterIsNamed() throws {
        try tree.zone("intel-rapl:0", name: "package-0", energy: nil)
        let error = #expect(throws: Powercap.Unreadable.self) { _ = try open() }
        #expect(
            error?.description == "open \(tree.root)/class/powercap/intel-rapl:0/energy_uj: No such file or directory")
    }

    @Test func aCounterRemovedIsLeftOutAndTheRestGoOn() throws {
        try tree.zone("intel-rapl:0", name: "package-0")
        try tree.zone("intel-rapl:0:0", name: "core")
        tree.remove("\(FixtureTree.powercap)/intel-rapl:0/energy_uj")
        let zones = try open().zones
        #expect(zones.map(\.kind) == [.core])
        #expect(zones.map(\.package) == ["0"])
    }

    @Test func countersThatAreAllForbiddenAreNamedWithTheReason() throws {
        try tree.zone("intel-rapl:0", name: "package-0")
        try tree.forbid("\(FixtureTree.powercap)/intel-rapl:0/energy_uj")
        let error = #expect(throws: Powercap.Unreadable.self) { try withoutPrivilege { _ = try open() } }
        let file = "\(tree.root)/class/powercap/intel-rapl:0/energy_uj"
        #expect(error?.description.hasPrefix("open \(file): Permission denied") == true)
    }

    @Test func aCounterThatIsForbiddenIsLeftOut() throws {
        try tree.zone("intel-rapl:0", name: "package-0")
        try tree.zone("intel-rapl:0:0", name: "dram")
        try tree.forbid("\(FixtureTree.powercap)/intel-rapl:0/energy_uj")
        let powercap = try withoutPrivilege { try open() }
        #expect(powercap.zones.map(\.kind) == [.dram])
    }
}

/// Runs `body` with a file system user that is not root, on this thread alone. The corresponding C function is
/// `setfsuid`, of a header that Swift's Glibc leaves out.
private func withoutPrivilege<Result>(_ body: () throws -> Result) throws -> Result {
    guard geteuid() == 0 else { return try body() }
    typealias SetFileSystemUser = @convention(c) (uid_t) -> Int32
    let symbol = try #require(dlsym(nil, "setfsuid"))
    let setFileSystemUser = unsafeBitCast(symbol, to: SetFileSystemUser.self)
    _ = setFileSystemUser(65_534)
    defer { _ = setFileSystemUser(0) }
    return try body()
}

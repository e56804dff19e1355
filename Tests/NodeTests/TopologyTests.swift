import Attribution
import Testing

@testable import Node

@Suite struct TopologyTests {
    @Test func twoSocketsAreTwoDomains() throws {
        let tree = try FixtureTree()
        for cpu in 0..<12 { try tree.cpu(cpu, package: cpu % 2) }
        // What else is in the directory.
        try tree.write("devices/system/cpu/online", "0-11")
        try tree.makeDirectory("devices/system/cpu/cpufreq")
        try tree.makeDirectory("devices/system/cpu/cpuidle")
        let topology = Topology(sysfs: tree.root)
        #expect(topology.domains == [.init(package: 0, die: 0), .init(package: 1, die: 0)])
        #expect(topology.domainOfCPU == (0..<12).map { $0 % 2 })
        #expect(topology.cpusInDomain == [6, 6])
    }

    @Test func diesAreDomainsOfTheirPackage() throws {
        let tree = try FixtureTree()
        for cpu in 0..<4 { try tree.cpu(cpu, package: 0, die: cpu / 2) }
        let topology = Topology(sysfs: tree.root)
        #expect(topology.domains == [.init(package: 0, die: 0), .init(package: 0, die: 1)])
        #expect(topology.domainOfCPU == [0, 0, 1, 1])
    }

    @Test func aCPUThatIsOfflineCountsForNoDomain() throws {
        let tree = try FixtureTree()
        try tree.cpu(0, package: 0, die: nil)
        try tree.cpu(1, package: nil)
        // What a virtual machine's firmware leaves where it says nothing.
        try tree.cpu(2, package: -1)
        try tree.cpu(3, package: 0, die: nil)
        let topology = Topology(sysfs: tree.root)
        #expect(topology.domains == [.init(package: 0, die: 0)])
        #expect(topology.cpusInDomain == [2])
        #expect(topology.domainOfCPU == [0, 0, 0, 0])
    }

    @Test func withoutTopologyAllCPUsAreOneDomain() throws {
        let tree = try FixtureTree()
        #expect(Topology(sysfs: tree.root) == Topology(places: []))
        for cpu in 0..<3 { try tree.cpu(cpu, package: nil) }
        #expect(Topology(sysfs: tree.root).cpusInDomain == [3])
    }
}

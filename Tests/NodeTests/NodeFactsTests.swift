import Testing

@testable import Node

@Suite struct NodeFactsTests {
    private let tree: FixtureTree

    init() throws { tree = try FixtureTree() }

    private func facts(_ cpuinfo: String) throws -> NodeFacts {
        try tree.write("cpuinfo", cpuinfo)
        return NodeFacts.current(procfs: tree.root)
    }

    @Test(
        arguments: [
            ("GenuineIntel", 6, 63, 2, "Haswell"), ("GenuineIntel", 6, 79, 1, "Broadwell"),
            ("GenuineIntel", 6, 85, 4, "Skylake"), ("GenuineIntel", 6, 85, 7, "Cascade Lake"),
            ("GenuineIntel", 6, 85, 11, "Cooper Lake"), ("GenuineIntel", 6, 106, 6, "Sunny Cove"),
            ("GenuineIntel", 6, 143, 8, "Sapphire Rapids"), ("GenuineIntel", 6, 207, 2, "Emerald Rapids"),
            ("GenuineIntel", 6, 173, 1, "Granite Rapids"), ("GenuineIntel", 6, 175, 3, "Sierra Forest"),
            ("GenuineIntel", 6, 158, 9, "Kaby Lake"), ("GenuineIntel", 6, 158, 13, "Coffee Lake"),
            ("GenuineIntel", 6, 140, 1, "Willow Cove"), ("GenuineIntel", 6, 167, 1, "Cypress Cove"),
            ("GenuineIntel", 6, 151, 2, "Golden Cove"), ("GenuineIntel", 6, 183, 1, "Raptor Cove"),
            ("AuthenticAMD", 23, 1, 2, "Zen"), ("AuthenticAMD", 23, 49, 0, "Zen 2"),
            ("AuthenticAMD", 25, 1, 1, "Zen 3"),
            ("AuthenticAMD", 25, 17, 1, "Zen 4"), ("AuthenticAMD", 25, 160, 2, "Zen 4c"),
            ("AuthenticAMD", 26, 2, 1, "Zen 5"),
            // Nobody's: the same numbers of another vendor, and ones to come.
            ("CentaurHauls", 6, 63, 2, "Some CPU"), ("GenuineIntel", 6, 255, 0, "Some CPU"),
            ("GenuineIntel", 15, 63, 2, "Some CPU"),
        ] as [(String, Int, Int, Int, String)])
    func theMicroarchitectureIsKeplersWord(vendor: String, family: Int, model: Int, stepping: Int, word: String) throws
    {
        let text = """
            processor\t: 0
            vendor_id\t: \(vendor)
            cpu family\t: \(family)
            model\t\t: \(model)
            model name\t: Some CPU
            stepping\t: \(stepping)
            """
        #expect(try facts(text).cpuArchitecture == word)
    }

    @Test func anARMProcessorIsToldByItsPart() throws {
        let text = """
            processor\t: 0
            BogoMIPS\t: 243.75
            CPU implementer\t: 0x41
            CPU architecture: 8
            CPU variant\t: 0x3
            CPU part\t: 0xd0c
            CPU revision\t: 1

            processor\t: 1
            CPU implementer\t: 0x41
            CPU part\t: 0xd0c
            """
        let facts = try facts(text)
        #expect(facts.cpuArchitecture == "neoverse_n1")
        #expect(facts.processors.map(\.processor) == ["0", "1"])
        #expect(facts.processors.map(\.vendorID) == ["0x41", "0x41"])
    }

    @Test func eachLogicalCPUIsListed() throws {
        let text = (0..<4).map { cpu in
            """
            processor\t: \(cpu)
            vendor_id\t: GenuineIntel
            cpu family\t: 6
            model\t\t: 106
            model name\t: Intel(R) Xeon(R) Gold 6330 CPU @ 2.00GHz
            stepping\t: 6
            physical id\t: \(cpu / 2)
            core id\t\t: \(cpu % 2)
            power management:

            """
        }.joined(separator: "\n")
        let cpus = try facts(text).processors
        #expect(cpus.map(\.processor) == ["0", "1", "2", "3"])
        #expect(cpus.map(\.physicalID) == ["0", "0", "1", "1"])
        #expect(cpus.map(\.coreID) == ["0", "1", "0", "1"])
        #expect(Set(cpus.map(\.modelName)) == ["Intel(R) Xeon(R) Gold 6330 CPU @ 2.00GHz"])
        #expect(Set(cpus.map(\.vendorID)) == ["GenuineIntel"])
    }

    @Test func nothingToReadIsUnknown() throws {
        #expect(NodeFacts.current(procfs: tree.root + "/none").cpuArchitecture == "unknown")
        #expect(try facts("machine : a box\n: :\n:").processors.isEmpty)
    }
}

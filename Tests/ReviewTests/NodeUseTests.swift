import Exposition
import Review
import Testing

@Suite struct NodeUseTests {
    @Test func coreAndPsysAreNoPartOfTheNodesTotal() throws {
        let node = NodeUse(
            try Window(
                from: edge(100, "brahe_zone_joules_total{zone=\"package\",package=\"0\"} 0.5"),
                to: edge(
                    110,
                    """
                    brahe_zone_joules_total{zone="package",package="0"} 160.5
                    brahe_zone_joules_total{zone="package",package="1"} 20
                    brahe_zone_joules_total{zone="dram",package="0"} 20
                    brahe_zone_joules_total{zone="core",package="0"} 90
                    brahe_zone_joules_total{zone="psys",package="0"} 300
                    kepler_node_package_joules_total{package="0",mode="idle"} 50
                    kepler_node_package_joules_total{package="0",mode="dynamic"} 130.5
                    kepler_node_dram_joules_total{package="0",mode="idle"} 5
                    kepler_node_dram_joules_total{package="0",mode="dynamic"} 15
                    kepler_node_core_joules_total{package="0",mode="dynamic"} 90
                    """)))
        #expect(node.total == 200_000_000)
        #expect((node.idle, node.dynamic) == (55_000_000, 145_500_000))
        #expect(
            node.zones == ["core": 90_000_000, "dram": 20_000_000, "package": 180_000_000, "psys": 300_000_000])
    }

    @Test func idleAndDynamicAreTheWholeNodeWhereItHasNoZones() throws {
        let node = NodeUse(
            try Window(
                from: edge(1, ""),
                to: edge(
                    2,
                    """
                    kepler_node_package_joules_total{package="0",mode="idle"} 1.5
                    kepler_node_dram_joules_total{package="0",mode="dynamic"} 2
                    """)))
        #expect(node.idle == 1_500_000)
        #expect(node.dynamic == 2_000_000)
        #expect(node.total == 3_500_000)
    }

    /// What runs in one cgroup or another is all that the node used, and is told to the microjoule.
    @Test func measurementsOfAPartitionedNodeAddUpToIt() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<100 {
            let parts = (0..<5).map { _ in UInt64.random(in: 1...1_000_000_000, using: &random) }
            let total = parts.reduce(0, +)
            let lines = parts.enumerated().map { index, microjoules in
                "brahe_cgroup_joules_total{path=\"/\(index)\",zone=\"package\"} "
                    + "\(Ratio.joules(microjoules).text(decimals: 6))\n"
            }
            let node = Ratio.joules(total).text(decimals: 6)
            let window = try Window(
                from: edge(1, ""),
                to: edge(2, lines.joined() + "brahe_zone_joules_total{zone=\"package\",package=\"0\"} \(node)"))
            let measured = parts.indices.map { index in
                Measurement(name: "", cgroup: "/\(index)", wallMicroseconds: 1, window: window)
            }
            #expect(measured.map(\.microjoules) == parts)
            #expect(NodeUse(window).total == total)
            #expect(abs(measured.reduce(0) { $0 + $1.share.value } - 1) < 1e-12)
        }
    }
}

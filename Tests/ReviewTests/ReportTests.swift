import Exposition
import Review
import Testing

@Suite struct ReportTests {
    /// Two sockets, a pod of two containers, one more container and a cgroup, at the start and 10 s later.
    private static func report(source: String = "powercap") throws -> Report {
        func container(_ id: String, _ pod: String, _ name: String) -> String {
            let namespace = pod.isEmpty ? "" : "shop"
            return
                "container_id=\"\(id)\",pod_name=\"\(pod)\",container_name=\"\(name)\",container_namespace=\"\(namespace)\""
        }
        let web = container("aa", "front", "web")
        let side = container("bb", "front", "sidecar")
        let system = container("system_processes", "system_processes", "system_processes")
        let second = """
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
            kepler_container_joules_total{\(web),mode="dynamic",source=""} 100
            kepler_container_joules_total{\(web),mode="idle",source=""} 10
            kepler_container_joules_total{\(side),mode="dynamic",source=""} 20.000001
            kepler_container_joules_total{\(system),mode="dynamic",source=""} 5
            kepler_container_bpf_cpu_time_ms_total{\(web),source="bpf"} 7500
            kepler_container_bpf_cpu_time_ms_total{\(side),source="bpf"} 1250.5
            kepler_container_bpf_cpu_time_ms_total{\(system),source="bpf"} 10
            brahe_cgroup_joules_total{path="/system.slice/a",zone="package"} 4
            brahe_cgroup_joules_total{path="/system.slice/a",zone="core"} 3
            brahe_cgroup_joules_total{path="/system.slice/a",zone="dram"} 1
            brahe_cgroup_cpu_seconds_total{path="/system.slice/a"} 0.01
            brahe_cgroup_cpu_seconds_total{path="/system.slice/still"} 3
            """
        let first = """
            brahe_zone_joules_total{zone="package",package="0"} 0.5
            brahe_cgroup_cpu_seconds_total{path="/system.slice/still"} 3
            """
        return Report(try Window(from: edge(100, source: source, first), to: edge(110, source: source, second)))
    }

    @Test func aSetOfPodsUsesTheSumOfThemAndNamesThoseThatNobodySaw() throws {
        let front = PodUse.Pod(namespace: "shop", name: "front")
        let ghost = PodUse.Pod(namespace: "shop", name: "ghost")
        let use = PodUse(of: [front, ghost, .init(namespace: "other", name: "front")], in: try Self.report())
        #expect(use.microjoules == 130_000_001)
        #expect(use.cpuMicroseconds == 8_750_500)
        #expect(use.unseen == [.init(namespace: "other", name: "front"), ghost])
    }

    @Test func theReportNamesEveryUserByFallingEnergy() throws {
        #expect(
            try Self.report().text == """
                window of 10.000 s, energy source: powercap

                NODE           JOULES   WATTS   SHARE
                total         200.000  20.000  100.0%
                idle           55.000   5.500   27.5%
                dynamic       145.500  14.550   72.8%
                zone core      90.000   9.000   45.0%
                zone dram      20.000   2.000   10.0%
                zone package  180.000  18.000   90.0%
                zone psys     300.000  30.000  150.0%

                CONTAINER          JOULES   WATTS  SHARE  CPU s
                front/web         110.000  11.000  55.0%  7.500
                front/sidecar      20.000   2.000  10.0%  1.251
                system_processes    5.000   0.500   2.5%  0.010

                POD          JOULES   WATTS  SHARE  CPU s
                shop/front  130.000  13.000  65.0%  8.751

                CGROUP           JOULES  WATTS  SHARE  CPU s
                /system.slice/a   5.000  0.500   2.5%  0.010

                """)
    }

    @Test func podsAreTheExactSumsOfTheirContainers() throws {
        let report = try Self.report()
        #expect(report.pods.map(\.labels) == [["pod_name": "front", "container_namespace": "shop"]])
        #expect(report.pods.map(\.microjoules) == [130_000_001])
        #expect(report.pods.map(\.cpuMicroseconds) == [8_750_500])
        #expect(report.containers.map(\.microjoules) == [110_000_000, 20_000_001, 5_000_000])
        #expect(report.containers.first?.labels["container_id"] == "aa")
    }

    @Test func anIdleCgroupStaysInTheReportAndOutOfTheTable() throws {
        let report = try Self.report()
        #expect(report.cgroups.map(\.title) == ["/system.slice/a", "/system.slice/still"])
        #expect(report.cgroups.map(\.microjoules) == [5_000_000, 0])
        #expect(!report.text.contains("still"))
    }

    @Test func coreAndPsysAreNoPartOfTheNodesTotal() throws {
        let node = try Self.report().node
        #expect(node.total == 200_000_000)
        #expect(node.zones["psys"] == 300_000_000)
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

    @Test func withoutCountersThereAreNoJoulesToShow() throws {
        let text = try Self.report(source: "none").text
        #expect(text.contains("front/web              -      -      -  7.500\n"))
        #expect(text.hasSuffix("note: the agent found no energy counters; only CPU time was counted.\n"))
    }

    @Test func anEstimateIsCalledOne() throws {
        let text = try Self.report(source: "estimator").text
        #expect(text.hasSuffix("note: the joules are an estimate of a model, not a measurement.\n"))
    }

    @Test func whatAGoneContainerUsedBeforeIsNotCountedAgainAsRetired() throws {
        func line(_ id: String, _ joules: Int) -> String {
            "kepler_container_joules_total{container_id=\"\(id)\",mode=\"dynamic\"} \(joules)\n"
        }
        let report = Report(
            try Window(
                from: edge(1, line("gone", 40) + line("retired", 7)), to: edge(2, line("retired", 50))))
        #expect(report.containers.map(\.microjoules) == [3_000_000])
        #expect(report.window.vanishedNames == ["gone"])
    }

    @Test func sharesOfAPartitionedNodeAddUpToOne() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<100 {
            let parts = (0..<5).map { _ in UInt64.random(in: 1...1_000_000, using: &random) }
            let total = parts.reduce(0, +)
            let lines = parts.enumerated().map { index, joules in
                "brahe_cgroup_joules_total{path=\"/\(index)\",zone=\"package\"} \(joules)\n"
            }
            let report = Report(
                try Window(
                    from: edge(1, ""),
                    to: edge(2, lines.joined() + "brahe_zone_joules_total{zone=\"package\",package=\"0\"} \(total)")))
            #expect(report.cgroups.reduce(0) { $0 + $1.microjoules } == report.node.total)
            let shares = report.cgroups.map { Ratio($0.microjoules, per: report.node.total).value }
            #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
        }
    }
}

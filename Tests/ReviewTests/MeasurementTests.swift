import Exposition
import Review
import Testing

@Suite struct MeasurementTests {
    private static func window(source: String = "powercap") throws -> Window {
        let lines = """
            brahe_zone_joules_total{zone="package",package="0"} 80
            kepler_node_package_joules_total{package="0",mode="idle"} 30
            brahe_cgroup_joules_total{path="/brahe/measure-1",zone="package"} 7
            brahe_cgroup_joules_total{path="/brahe/measure-1",zone="core"} 5
            brahe_cgroup_joules_total{path="/brahe/measure-1",zone="dram"} 1
            brahe_cgroup_joules_total{path="/brahe/measure-1/inner",zone="package"} 2
            brahe_cgroup_joules_total{path="/brahe/measure-10",zone="package"} 16
            brahe_cgroup_cpu_seconds_total{path="/brahe/measure-1"} 0.5
            brahe_cgroup_cpu_seconds_total{path="/brahe/measure-1/inner"} 0.25
            brahe_cgroup_cpu_seconds_total{path="/brahe/measure-10"} 1.75
            """
        return try Window(from: edge(100, source: source, ""), to: edge(104, source: source, lines))
    }

    private static func measurement(_ name: String, _ cgroup: String, in window: Window) -> Measurement {
        Measurement(name: name, cgroup: cgroup, wallMicroseconds: 2_000_000, window: window)
    }

    @Test func aCommandIsChargedForItsCgroupAndThoseBelowAndNoOther() throws {
        let measurement = Self.measurement("make", "/brahe/measure-1", in: try Self.window())
        #expect(measurement.microjoules == 10_000_000)
        #expect(measurement.cpuMicroseconds == 750_000)
        #expect(measurement.seen)
        #expect(
            measurement.text == """
                make
                  energy           10.000   J
                                 0.002778  Wh
                  mean power        5.000   W
                  CPU time          0.750   s
                  wall time         2.000   s
                  share of node     12.5%

                """)
    }

    @Test func withoutCountersOnlyTimesAreShown() throws {
        #expect(
            Self.measurement("make", "/brahe/measure-1", in: try Self.window(source: "none")).text == """
                make
                  energy             -   J
                                     -  Wh
                  mean power         -   W
                  CPU time       0.750   s
                  wall time      2.000   s
                  share of node      -
                note: the agent found no energy counters; only CPU time was counted.

                """)
    }

    @Test func aCommandThatTheAgentMissedIsSaidToBe() throws {
        let measurement = Self.measurement("true", "/brahe/measure-2", in: try Self.window())
        #expect(!measurement.seen)
        #expect(measurement.text.hasSuffix("note: the agent saw no CPU time of this command.\n"))
    }

    @Test func commandsOfOneWindowStandSideBySide() throws {
        let window = try Self.window(source: "estimator")
        let measurements = [
            Self.measurement("steady", "/brahe/measure-1", in: window),
            Self.measurement("storm", "/brahe/measure-10", in: window),
        ]
        #expect(
            Measurement.text(measurements, window: window) == """
                CGROUP      CPU s  JOULES   WATTS   SHARE
                steady      0.750  10.000   2.500   12.5%
                storm       1.750  16.000   4.000   20.0%
                node total         80.000  20.000  100.0%
                node idle          30.000   7.500   37.5%
                note: the joules are an estimate of a model, not a measurement.

                """)
    }
}

@Suite struct RatioTests {
    @Test(
        arguments: [
            (1, 2, 0, "1"), (1, 3, 3, "0.333"), (2, 3, 3, "0.667"), (1_000_001, 1_000_000, 6, "1.000001"),
            (999_999, 1_000_000, 3, "1.000"), (0, 5, 2, "0.00"), (1, 0, 2, "-"),
            (UInt64.max, 1, 3, "18446744073709551615.000"), (1, UInt64.max, 1, "0.0"),
        ] as [(UInt64, UInt64, Int, String)])
    func decimalsAreExactAndRounded(numerator: UInt64, denominator: UInt64, decimals: Int, text: String) {
        #expect(Ratio(numerator, per: denominator).text(decimals: decimals) == text)
    }

    @Test func sixDecimalsOfJoulesAreTheMicrojoules() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<1000 {
            let microjoules = UInt64.random(in: 0...UInt64.max, using: &random)
            #expect(Scrape.microunits(of: Ratio.joules(microjoules).text(decimals: 6)) == microjoules)
        }
    }
}

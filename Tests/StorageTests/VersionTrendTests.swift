import Archive
import Documents
import Statistics
import Testing

@Suite struct VersionTrendTests {
    private static func record(
        _ run: String, _ version: String, _ joules: Double, status: String = "succeeded",
        configuration: String? = "ebpf"
    ) -> RunRecord {
        var record = RunRecord(run: run, status: status)
        record.project = "falco"
        record.version = version
        record.configuration = configuration
        record.primary = "project"
        record.energies = [
            .init(scope: "project", joules: joules, lowerJ: joules * 0.5, upperJ: joules * 1.5, watts: joules / 10),
            .init(scope: "node", joules: joules * 4, lowerJ: 0, upperJ: 0, watts: joules),
        ]
        record.sci = joules / 1000
        record.sciUnit = "gCO2eq per benchmark"
        return record
    }

    @Test func versionsComeInTheirOwnOrderWithMeansAndIntervals() throws {
        let records = [
            Self.record("a", "0.10.0", 110), Self.record("b", "0.9.0", 98), Self.record("c", "0.9.0", 100),
            Self.record("d", "0.9.0", 102), Self.record("e", "0.9.0", 500, status: "invalid"),
        ]
        let trends = VersionTrend.all(records, of: .energy, scope: nil)
        let trend = try #require(trends.first)
        #expect(trends.count == 1)
        #expect(trend.unit == "J")
        #expect(trend.versions.map(\.name) == ["0.9.0", "0.10.0"])
        #expect(trend.versions[0].mean == 100)
        // scipy.stats.t.interval(0.95, 2, 100, 2 / 3 ** 0.5)
        let interval = try #require(trend.versions[0].interval)
        #expect(abs(interval.lower - 95.031724) < 1e-5)
        #expect(abs(interval.upper - 104.968276) < 1e-5)
        #expect(trend.versions[1].interval == nil)
        #expect(
            trend.table == """
                VERSION  RUNS    MEAN J    LOWER     UPPER    CHANGE  OUTLIERS
                0.9.0       3  100.0000  95.0317  104.9683         -
                0.10.0      1  110.0000        -         -  +10.00 %

                """)
    }

    @Test func configurationsAndUnitsAreNotMixed() {
        var other = Self.record("c", "1.0", 3)
        other.sciUnit = "gCO2eq per event"
        let records = [
            Self.record("a", "1.0", 1), Self.record("b", "1.0", 2, configuration: "modern-ebpf"), other,
            Self.record("d", "1.0", 4, configuration: nil),
        ]
        #expect(
            VersionTrend.all(records, of: .energy, scope: "node").map(\.configuration) == [nil, "ebpf", "modern-ebpf"])
        #expect(
            VersionTrend.all(records, of: .sci, scope: nil).map { [$0.configuration ?? "", $0.unit] } == [
                ["", "gCO2eq per benchmark"], ["ebpf", "gCO2eq per benchmark"], ["ebpf", "gCO2eq per event"],
                ["modern-ebpf", "gCO2eq per benchmark"],
            ])
        #expect(VersionTrend.all(records, of: .energy, scope: "namespace").isEmpty)
        let watts = VersionTrend.all([Self.record("a", "1.0", 50)], of: .power, scope: nil).first?.versions.first?.runs
        #expect(watts?.map { [$0.value, $0.lower ?? 0, $0.upper ?? 0] } == [[5, 2.5, 7.5]])
    }

    @Test func versionsHaveAnOrder() {
        let sorted = ["0.9", "v0.9.1", "0.10.0-rc1", "0.10.0-rc2", "0.10.0", "1.0", "1.0.0", "10.0", "main"]
        for (place, version) in sorted.dropLast().enumerated() {
            for later in sorted.dropLast()[(place + 1)...] {
                #expect(VersionOrder.isBefore(version, later), "\(version) \(later)")
                #expect(!VersionOrder.isBefore(later, version), "\(later) \(version)")
            }
            #expect(!VersionOrder.isBefore(version, version))
        }
        #expect(VersionOrder.isBefore("main", "0.1"))
    }

    @Test func aTableOfRunsSaysWhyTheyFailed() {
        let runs = [Self.record("a", "1.0", 12.5), RunRecord(run: "b", status: "failed", reason: "it\nbroke")]
        #expect(
            RunRecord.table(runs) == """
                RUN  STATUS     PROJECT  CONFIG  VERSION  JOULES   WATTS      SCI
                a    succeeded  falco    ebpf    1.0      12.500  1.2500  0.01250
                b    failed     -        -       -             -       -        -

                b: it; broke

                """)
    }
}

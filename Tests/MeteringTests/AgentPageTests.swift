import Documents
import Exposition
import Metering
import Samples
import Testing

/// What only our agent's page has: what it keeps, withholds and lists.
@Suite struct AgentPageTests {
    private static let terms = Terms(platformMaxWatts: 500, cpus: 16)
    private static let window = phase(60_000, 240_000)
    private static let joules = "kepler_container_joules_total"

    private static func exporter(_ instance: String = "10.0.0.1:9102") -> Exporter {
        var exporter = Exporter()
        exporter.target["instance"] = instance
        exporter.scrapes = Exporter.times(every: 5000, from: 0, to: 300_000)
        return exporter
    }

    private func findings(_ series: [Series], _ terms: Terms = Self.terms) throws -> Findings {
        try Meter(Recording(series), terms: terms).findings(in: Self.window)
    }

    /// When a container is gone for good, our agent moves all it ever used to `retired`.
    @Test func whatRetiredOnlyTookOverIsNotCountedAgain() throws {
        var exporter = Self.exporter()
        exporter.isAgent = true
        let gone = Draw([(-90_000, 10), (100_000, 0)])
        let own = Draw([(-90_000, 1)])
        let series = exporter.counter(Self.joules, ebpf("p"), gone) { $0 < 200_000 }
        let bucket = [
            "container_id": "retired", "pod_name": "retired", "container_namespace": "system", "mode": "dynamic",
        ]
        let retired = exporter.make(
            Self.joules, bucket,
            exporter.scrapes.map { scrape in
                let taken = scrape < 200_000 ? 0 : gone.energy(until: scrape * 1000)
                return Sample(time: scrape, value: Double(taken + own.energy(until: scrape * 1000)) / 1_000_000)
            })
        let found = try findings(exporter.selves() + [series, retired])
        #expect(found.pod("p") == Estimate(400_000_000, from: 400_000_000, to: 400_000_000))
        #expect(found.use(.cgroup, ["path": "retired"])?.energy?.value == 180_000_000)
        #expect(found.uses.filter { $0.level == .pod || $0.level == .container }.count == 2, "a bucket is no pod")
    }

    /// Up to ten seconds may pass before our agent knows a name; then it shows all that was used meanwhile.
    @Test func whatWasUsedBeforeItWasNamedIsWithinTheBounds() throws {
        var exporter = Self.exporter()
        exporter.isAgent = true
        let draw = Draw([(52_000, 10)])
        let found = try findings(
            exporter.selves() + [
                exporter.counter(Self.joules, ebpf("other"), Draw([(0, 1)])),
                exporter.counter(Self.joules, ebpf("p"), draw, from: 52_000) { $0 >= 65_000 },
            ])
        let energy = try #require(found.pod("p"))
        #expect(energy.holds(1_800_000_000) && energy.value == 1_880_000_000 && energy.lower == 1_750_000_000)
    }

    /// Our agent lists what `system_processes` is made of, and the page has both.
    @Test func listedCgroupsStandInForTheirSum() throws {
        var exporter = Self.exporter()
        exporter.isAgent = true
        let series =
            exporter.selves() + [
                exporter.counter(Self.joules, ebpf("p"), Draw([(-200_000, 5)])),
                exporter.counter(
                    Self.joules, ebpf("system_processes").merging(["container_id": "system_processes"]) { $1 },
                    Draw([(-200_000, 7)])),
                exporter.counter(
                    Self.joules, ebpf("kernel_processes").merging(["container_id": "kernel_processes"]) { $1 },
                    Draw([(-200_000, 1)])),
                exporter.counter(
                    "brahe_cgroup_joules_total", ["path": "/system.slice/a", "zone": "package"], Draw([(-200_000, 4)])),
                exporter.counter(
                    "brahe_cgroup_joules_total", ["path": "/system.slice/b", "zone": "package"], Draw([(-200_000, 3)])),
                exporter.counter(
                    "brahe_cgroup_joules_total", ["path": "/system.slice/a", "zone": "core"], Draw([(-200_000, 2)])),
                exporter.counter(
                    "brahe_zone_joules_total", ["zone": "package", "package": "0"], Draw([(-200_000, 20)])),
                exporter.counter("brahe_zone_joules_total", ["zone": "core", "package": "0"], Draw([(-200_000, 9)])),
            ]
        let found = try findings(series)
        #expect(found.zone == "package" && found.use(.node, [:])?.energy?.value == 3_600_000_000)
        let cgroups = found.uses.filter { $0.level == .cgroup }
        #expect(cgroups.map(\.labels["path"]) == ["/system.slice/a", "/system.slice/b", "kernel_processes"])
        #expect(cgroups.map(\.energy?.value) == [720_000_000, 540_000_000, 180_000_000])
    }
}

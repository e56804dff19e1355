import Documents
import Exposition
import Metering
import Samples
import Testing

/// Each generation's names and units, and that all tell the same of one truth.
@Suite struct GenerationTests {
    private static let terms = Terms(platformMaxWatts: 500, cpus: 16)
    private static let window = phase(60_000, 240_000)

    /// Two containers in two pods, package and memory, for five minutes.
    private static let exporter: Exporter = {
        var exporter = Exporter()
        exporter.scrapes = Exporter.times(every: 3000, from: 0, to: 300_000)
        return exporter
    }()
    private static let package = [("web-9b6bb4f68-k2vp7", Draw([(-200_000, 20)])), ("db-0", Draw([(-200_000, 7)]))]
    private static let memory = [("web-9b6bb4f68-k2vp7", Draw([(-200_000, 3)])), ("db-0", Draw([(-200_000, 2)]))]
    private static let node = [("package", Draw([(-200_000, 50)])), ("dram", Draw([(-200_000, 10)]))]

    private static func recording(_ generation: Generation) -> [Series] {
        var series = exporter.selves()
        for (parts, zone) in [(package, "package"), (memory, "dram")] {
            for (pod, draw) in parts {
                switch generation {
                case .first:
                    let labels = ["pod_name": pod, "pod_namespace": "app", "command": "helm-contr"]
                    let name = "pod_curr_energy_in_\(zone == "package" ? "pkg" : zone)_millijoule"
                    series.append(gauge(name, labels, draw, 1000))
                case .second:
                    let labels = ebpf(pod)
                    series.append(exporter.counter("kepler_container_\(zone)_joules_total", labels, draw))
                case .third:
                    let labels = ["node_name": "n1", "pod_id": "uid-\(pod)", "state": "running", "zone": zone]
                    series.append(
                        exporter.counter(
                            "kepler_pod_cpu_joules_total",
                            labels.merging(["pod_name": pod, "pod_namespace": "app"]) { one, _ in one }, draw))
                    series.append(
                        exporter.counter(
                            "kepler_container_cpu_joules_total",
                            labels.merging(["container_id": "id-\(pod)", "container_name": "main"]) { one, _ in one },
                            draw))
                }
            }
        }
        for (zone, draw) in node {
            switch generation {
            case .first:
                let name = "node_curr_energy_in_\(zone == "package" ? "pkg" : zone)_joule"
                series.append(gauge(name, ["exported_instance": "n1"], draw, 1_000_000))
            case .second:
                // Half of it idle.
                for mode in ["dynamic", "idle"] {
                    let half = Draw([(-200_000, draw.energy(from: 0, to: 1) / 2000)])
                    series.append(
                        exporter.counter(
                            "kepler_node_\(zone)_joules_total",
                            ["exported_instance": "n1", "package": "0", "mode": mode], half))
                }
            case .third:
                // Core lies within package, and psys holds all: neither may be added.
                for (zone, factor) in [(zone, Int64(1)), (zone == "package" ? "core" : "psys", 3)] {
                    let power = draw.energy(from: 0, to: 1) / 1000 * factor
                    series.append(
                        exporter.counter(
                            "kepler_node_cpu_joules_total", ["node_name": "n1", "zone": zone, "path": "/\(zone)"],
                            Draw([(-200_000, power)])))
                }
            }
        }
        return series
    }

    /// The energy of the last three seconds.
    private static func gauge(_ name: String, _ labels: [String: String], _ draw: Draw, _ unit: Double) -> Series {
        exporter.make(
            name, labels,
            exporter.scrapes.map { Sample(time: $0, value: Double(draw.energy(from: $0 - 3000, to: $0)) / unit) })
    }

    @Test(arguments: Generation.allCases) func allTellTheSame(generation: Generation) throws {
        let findings = try Meter(Recording(Self.recording(generation)), terms: Self.terms).findings(in: Self.window)
        #expect(findings.generation == generation && findings.zone == "package+dram")
        #expect(findings.use(.node, ["node": "n1"])?.energy?.value == 60 * 180_000_000)
        #expect(findings.pod("web-9b6bb4f68-k2vp7")?.value == 23 * 180_000_000)
        #expect(findings.use(.workload, ["workload": "web", "namespace": "app"])?.energy?.value == 23 * 180_000_000)
        #expect(findings.use(.workload, ["workload": "db"])?.energy?.holds(9 * 180_000_000) == true)
        #expect(findings.use(.namespace, ["namespace": "app"])?.energy?.holds(32 * 180_000_000) == true)
        #expect((findings.use(.container, ["pod": "db-0"])?.energy?.value == nil) == (generation == .first))
        #expect(findings.notes.contains { $0.contains("estimates") } == generation.isEstimate)
        #expect(findings.uses.first?.level == .node)
    }

    @Test func secondIsPreferredAndAnotherCanBeAskedFor() throws {
        let recording = Recording(Self.recording(.third) + Self.recording(.second) + Self.recording(.first))
        #expect(try Meter(recording, terms: Self.terms).generation == .second)
        var terms = Self.terms
        terms.generation = .third
        terms.zone = "psys"
        let meter = try Meter(recording, terms: terms)
        #expect(meter.findings(in: Self.window).use(.node, [:])?.energy?.value == 30 * 180_000_000)
        #expect(throws: MeteringError.absent(.first)) {
            var terms = Self.terms
            terms.generation = .first
            _ = try Meter(Recording(Self.recording(.second)), terms: terms)
        }
    }

    @Test func zonesThatCannotBeAddedAreRefused() {
        for (zone, error) in [
            ("package+core", MeteringError.overlappingZones("package+core")),
            ("psys+dram", .overlappingZones("psys+dram")), ("dram+dram", .overlappingZones("dram+dram")),
            ("gpu", .unknownZone("gpu", known: ["core", "dram", "package", "psys"])),
        ] {
            #expect(throws: error) {
                var terms = Self.terms
                terms.zone = zone
                _ = try Meter(Recording(Self.recording(.third)), terms: terms)
            }
        }
        #expect(throws: MeteringError.nothing) { try Meter(Recording(), terms: Self.terms) }
        #expect(throws: MeteringError.self) { try Meter(Recording(), terms: Terms(platformMaxWatts: .nan)) }
    }

    /// The seed's own answer: 387 mJ, of three seconds, is 0.129 W; the timestamp is no value.
    @Test func theSeedsMillijoulesAreThreeSeconds() throws {
        let labels = [
            "command": "helm-contr", "container": "kepler-exporter", "endpoint": "http",
            "instance": "kind-control-plane",
            "job": "kepler-exporter", "namespace": "kepler", "pod": "kepler-exporter-7nbzs",
            "pod_name": "helm-controller-9b6bb4f68-k2vp7", "pod_namespace": "flux-system", "service": "kepler-exporter",
        ]
        let samples = (0...40).map { Sample(time: 1_664_037_900_094 + $0 * 15_000, value: 387) }
        let identity = Scrape.Identity(name: "pod_curr_energy_in_pkg_millijoule", labels: labels)
        let meter = try Meter(Recording([Series(identity, samples: samples)]), terms: Self.terms)
        let start = 1_664_037_900_094 as Int64 + 50_000
        let findings = meter.findings(in: phase(start, start + 300_000))
        #expect(findings.pod("helm-controller-9b6bb4f68-k2vp7")?.value == 38_700_000)
        #expect(findings.use(.workload, ["workload": "helm-controller", "namespace": "flux-system"]) != nil)
        let curve = meter.curve(
            of: { $0.level == .namespace }, from: Moment(milliseconds: start), to: Moment(milliseconds: start + 300_000)
        )
        #expect(curve.watts.allSatisfy { abs(($0 ?? 0) - 0.129) < 0.0001 } && curve.total == 38_700_000)
    }

    /// The numbers of `node_energy_stat` are its labels, so each of them is a series of its own, and the value is 0.
    @Test func theNodesNumbersAreLabels() throws {
        let series = (0...20).map { index in
            let joules = index % 2 == 0 ? "60.0" : "30.0"
            return Series(
                Scrape.Identity(
                    name: "node_energy_stat",
                    labels: [
                        "instance": "a:1", "node_name": "n1", "cpu_architecture": "Skylake",
                        "node_curr_energy_in_pkg_joule": joules, "node_curr_energy_in_dram_joule": "0",
                        "node_curr_cpu_time": "\(index)",
                    ]), samples: [Sample(time: Int64(index) * 3000, value: 0)])
        }
        let findings = try Meter(Recording(series), terms: Self.terms).findings(in: phase(0, 60_000))
        let energy = try #require(findings.use(.node, ["node": "n1"])?.energy)
        #expect(energy == Estimate(900_000_000, from: 600_000_000, to: 1_200_000_000))
        #expect(findings.uses.count == 1)
    }

    /// 4.6e18 mJ, as an unsigned underflow gave it, is no energy.
    @Test func whatNoPlatformDrawsIsLeftOut() throws {
        var samples = Self.exporter.scrapes.map { Sample(time: $0, value: Double($0) / 1000) }
        for index in samples.indices where index >= 40 {
            samples[index] = Sample(time: samples[index].time, value: samples[index].value + 1_000_000)
        }
        samples[60] = Sample(time: samples[60].time, value: 4.6e18)
        let series = Self.exporter.make("kepler_container_joules_total", ebpf("one"), samples)
        let findings = try Meter(Recording(Self.exporter.selves() + [series]), terms: Self.terms).findings(
            in: Self.window)
        let energy = try #require(findings.pod("one"))
        #expect(energy.value == 177_000_000 && energy.holds(180_000_000))
        #expect(findings.quality.implausible == 1 && findings.notes.contains { $0.contains("left out") })
    }
}

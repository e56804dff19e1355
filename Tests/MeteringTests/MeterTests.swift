import Documents
import Exposition
import Metering
import Samples
import Testing

/// Curves, sums, gates, and recordings that nobody would make on purpose.
@Suite struct MeterTests {
    private static let joules = "kepler_container_joules_total"

    private static func exporter(_ interval: Int64 = 5000) -> Exporter {
        var exporter = Exporter()
        exporter.scrapes = Exporter.times(every: interval, from: 0, to: 300_000)
        return exporter
    }

    private static func meter(_ exporter: Exporter, _ series: [Series], watts: Double = 100) throws -> Meter {
        try Meter(Recording(exporter.selves() + series), terms: Terms(platformMaxWatts: watts, cpus: 16))
    }

    @Test func aCurveGoesFromScrapeToScrape() throws {
        let exporter = Self.exporter()
        let draw = Draw([(-200_000, 10), (100_000, 30), (102_500, 10), (200_000, 0)])
        let meter = try Self.meter(
            exporter,
            [
                exporter.counter(Self.joules, ebpf("p"), draw) { $0 < 200_000 },
                exporter.counter(Self.joules, ebpf("q", "main", "else"), Draw([(-200_000, 1)])),
            ])
        let curve = meter.curve(
            of: { $0.level == .pod && $0.labels["pod"] == "p" }, from: Moment(milliseconds: 52_000),
            to: Moment(milliseconds: 320_000))
        #expect(curve.times.first?.milliseconds == 52_000 && curve.times[1].milliseconds == 55_000)
        #expect(curve.watts.first == 10 && curve.peak == 20)
        #expect(curve.energies[9...12] == [50_000_000, 100_000_000, 50_000_000, 50_000_000])
        // Gone from 195 s on, and nobody asked after 300 s.
        #expect(curve.energies[28...31] == [50_000_000, nil, 0, 0] && curve.energies.last == .some(nil))
        let all = meter.curve(
            of: { $0.level == .namespace }, from: Moment(milliseconds: 52_000), to: Moment(milliseconds: 320_000))
        #expect(all.times == curve.times && all.total == curve.total + 248_000_000)
        let none = meter.curve(
            of: { _ in false }, from: Moment(milliseconds: 0), to: Moment(milliseconds: 9))
        #expect(none == PowerCurve(times: [], energies: []) && none.peak == nil)
    }

    /// What is lost of a hundred containers while their exporter is away is no more than what the node draws.
    @Test func togetherTheyUseNoMoreThanTheirNode() throws {
        var exporter = Self.exporter()
        exporter.failures = [100_000, 105_000]
        exporter.lives.append(104_000)
        let meter = try Self.meter(
            exporter, (0..<100).map { exporter.counter(Self.joules, ebpf("p\($0)"), Draw([(-200_000, 1)])) })
        let window = phase(50_000, 200_000)
        let findings = meter.findings(in: window)
        let gap: UInt64 = 100 * 15_000_000
        let one = try #require(findings.pod("p7"))
        #expect(one.upper == one.lower - 6_000_000 + gap && one.value == 141_000_000)
        let all = try #require(findings.use(.namespace, [:])?.energy)
        #expect(all.upper == all.lower - 600_000_000 + gap && all.holds(15_000_000_000))
        #expect(meter.use(of: { $0.level == .pod }, in: window).energy == all)
        // Whoever selects a pod and its containers gets them once.
        #expect(meter.use(of: { [.pod, .container].contains($0.level) }, in: window).energy == all)
        #expect(meter.use(of: { $0.level == .cgroup }, in: window).energy == nil)
    }

    /// Two polls may show one sample: that is neither a gap nor an end, and what is new in the second was born before it.
    @Test func twoPollsOfOneSampleAreOne() throws {
        var exporter = Self.exporter(1000)
        exporter.isAgent = true
        exporter.scrapes = exporter.scrapes.flatMap { [$0, $0 + 200] }
        exporter.age = { $0 % 1000 * 1000 }
        let draw = Draw([(-200_000, 20)])
        let born = Draw([(99_500, 10)])
        let meter = try Self.meter(
            exporter,
            [
                exporter.counter(Self.joules, ebpf("p"), draw),
                exporter.counter(Self.joules, ebpf("q"), born, from: 99_500) { $0 >= 100_200 },
            ])
        let findings = meter.findings(in: phase(50_000, 300_000))
        #expect(findings.pod("p") == Estimate(5_000_000_000, from: 5_000_000_000, to: 5_000_000_000))
        #expect(findings.pod("q")?.value == 2_005_000_000)
        #expect((findings.quality.births, findings.quality.deaths, findings.quality.resets) == (1, 0, 0))
    }

    /// Our agent counts all CPU time, idle included, so it grows by the number of CPUs each second; a restart is no growth.
    @Test func theNumberOfCPUsIsHowFastTheirTimeGrows() throws {
        var exporter = Self.exporter()
        exporter.isAgent = true
        exporter.lives.append(123_000)
        let series = [("idle", 3.9), ("accounts", 0.1)].map { term, rate in
            exporter.make(
                "brahe_ledger_cpu_seconds", ["term": term],
                exporter.scrapes.map { Sample(time: $0, value: Double($0 - exporter.life(at: $0)) / 1000 * rate) })
        }
        #expect(Recording(exporter.selves() + series).cpus == 4)
        #expect(Recording(exporter.selves()).cpus == nil)
        let listed = (0..<6).map {
            exporter.make("kepler_node_cpu_info", ["processor": "\($0)"], [Sample(time: 0, value: 1)])
        }
        #expect(Recording(exporter.selves() + series + listed).cpus == 6)
    }

    /// An edge is whole milliseconds, and the sample that was forced there a little younger.
    @Test func aForcedSampleAtTheEdgeMakesTheBoundsNarrow() throws {
        var exporter = Self.exporter(1000)
        exporter.isAgent = true
        exporter.scrapes = exporter.scrapes.map { $0 + 1 }
        exporter.age = { _ in 600 }
        let meter = try Self.meter(exporter, [exporter.counter(Self.joules, ebpf("p"), Draw([(-200_000, 20)]))])
        let energy = try #require(meter.findings(in: phase(100_000, 110_000)).pod("p"))
        #expect(energy.value == 200_000_000 && energy.holds(200_000_000))
        #expect(energy.upper == energy.lower)
        // Between two samples, the power that the platform can have narrows what lies on either side of an edge.
        let off = try #require(meter.findings(in: phase(100_010, 110_000)).pod("p"))
        #expect(off.holds(199_800_000) && off.upper - off.lower < 100 * 15_000)
    }

    @Test func gatesOfAnUnscrapedPhaseAreShut() throws {
        let exporter = Self.exporter()
        let meter = try Self.meter(exporter, [exporter.counter(Self.joules, ebpf("p"), Draw([(-200_000, 1)]))])
        let findings = meter.findings(in: phase(500_000, 600_000))
        let gates = Gate.all(of: findings, energy: findings.pod("p"), terms: meter.terms)
        #expect(
            gates.map(\.passed) == [false, false, false]
                && gates.map(\.name) == ["coverage", "largest_gap", "bound_width"])
        #expect(findings.pod("p") == Estimate(0, from: 0, to: 10_000_000_000))
        #expect(findings.notes.contains { $0.contains("does not reach") })
    }

    /// Nothing that a recording can hold may trap.
    @Test func anyNumberIsMetered() throws {
        var random = SplitMix64(seed: 11)
        let values = [0, -1, .nan, .infinity, -.infinity, 1e300, 4.6e18, 1e-300, .greatestFiniteMagnitude, 18e12]
        let times: [Int64] = [.min, .min + 1, -5_000_000_000_000_000, -1, 0, 1, 1_700_000_000_000, .max - 1, .max]
        let names = [
            "up", "process_start_time_seconds", "brahe_sample_timestamp_seconds", Self.joules,
            "kepler_node_package_joules_total", "brahe_zone_joules_total", "container_memory_rss",
            "container_cpu_usage_seconds_total", "kepler_pod_cpu_joules_total", "kepler_node_cpu_joules_total",
            "pod_curr_energy_in_pkg_millijoule", "kepler_container_bpf_cpu_time_ms_total", "brahe_cgroup_joules_total",
        ]
        for _ in 0..<400 {
            var recording = Recording()
            for name in names where random.once(in: 2) {
                for label in ["a", "retired", ""] {
                    let chosen = times.filter { _ in random.once(in: 2) } + (0..<random.int(0...5)).map { $0 * 1000 }
                    let samples = chosen.sorted().map { time in
                        Sample(
                            time: time,
                            value: random.once(in: 2)
                                ? values[Int(random.int(0...Int64(values.count - 1)))]
                                : Double(random.int(0...1_000_000)))
                    }
                    recording.append(
                        samples,
                        to: Scrape.Identity(
                            name: name,
                            labels: [
                                "instance": "i", "container_id": label, "pod_name": label, "pod_id": label,
                                "zone": "package", "container": "c", "mode": "idle", "path": label,
                            ]))
                }
            }
            for generation in [nil] + Generation.allCases {
                let terms = Terms(platformMaxWatts: 1e300, generation: generation, rawRangeJoules: ["package": .nan])
                guard let meter = try? Meter(recording, terms: terms) else { continue }
                for (start, end) in [(-5, 5000), (.min / 4, .max / 4), (1, 2)] as [(Int64, Int64)] {
                    let findings = meter.findings(in: phase(start, end))
                    #expect(
                        findings.uses.allSatisfy {
                            $0.energy.map { $0.lower <= $0.value && $0.value <= $0.upper } ?? true
                        })
                    _ = meter.curve(
                        of: { _ in true }, from: Moment(milliseconds: start), to: Moment(milliseconds: end))
                    _ = Gate.all(of: findings, energy: findings.uses.first?.energy, terms: terms)
                }
            }
        }
    }
}

import Documents
import Metering
import Samples
import Testing

/// Laws over random nodes: what was used is known to the microjoule, and every estimate must hold it.
@Suite struct LawTests {
    private static let limit = 250.0
    private static let terms = Terms(platformMaxWatts: limit, cpus: 16)
    private static let phases = 6

    /// Something that ran on a node.
    private struct Runner {
        let name: String
        let birth: Int64
        let death: Int64
        let draw: Draw
        /// How long our agent waits for its name before it shows it, with all it has used.
        let wait: Int64
        var isThere: (Int64) -> Bool { { birth < $0 && $0 < death } }
    }

    /// A node with a random history of 200 s, which begins and ends outside of what was recorded.
    private struct History {
        var exporter = Exporter()
        var runners: [Runner] = []
        var node = Draw([])

        init(_ random: inout SplitMix64, isAgent: Bool) {
            let interval = random.int(1...15) * 1000
            let first = random.int(0...interval)
            exporter.isAgent = isAgent
            exporter.scrapes = Exporter.times(every: interval, from: first, to: 200_000)
            for scrape in exporter.scrapes where random.once(in: 12) { exporter.failures.insert(scrape) }
            while random.once(in: 2) { exporter.lives.append(random.int(1...199_999)) }
            exporter.lives.sort()
            if isAgent {
                let oldest = random.int(0...2000)
                exporter.age = { ($0 &* 7919) % (oldest + 1) * 1000 }
            }
            var edges: Set<Int64> = [-100_000]
            for index in 0..<random.int(1...6) {
                let birth = random.once(in: 2) ? -100_000 : random.int(0...199_000)
                let death = random.once(in: 2) ? .max : birth + random.int(1...120_000)
                var steps = [(from: birth, watts: random.int(0...30))]
                while let last = steps.last, last.from + 30_000 < min(death, 200_000) {
                    steps.append((last.from + random.int(1...40_000), random.int(0...30)))
                }
                steps.removeAll { $0.from >= death }
                if death < .max { steps.append((death, 0)) }
                edges.formUnion(steps.map(\.from))
                runners.append(
                    Runner(
                        name: "pod-\(index)", birth: birth, death: death, draw: Draw(steps),
                        wait: random.int(0...10_000)))
            }
            let idle = random.int(0...60)
            let times = edges.sorted()
            node = Draw(
                times.map { time in
                    (time, idle + runners.reduce(0) { $0 + $1.draw.energy(from: time, to: time + 1) / 1000 })
                })
        }

        /// Kepler 0.9's page, or our agent's: the same families.
        func second(_ random: inout SplitMix64) -> [Series] {
            var series = exporter.selves()
            series.append(
                exporter.counter(
                    "kepler_node_package_joules_total", ["exported_instance": "n1", "package": "0", "mode": "dynamic"],
                    node))
            for runner in runners {
                series.append(
                    exporter.counter(
                        "kepler_container_joules_total", ebpf(runner.name), runner.draw, from: runner.birth,
                        shown: { scrape in
                            // Our agent keeps what has ended in its life, and for longer than this history.
                            guard exporter.isAgent else { return runner.isThere(scrape) }
                            let time = scrape - exporter.age(scrape) / 1000
                            return runner.birth + runner.wait < time && exporter.life(at: scrape) < runner.death
                        }))
            }
            return series.filter { !$0.samples.isEmpty }.map { noisy($0, &random) }
        }

        /// Kepler 0.11's: the register of the node, pods in two states, one scrape of the second.
        func third(_ random: inout SplitMix64, range: Int64) -> [Series] {
            var series = exporter.selves()
            let offset = random.int(0...range - 1)
            let register = exporter.successes.map { scrape in
                let raw = (node.energy(until: scrape * 1000) + offset) % range
                return Sample(time: scrape, value: Double(raw) / 1_000_000)
            }
            series.append(
                exporter.make(
                    "kepler_node_cpu_joules_total", ["node_name": "n1", "zone": "package", "path": "/sys/0"], register))
            for runner in runners {
                let last = exporter.successes.first { $0 >= runner.death && exporter.life(at: $0) < runner.death }
                for (state, shown) in [
                    ("running", runner.isThere), ("terminated", { $0 == last && runner.birth < $0 }),
                ] as [(String, (Int64) -> Bool)] {
                    let labels = [
                        "node_name": "n1", "zone": "package", "state": state, "pod_id": runner.name,
                        "pod_name": runner.name, "pod_namespace": "app",
                    ]
                    series.append(
                        exporter.counter(
                            "kepler_pod_cpu_joules_total", labels, runner.draw, from: runner.birth, shown: shown))
                }
            }
            return series.filter { !$0.samples.isEmpty }.map { noisy($0, &random) }
        }

        /// What a stored series may have besides: samples that are no numbers.
        private func noisy(_ series: Series, _ random: inout SplitMix64) -> Series {
            guard random.once(in: 3), let last = series.samples.last else { return series }
            var noisy = series
            noisy.samples.append(Sample(time: last.time + 1, value: .nan))
            return noisy
        }
    }

    private func check(_ recording: Recording, _ terms: Terms, _ history: History, _ random: inout SplitMix64) throws {
        let meter = try Meter(recording, terms: terms)
        for _ in 0..<Self.phases {
            let start = random.int(-5000...190_000)
            let end = start + random.int(1...max(205_000 - start, 2))
            let findings = meter.findings(in: phase(start, end))
            let node = try #require(findings.use(.node, ["node": "n1"])?.energy)
            let drawn = history.node.energy(from: start, to: end)
            #expect(node.holds(drawn), "the node from \(start) to \(end): \(drawn) in \(node)")
            var sum: Int64 = 0
            var isWhole = true
            for runner in history.runners {
                let drawn = runner.draw.energy(from: start, to: end)
                guard let pod = findings.pod(runner.name) else {
                    // Nobody saw it, so nobody can tell.
                    isWhole = false
                    continue
                }
                sum += drawn
                #expect(pod.holds(drawn), "\(runner.name) from \(start) to \(end): \(drawn) in \(pod)")
            }
            if sum > 0 || isWhole, let space = findings.use(.namespace, ["namespace": "app"])?.energy {
                #expect(space.holds(sum), "all from \(start) to \(end): \(sum) in \(space)")
            }
            let middle = random.int(start + 1...max(end - 1, start + 1))
            guard middle < end else { continue }
            let halves = [meter.findings(in: phase(start, middle)), meter.findings(in: phase(middle, end))]
            for use in findings.uses {
                let parts = halves.compactMap { $0.use(use.level, use.labels)?.energy?.value }
                #expect(parts.reduce(0, +) == use.energy?.value, "\(use.labels) of \(start), \(middle), \(end)")
            }
            let curve = meter.curve(
                of: { $0.level == .node }, from: Moment(milliseconds: start), to: Moment(milliseconds: end))
            #expect(curve.energies.count == max(curve.times.count - 1, 0) && curve.total <= node.value)
        }
    }

    @Test(arguments: 0..<4) func whatWasUsedIsWithinTheBounds(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<250 {
            let history = History(&random, isAgent: random.once(in: 3))
            guard history.exporter.successes.count > 1 else { continue }
            let series = history.second(&random)
            try check(Recording(series), Self.terms, history, &random)
        }
    }

    @Test(arguments: 4..<8) func whatWasUsedIsWithinTheBoundsOfTheCurrentGeneration(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<250 {
            let history = History(&random, isAgent: false)
            guard history.exporter.successes.count > 1 else { continue }
            let range: Int64 = 20_000_000_000
            var terms = Self.terms
            if random.once(in: 2) { terms.rawRangeJoules["package"] = Double(range) / 1_000_000 }
            try check(Recording(history.third(&random, range: range)), terms, history, &random)
        }
    }

    @Test func theOrderOfSeriesDoesNotMatter() throws {
        var random = SplitMix64(seed: 8)
        for _ in 0..<100 {
            let history = History(&random, isAgent: false)
            guard history.exporter.successes.count > 1 else { continue }
            let series = history.third(&random, range: 20_000_000_000)
            let one = try Meter(Recording(series), terms: Self.terms).findings(in: phase(20_000, 180_000))
            let other = try Meter(Recording(series.shuffled(using: &random)), terms: Self.terms)
                .findings(in: phase(20_000, 180_000))
            #expect(one == other)
        }
    }
}

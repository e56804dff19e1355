import Documents
import Exposition
import Metering
import Samples
import Testing

/// Who is who: labels that come and go, names that lie, and what is no container.
@Suite struct ConsumerTests {
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

    /// The terminated series opens with all that the running one had, and both may be in one scrape.
    @Test func aStateThatFlipsCountsOnce() throws {
        let exporter = Self.exporter()
        let draw = Draw([(-200_000, 10), (150_000, 0)])
        let labels = ["node_name": "n1", "pod_id": "u", "pod_name": "p", "pod_namespace": "app", "zone": "package"]
        let series = [("running", { $0 <= 150_000 }), ("terminated", { (150_000...155_000).contains($0) })].map {
            (state: String, shown: @escaping (Int64) -> Bool) in
            exporter.counter(
                "kepler_pod_cpu_joules_total", labels.merging(["state": state]) { $1 }, draw, shown: shown)
        }
        let energy = try #require(try findings(exporter.selves() + series).pod("p"))
        #expect(energy == Estimate(900_000_000, from: 900_000_000, to: 900_000_000), "what is terminated is whole")
    }

    /// The exporter's pod was replaced: another address, another life, the same node and the same containers.
    @Test func anExporterUnderANewAddressIsTheSameNode() throws {
        var (old, new) = (Self.exporter(), Self.exporter("10.0.0.9:9102"))
        old.target["pod"] = "kepler-abcde"
        new.target["pod"] = "kepler-fghij"
        old.scrapes = old.scrapes.filter { $0 <= 120_000 }
        new.scrapes = new.scrapes.filter { $0 > 120_000 }
        new.lives = [121_000]
        let draw = Draw([(-200_000, 10)])
        let series = [old, new].flatMap { exporter in
            exporter.selves() + [
                exporter.counter(Self.joules, ebpf("p"), draw),
                exporter.counter(
                    "kepler_node_package_joules_total", ["exported_instance": "n1", "package": "0", "mode": "dynamic"],
                    draw),
                exporter.counter(
                    Self.joules,
                    ebpf("system_processes", "system_processes", "system").merging(
                        ["container_id": "system_processes"]) { $1 }, Draw([(-200_000, 0)])),
            ]
        }
        let found = try findings(series)
        #expect(found.uses.filter { $0.level == .node }.count == 1)
        #expect(found.uses.filter { $0.level == .pod }.count == 1)
        let energy = try #require(found.pod("p"))
        #expect(energy.value == 1_790_000_000 && energy.holds(1_800_000_000), "one second lies before its new life")
        #expect(found.quality.resets == 3 && found.notes.filter { $0.contains("began anew") }.count == 1)
        #expect(found.quality.coverage == 1)
    }

    /// One exporter asked by two jobs is still one.
    @Test func twoJobsOfOneExporterCountOnce() throws {
        var (one, other) = (Self.exporter(), Self.exporter())
        other.target["job"] = "again"
        other.scrapes = other.scrapes.map { $0 + 1234 }
        one.lives = [-100_000, 130_000]
        other.lives = one.lives
        let draw = Draw([(-200_000, 10)])
        let found = try findings(
            [one, other].flatMap { $0.selves() + [$0.counter(Self.joules, ebpf("p"), draw)] })
        let energy = try #require(found.pod("p"))
        #expect(energy.holds(1_800_000_000) && energy.error(1_800_000_000) < 0.03 && found.quality.resets == 1)
    }

    @Test func twoNodesAreTwo() throws {
        let series = ["a", "b"].flatMap { node in
            let exporter = Self.exporter("\(node):1")
            return exporter.selves() + [
                exporter.counter(
                    "kepler_node_package_joules_total", ["exported_instance": node, "package": "0", "mode": "dynamic"],
                    Draw([(-200_000, 50)])),
                exporter.counter(Self.joules, ebpf("web-\(node)"), Draw([(-200_000, 10)])),
                exporter.counter(
                    Self.joules,
                    ["container_id": "kernel_processes", "pod_name": "kernel_processes", "mode": "dynamic"],
                    Draw([(-200_000, 2)])),
            ]
        }
        let found = try findings(series)
        #expect(found.uses.filter { $0.level == .node }.map(\.energy?.value) == [9_000_000_000, 9_000_000_000])
        #expect(found.use(.pod, ["pod": "web-b", "node": "b"])?.energy?.value == 1_800_000_000)
        #expect(found.uses.filter { $0.level == .cgroup }.compactMap { $0.labels["node"] }.sorted() == ["a", "b"])
        #expect(found.use(.namespace, ["namespace": "app"])?.energy?.value == 3_600_000_000)
        #expect(found.quality.expected == 72)
    }

    /// Without `up`, other series tell when the exporter was asked.
    @Test func withoutUpOtherSeriesTellWhenItWasAsked() throws {
        let exporter = Self.exporter()
        let (birth, draw) = (100_000 as Int64, Draw([(100_000, 10)]))
        let found = try findings([
            exporter.counter(Self.joules, ebpf("other"), Draw([(0, 1)])),
            exporter.counter(Self.joules, ebpf("p"), draw, from: birth) { $0 > birth },
        ])
        #expect(found.pod("p")?.value == 1_400_000_000 && found.quality.births == 1)
        // What begins with the recording was not born then.
        #expect(found.pod("other")?.value == 180_000_000)
    }

    /// What is away for some scrapes may come back as another that has grown beyond it.
    @Test func whatComesBackMayHaveBegunAnew() throws {
        let exporter = Self.exporter()
        let draw = Draw([(-10_000, 10), (80_000, 40), (90_000, 0), (95_000, 30)])
        let samples = exporter.scrapes.filter { $0 < 80_000 || $0 >= 150_000 }.map { scrape in
            let since: Int64 = scrape < 80_000 ? -10_000 : 95_000
            return Sample(time: scrape, value: Double(draw.energy(from: since, to: scrape)) / 1_000_000)
        }
        let other = exporter.counter(Self.joules, ebpf("other"), Draw([(-10_000, 1)]))
        let found = try findings(exporter.selves() + [other, exporter.make(Self.joules, ebpf("p"), samples)])
        let energy = try #require(found.pod("p"))
        #expect(energy.holds(draw.energy(from: 60_000, to: 240_000)))
    }

    /// A container that its exporter could not name at first, and one that was begun anew within its pod.
    @Test func namesThatAreLearnedLateAreThoseOfTheWholeLife() throws {
        let exporter = Self.exporter()
        let id = ["container_id": "c1"]
        let draw = Draw([(-200_000, 10)])
        let unnamed = ebpf("system_processes", "system_processes", "system").merging(id) { $1 }
        let series =
            exporter.selves() + [
                exporter.counter(Self.joules, unnamed, draw) { $0 < 100_000 },
                exporter.counter(Self.joules, ebpf("p").merging(id) { $1 }, draw) { $0 >= 100_000 && $0 < 150_000 },
                exporter.counter(Self.joules, ebpf("p").merging(["container_id": "c2"]) { $1 }, draw, from: 150_000) {
                    $0 > 150_000
                },
            ]
        for order in [series, series.reversed()] {
            let found = try findings(order)
            #expect(found.uses.filter { $0.level == .container }.map(\.labels["container_id"]) == ["c2"])
            #expect(found.pod("p")?.holds(1_800_000_000) == true && found.pod("p")?.value == 1_750_000_000)
            #expect(found.uses.filter { $0.level == .pod }.count == 1)
        }
    }

    @Test func aRegisterWrapsAtItsRange() throws {
        let exporter = Self.exporter()
        let samples = exporter.scrapes.map { Sample(time: $0, value: Double($0 / 1000 * 50 % 4000)) }
        let labels = ["node_name": "n1", "zone": "package", "path": "/sys/0"]
        let series = exporter.selves() + [exporter.make("kepler_node_cpu_joules_total", labels, samples)]
        var terms = Self.terms
        terms.rawRangeJoules = ["package": 4000]
        let whole = try #require(try findings(series, terms).use(.node, [:])?.energy)
        #expect(whole.value == 9_000_000_000 && whole.lower == whole.upper)
        let found = try findings(series)
        let bounded = try #require(found.use(.node, [:])?.energy)
        #expect(bounded.holds(9_000_000_000) && bounded.value < 9_000_000_000 && found.quality.resets == 3)
    }

    @Test func cAdvisorsPodsAndSandboxesDoNotCountTwice() throws {
        let exporter = Self.exporter()
        let half = Draw([(-200_000, 2)])
        func labels(_ container: String, _ image: String) -> [String: String] {
            [
                "container": container, "image": image, "pod": "p-x7k2p", "namespace": "app",
                "id": "/kubepods/\(container)",
            ]
        }
        var series = exporter.selves()
        for (container, image) in [("main", "app:1"), ("side", "side:1"), ("", ""), ("POD", "pause:3")] {
            series.append(exporter.counter("container_cpu_usage_seconds_total", labels(container, image), half))
        }
        series.append(exporter.counter("container_cpu_usage_seconds_total", ["id": "/"], Draw([(-200_000, 9)])))
        let mega = 1_000_000.0
        for (container, image, values) in [
            ("main", "app:1", [10, 30]), ("side", "side:1", [1, 1]), ("", "", [50, 50]),
        ] as [(String, String, [Double])] {
            let samples = exporter.scrapes.map {
                Sample(time: $0, value: values[$0 < 222_000 ? 0 : 1] * mega)
            }
            series.append(exporter.make("container_memory_rss", labels(container, image), samples))
        }
        let found = try findings(series)
        #expect(found.use(.pod, ["pod": "p-x7k2p"])?.cpu?.value == 4 * 180_000_000)
        #expect(found.use(.workload, ["workload": "p"])?.cpu?.value == 4 * 180_000_000)
        #expect(found.use(.node, [:])?.cpu?.value == 9 * 180_000_000)
        #expect(found.use(.node, [:])?.energy == nil && found.zone == "none")
        let memory = try #require(found.use(.pod, [:])?.memory["container_memory_rss"])
        // 11 MB until 225 s, then 31 MB for a twelfth of the phase.
        #expect(memory.highest == 31 * mega && memory.high == 31 * mega)
        #expect(abs(memory.mean - (11 + 20.0 / 12) * mega) < 1)
    }

    /// 0.9 has the CPU time of a container in milliseconds; the node's is the sum.
    @Test func milliseconds() throws {
        let exporter = Self.exporter()
        let samples = exporter.scrapes.map { Sample(time: $0, value: Double($0) * 1.5) }
        let name = "kepler_container_bpf_cpu_time_ms_total"
        let found = try findings(
            exporter.selves() + [
                exporter.make(name, ebpf("p"), samples),
                exporter.make(name, ["container_id": "kernel_processes", "pod_name": "kernel_processes"], samples),
            ])
        #expect(found.pod("p") == nil && found.use(.pod, [:])?.cpu?.value == 270_000_000)
        #expect(found.use(.node, [:])?.cpu?.value == 540_000_000)
        #expect(found.notes.contains("no energy was recorded"))
    }

    @Test func whatRunsOnANodeCannotUseMoreThanTheNode() throws {
        let exporter = Self.exporter()
        let series =
            exporter.selves() + [
                exporter.counter(
                    "kepler_node_package_joules_total", ["exported_instance": "n1", "package": "0", "mode": "dynamic"],
                    Draw([(-200_000, 10)])),
                exporter.counter(Self.joules, ebpf("p"), Draw([(-200_000, 11)])),
            ]
        #expect(try findings(series).notes.contains { $0.contains("charged") })
        #expect(try findings(series.dropLast()).notes.isEmpty)
    }

    @Test(arguments: [0, 1]) func aCounterOfANodeThatStandsStillIsNamed(_ watts: Int64) throws {
        let exporter = Self.exporter()
        let labels = ["exported_instance": "n1", "package": "0", "mode": "dynamic"]
        let node = exporter.counter("kepler_node_package_joules_total", labels, Draw([(-200_000, watts)]))
        let notes = try findings(exporter.selves() + [node]).notes
        #expect(notes.contains { $0.contains("of n1 did not move") } == (watts == 0), "\(notes)")
    }

    @Test(arguments: [
        ("helm-controller-9b6bb4f68-k2vp7", "helm-controller"), ("falco-x7k2p", "falco"),
        ("prometheus-k8s-0", "prometheus-k8s"),
        ("redis-cache", "redis-cache"), ("kube-apiserver-n1", "kube-apiserver"), ("backup-28391040-w9xkz", "backup"),
        ("plain", "plain"), ("-", "-"), ("a-10", "a"),
    ]) func workloadsAreGuessed(pod: String, workload: String) throws {
        let exporter = Self.exporter("n1")
        let found = try findings(exporter.selves() + [exporter.counter(Self.joules, ebpf(pod), Draw([(-200_000, 1)]))])
        #expect(found.use(.workload, [:])?.labels == ["namespace": "app", "workload": workload])
        var terms = Self.terms
        terms.workloads = ["app/\(pod)": "known"]
        let known = try findings(
            exporter.selves() + [exporter.counter(Self.joules, ebpf(pod), Draw([(-200_000, 1)]))], terms)
        #expect(known.use(.workload, [:])?.labels["workload"] == "known")
    }
}

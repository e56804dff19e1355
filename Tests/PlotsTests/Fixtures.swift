import Documents
import Results

@testable import Plots

/// Documents as a run and a comparison would make them, always the same.
enum Fixtures {
    static let start = 1_795_248_300.0  // 2026-11-21T08:05:00Z
    static let hostile = "evil/<script>alert(\"1\")</script>|`x`\u{202E}&*_\u{1B}[31m"

    static func time(_ seconds: Double) -> String {
        Moment(milliseconds: Int64((start + seconds) * 1000)).description
    }

    /// Succeeded: three windows, 18 pods with a hostile one, SCI with slices, a gap, warnings.
    static func rich() -> RunDocument {
        var document = RunDocument(
            runId: "20261121T080000Z-falco-modern-ebpf-0.41.1-01", status: .succeeded)
        document.cncfProject = .init(
            name: "falco", org: "falcosecurity", config: "modern-ebpf", version: "0.41.1")
        document.benchmark = [
            "workflow_name": "falco", "duration_s": 900, "warmup_s": 60,
            "manifest_url": "https://example.org/falco/benchmark.yaml",
            "manifest_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        ]
        document.trigger = ["kind": "schedule", "ref": "0.2.0", "github_run_id": .null]
        document.startTime = time(0)
        document.endTime = time(900)
        document.windows = [
            .init(name: "baseline", start: time(-780), end: time(-480)),
            .init(name: "idle", start: time(-330), end: time(-90)),
            .init(name: "run", start: time(0), end: time(900)),
        ]
        document.meta = [
            "pipeline_version": "0.5.0", "kubernetes_version": "1.33.1", "kepler_version": .null,
            "nodes": [["name": "worker-1", "cpu": "AMD EPYC 7B13", "cores": 64, "kernel": "6.18.0", "turbo": true]],
            "images": [
                ["name": "falcosecurity/falco", "tag": "0.41.1", "digest": "sha256:0a1b2c3d4e5f60718293a4b5c6d7e8f90"]
            ],
        ]
        document.provenance = [
            "host": "ci-runner-7", "command": ["brahe", "run", "--project", "falco"],
            "files": [
                ["path": "rendered.yaml", "sha256": "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"]
            ],
        ]
        document.collection = collection(gates: [
            .init(name: "coverage", value: 0.984, limit: 0.95, passed: true),
            .init(name: "largest_gap", value: 45, limit: 45, passed: true),
            .init(name: "bound_width", value: 0.0067, limit: 0.05, passed: true),
        ])
        document.results = results()
        return document
    }

    static func collection(gates: [CollectionEntry.Gate], estimate: Bool = false) -> CollectionEntry {
        CollectionEntry(
            mode: "prometheus", endpoint: "http://prometheus.monitoring:9090/prom", serverVersion: "2.42.0",
            generation: estimate ? "kepler 0.3" : "kepler 0.4 to 0.9", estimate: estimate, scrapeIntervalS: 15,
            coverage: 0.984, maxGapS: 45, resets: 1, births: 3, deaths: 2, interpolated: 0.0133, gates: gates,
            warnings: [
                "the sum of all pods is 1.3 % above the node: pods 70 120 J, node 69 220 J.",
                "pod \(hostile) was seen for 20 s only.",
            ])
    }

    static func energy(_ joules: Double, peak: Double?, net: [(String, Double)] = []) -> EnergyEntry {
        EnergyEntry(
            grossJ: joules, lowerJ: joules * 0.9965, upperJ: joules * 1.0032, wattHours: joules / 3600,
            kilowattHours: joules / 3.6e6, meanW: joules / 900, peakW: peak,
            net: net.map { window, watts in
                .init(
                    window: window, powerW: watts, powerSdW: watts * 0.008, netJ: joules - watts * 900,
                    uncertaintyJ: watts * 900 * 0.016)
            })
    }

    static func results() -> ResultsEntry {
        let project = energy(7867.5075, peak: 14.26, net: [("idle", 2.135)])
        var scopes = [
            ScopeEntry(
                scope: "project", pods: ["benchmark/falco-x7k2p"], unseen: [], energy: project, cpuS: 412.7,
                cpuLowerS: 410.1, cpuUpperS: 415.2),
            ScopeEntry(
                scope: "workload", pods: ["benchmark/redis-0", "benchmark/stress-abc"],
                unseen: ["benchmark/stress-abc"], energy: energy(21_350, peak: 31), cpuS: 1024, cpuLowerS: 1019,
                cpuUpperS: 1031),
            ScopeEntry(
                scope: "namespace", pods: [], unseen: [], energy: energy(29_217.5, peak: 44), cpuS: 1436.7,
                cpuLowerS: nil, cpuUpperS: nil),
        ]
        scopes.append(
            ScopeEntry(
                scope: "node", pods: [], unseen: [],
                energy: energy(71_220, peak: 96.4, net: [("baseline", 41.3), ("idle", 44.02)]), cpuS: 2871.25,
                cpuLowerS: 2860, cpuUpperS: 2882))
        return ResultsEntry(
            zone: "package+dram", primary: "project", platformMaxW: 350, metrics: metrics(), energy: project,
            scopes: scopes, consumers: consumers(), power: power(), sci: sci())
    }

    static func metrics() -> [ResultsEntry.Metric] {
        [
            .init(
                name: "container_cpu_usage_seconds_total", value: 412.7, unit: "s", lower: 410.1, upper: 415.2,
                scope: "project", aggregation: "increase",
                query: "container_cpu_usage_seconds_total{pod=~\"falco-.*\"}",
                series: 3),
            .init(
                name: "container_memory_rss", value: 268_435_456, unit: "bytes", scope: "project", aggregation: "mean",
                query: "container_memory_rss", series: 3),
            .init(
                name: "container_memory_working_set_bytes", value: 312_475_648, unit: "bytes", scope: "project",
                aggregation: "max", query: "container_memory_working_set_bytes", series: 3),
            .init(
                name: "kepler_container_joules_total", value: 7867.5075, unit: "J", lower: 7840.1, upper: 7893,
                scope: "project", aggregation: "increase", query: "kepler_container_joules_total", series: 3),
            .init(
                name: "falco_events_per_second", value: nil, reason: "the query has no series", unit: "1/s",
                scope: "project", aggregation: "mean", query: "rate(falco_events_total[1m])", series: 0),
        ]
    }

    static func consumers() -> [ConsumerEntry] {
        var consumers: [ConsumerEntry] = []
        func add(_ level: String, _ labels: [String: String], _ joules: Double?, cpu: Double) {
            var entry = ConsumerEntry(level: level, labels: labels)
            entry.joules = joules
            entry.lowerJ = joules.map { $0 * 0.982 }
            entry.upperJ = joules.map { $0 * 1.021 + 30 }
            entry.meanW = joules.map { $0 / 900 }
            entry.share = joules.map { $0 / 71_220 }
            entry.cpuS = cpu
            entry.cpuLowerS = cpu * 0.99
            entry.cpuUpperS = cpu * 1.01
            consumers.append(entry)
        }
        add("node", ["node": "worker-1"], 71_220, cpu: 2871.25)
        for (name, joules) in [("benchmark", 29_217.5), ("monitoring", 6120.0), ("kube-system", 2411.0)] {
            add("namespace", ["namespace": name], joules, cpu: joules / 20)
        }
        let names = [
            "redis-0", "falco-x7k2p", "prometheus-k8s-0",
            "a-pod-with-a-name-that-is-much-longer-than-any-column-of-a-table-on-a-phone-7f9c6d5b4-x2zlq",
            "kepler-exporter-4kd2m", "coredns-5d78c9869d-qtz8r", "kube-proxy-hh2vl", "grafana-6c5b5c5b5c-m2v8x",
            "alertmanager-main-0", "node-exporter-7tq5n", "metrics-server-6d684c7b5-zk2sj", "source-controller-0",
            "kustomize-controller-0", "helm-controller-0", "notification-controller-0", "stress-abc", "tiny-1",
        ]
        for (place, name) in names.enumerated() {
            let joules = [21_350, 7867.5, 4120, 1961.4, 1012, 640, 512, 377, 260, 181, 95, 61, 44, 31, 12, 3.2, 0.018][
                place]
            add(
                "pod", ["namespace": place < 2 || place == 15 ? "benchmark" : "kube-system", "pod": name], joules,
                cpu: joules / 21)
        }
        add("pod", ["namespace": "default", "pod": hostile], 96, cpu: 4)
        add("container", ["namespace": "benchmark", "pod": "falco-x7k2p", "container": "falco"], 7012.25, cpu: 371)
        add("container", ["namespace": "benchmark", "pod": "falco-x7k2p", "container": "falcoctl"], 855.25, cpu: 41.7)
        add("cgroup", ["path": "/system.slice/containerd.service"], nil, cpu: 97.5)
        return consumers
    }

    /// Three series over 30 minutes; one scrape of 45 s is missing.
    static func power() -> [PowerEntry] {
        var random = SplitMix64(seed: 5)
        let times = stride(from: -780.0, through: 900, by: 15).map { start + $0 }
        func entry(_ name: String, _ level: (Double) -> Double?) -> PowerEntry {
            PowerEntry(
                name: name, times: times,
                watts: times.dropLast().map { time in
                    let noise = Double.random(in: 0.94...1.06, using: &random)
                    return (time - start >= 300 && time - start < 345) ? nil : level(time - start).map { $0 * noise }
                })
        }
        return [
            entry("node") { $0 < -450 ? 41.3 : $0 < 0 ? 44 : 80 },
            entry("project") { $0 < -450 ? nil : $0 < 0 ? 2.1 : 8.7 },
            entry("workload") { $0 < -30 ? nil : $0 < 0 ? 12 : 23.7 },
        ]
    }

    static func sci() -> SCIEntry {
        let slices = (0..<3).map { place in
            SCIEntry.EmissionsFactor.Slice(
                start: time(Double(place) * 300), end: time(Double(place + 1) * 300),
                value: [71.2, 78.9, 86.3][place], kWh: 0.000728, estimated: place == 1, fallback: place == 2)
        }
        return SCIEntry(
            components: .init(
                energyConsumption: .init(units: "kWh", value: 0.00218542),
                emissionsFactor: .init(
                    region: "France", value: 78.81, kind: "average", source: "Electricity Maps past-range, zone FR",
                    sourceRevision: "2026-11-21T09:00:00Z", factorType: "lifecycle",
                    fallbackSource: "Ember, yearly, 2026-05", slices: slices),
                embodiedCarbon: .init(
                    value: 3.92409, totalG: 550_000, lifeH: 35_040, share: 1, source: "Dell R640 data sheet, 2019"),
                pue: .init(provider: "Equinix", value: 1.42),
                functionalUnit: .init(name: "benchmark", value: 1, source: "count")),
            operational: .init(units: "gCO2eq", value: 0.24457), units: "gCO2eq per benchmark", value: 4.16866)
    }

    /// Everything was done, but a gate was not kept.
    static func invalid() -> RunDocument {
        var document = rich()
        document.status = .invalid
        document.failure = "coverage 61.2 % is below 95 %, and the largest gap of 120 s is above 45 s"
        document.collection = collection(gates: [
            .init(name: "coverage", value: 0.612, limit: 0.95, passed: false),
            .init(name: "largest_gap", value: 120, limit: 45, passed: false),
            .init(name: "bound_width", value: nil, limit: 0.05, passed: false),
        ])
        return document
    }

    /// It never came to a window.
    static func failed() -> RunDocument {
        var document = RunDocument(
            runId: "20261121T080000Z-falco-kmod-0.41.1-01", status: .failed,
            failure:
                "wait for HelmRelease benchmark/falco: 300 s are over, it says: install retries exhausted\n\(hostile)")
        document.cncfProject = .init(name: "falco", org: "falcosecurity", config: "kmod", version: "0.41.1")
        document.trigger = ["kind": "dispatch"]
        return document
    }

    /// Of the first generation's gauges, of a window that is no run's, without SCI.
    static func estimated() -> RunDocument {
        var document = rich()
        document.runId = "window-20261121T080500Z"
        document.cncfProject = nil
        document.benchmark = .null
        document.trigger = .null
        document.windows = Array(document.windows.suffix(1))
        document.collection = collection(gates: [], estimate: true)
        document.results?.primary = "node"
        document.results?.energy = energy(71_220, peak: nil)
        document.results?.scopes.removeFirst(3)
        document.results?.power.removeLast(2)
        document.results?.sci = nil
        document.results?.metrics = []
        return document
    }

    /// Three arms of six runs, an outlier, and a verdict of each kind.
    static func comparison() -> CompareDocument {
        var random = SplitMix64(seed: 11)
        func summary(_ metric: String, _ unit: String, around mean: Double) -> CompareDocument.Summary {
            var values: [Double?] = (0..<6).map { _ in mean * Double.random(in: 0.985...1.015, using: &random) }
            var outliers = [Bool](repeating: false, count: 6)
            if mean == 8120 {
                values[4] = 9034.2
                outliers[4] = true
            }
            if unit == "gCO2eq" { values[2] = nil }
            let known = values.compactMap { $0 }
            let middle = known.reduce(0, +) / Double(known.count)
            var summary = CompareDocument.Summary(
                metric: metric, unit: unit, values: values, outliers: outliers, n: known.count)
            summary.mean = .init(value: middle, lower: middle * 0.99, upper: middle * 1.01)
            summary.sd = middle * 0.0095
            summary.variation = 0.0095
            summary.median = middle * 0.999
            return summary
        }
        func arm(_ name: String, _ joules: Double, _ grams: Double) -> CompareDocument.Arm {
            CompareDocument.Arm(
                name: name, runs: (1...6).map { "20261121T080000Z-falco-\(name.prefix(12))-0\($0)" },
                summaries: [
                    summary("energy of the project", "J", around: joules), summary("sci", "gCO2eq", around: grams),
                ])
        }
        let arms = [
            arm("modern-ebpf 0.41.0", 7867, 4.16), arm("modern-ebpf 0.41.1", 8120, 4.31), arm(hostile, 7820, 4.155),
        ]
        func comparison(
            _ arm: Int, _ metric: Int, _ verdict: CompareDocument.Verdict, _ reason: String? = nil
        ) -> CompareDocument.Comparison {
            let (base, other) = (arms[0].summaries[metric], arms[arm].summaries[metric])
            var result = CompareDocument.Comparison(
                metric: base.metric, unit: base.unit, baseline: arms[0].name, arm: arms[arm].name, margin: 0.02,
                verdict: verdict)
            let (one, two) = (base.mean?.value ?? 0, other.mean?.value ?? 0)
            result.difference = .init(value: two - one, lower: two - one - one * 0.012, upper: two - one + one * 0.012)
            result.ratio = .init(value: two / one, lower: two / one - 0.012, upper: two / one + 0.012)
            result.effect = .init(value: 1.9, lower: 0.4, upper: 3.3)
            result.adjustedP = verdict == .regression ? 0.0042 : 0.41
            result.equivalenceP = verdict == .equivalent ? 0.011 : 0.6
            result.minimalDetectable = 0.0213
            result.reason = reason
            return result
        }
        var document = CompareDocument(
            arms: arms,
            comparisons: [
                comparison(1, 0, .regression), comparison(2, 0, .equivalent),
                comparison(1, 1, .inconclusive, "the interval holds zero and reaches beyond the margin"),
                comparison(2, 1, .improvement),
            ],
            warnings: ["arm modern-ebpf 0.41.1: its runs were made on another kernel than the others'."])
        document.primary = "energy of the project"
        return document
    }

    /// Nine versions: of one run, of some, of enough that one can be far from the others.
    static func trend() -> Trend {
        var random = SplitMix64(seed: 5)
        let means: KeyValuePairs = [
            "0.38.2": 8302.0, "0.39.0": 8211, "0.39.1": 8190, "0.39.2": 8055, "0.40.0": 7860, "0.41.0": 7912,
            "0.41.1": 7867, "0.41.2": 7851, "0.42.0-rc.1+build.20261121": 7702,
        ]
        let versions = means.enumerated().map { place, version -> Trend.Version in
            let count = [1, 5, 5, 3, 6, 5, 1, 5, 5][place]
            var runs = (0..<count).map { number in
                Trend.Run(
                    id: "20261\(101 + place)T080000Z-falco-\(version.key)-0\(number)",
                    value: version.value * Double.random(in: 0.985...1.015, using: &random))
            }
            if place == 4 { runs[2] = .init(id: runs[2].id, value: 9034.2, outlier: true) }
            let mean = runs.map(\.value).reduce(0, +) / Double(count)
            let reach = place == 4 ? 440.0 : 110
            return .init(
                name: version.key, runs: runs, mean: mean, lower: mean - reach, upper: mean + reach,
                time: time(Double(place) * 86_400))
        }
        return Trend(
            project: "falco", configuration: "modern-ebpf", metric: "energy of the project", unit: "J",
            versions: versions)
    }

    /// The same of two configurations more, one of a single version without an interval, one with a hostile name.
    static func trends() -> [Trend] {
        let hostile = Trend(
            project: "falco", configuration: hostile, metric: "energy of the project", unit: "J",
            versions: [.init(name: hostile, runs: [.init(id: hostile, value: 8100)], mean: 8100)])
        let kmod = Trend(
            project: "falco", configuration: "kmod", metric: "energy of the project", unit: "J",
            versions: trend().versions.suffix(3))
        return [trend(), kmod, hostile]
    }
}

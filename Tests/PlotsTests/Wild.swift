import Documents
import Results

@testable import Plots

/// Documents that no run would make: numbers that are none, lists of any length, names that mean harm.
struct Wild {
    private let numbers: [Double]

    init(_ random: inout SplitMix64) {
        let special = [0, 1, -1, .nan, .infinity, -.infinity, 1e308, -1e308, .leastNonzeroMagnitude, 1e-9]
        // Some documents have one kind of number only.
        numbers =
            Bool.random(using: &random)
            ? special + [3.5, 7867.5, 41.3, 1e6] : [special.randomElement(using: &random) ?? 0]
    }

    func number(_ random: inout SplitMix64) -> Double { numbers.randomElement(using: &random) ?? 0 }
    func maybe(_ random: inout SplitMix64) -> Double? {
        Int.random(in: 0..<4, using: &random) == 0 ? nil : number(&random)
    }
    func name(_ random: inout SplitMix64) -> String {
        let names = [
            "", "a", Fixtures.hostile, "]]>", "--><script>x</script>", "\u{0}\u{FFFE}", "\u{65E5}\u{672C}\u{8A9E}",
            "| --- |\n# x", "run", "node", "project",
        ]
        let base = names.randomElement(using: &random) ?? ""
        return Int.random(in: 0..<6, using: &random) == 0 ? String(repeating: base + "x", count: 40) : base
    }
    func list<Value>(_ most: Int, _ random: inout SplitMix64, _ make: (inout SplitMix64) -> Value) -> [Value] {
        let count = [0, 1, 2, most].randomElement(using: &random) ?? 0
        return (0..<count).map { _ in make(&random) }
    }
    func time(_ random: inout SplitMix64) -> String {
        let times = [
            Fixtures.time(0), Fixtures.time(.random(in: -900...900, using: &random)), "", "yesterday",
            "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
        ]
        return times.randomElement(using: &random) ?? ""
    }

    func run(_ random: inout SplitMix64) -> RunDocument {
        let statuses: [RunDocument.Status] = [.succeeded, .failed, .invalid]
        var run = RunDocument(
            runId: name(&random), status: statuses.randomElement(using: &random) ?? .failed,
            failure: Bool.random(using: &random) ? name(&random) : nil)
        if Bool.random(using: &random) {
            run.cncfProject = .init(
                name: name(&random), org: name(&random), config: name(&random), version: name(&random))
        }
        run.windows = list(30, &random) { .init(name: name(&$0), start: time(&$0), end: time(&$0)) }
        run.startTime = time(&random)
        run.endTime = time(&random)
        run.meta = .object([name(&random): .array([.number(number(&random)), .string(name(&random)), .null])])
        if Bool.random(using: &random) {
            run.collection = CollectionEntry(
                mode: name(&random), endpoint: name(&random), serverVersion: name(&random), generation: name(&random),
                estimate: Bool.random(using: &random), scrapeIntervalS: number(&random), coverage: number(&random),
                maxGapS: number(&random), resets: 1, births: 2, deaths: 3, interpolated: number(&random),
                gates: list(4, &random) {
                    .init(name: name(&$0), value: number(&$0), limit: number(&$0), passed: false)
                }, warnings: list(5, &random, name))
        }
        if Int.random(in: 0..<6, using: &random) > 0 { run.results = results(&random) }
        return run
    }

    private func energy(_ random: inout SplitMix64) -> EnergyEntry {
        EnergyEntry(
            grossJ: number(&random), lowerJ: number(&random), upperJ: number(&random), wattHours: number(&random),
            kilowattHours: number(&random), meanW: number(&random), peakW: maybe(&random),
            net: list(3, &random) {
                .init(
                    window: name(&$0), powerW: number(&$0), powerSdW: number(&$0), netJ: number(&$0),
                    uncertaintyJ: number(&$0))
            })
    }

    private func results(_ random: inout SplitMix64) -> ResultsEntry {
        ResultsEntry(
            zone: name(&random), primary: name(&random), platformMaxW: number(&random),
            metrics: list(9, &random) {
                .init(
                    name: name(&$0), value: maybe(&$0), reason: name(&$0), unit: name(&$0), lower: maybe(&$0),
                    upper: maybe(&$0), scope: name(&$0), aggregation: name(&$0))
            }, energy: Bool.random(using: &random) ? energy(&random) : nil,
            scopes: list(5, &random) {
                ScopeEntry(
                    scope: name(&$0), pods: [name(&$0)], unseen: [name(&$0)], energy: energy(&$0), cpuS: maybe(&$0),
                    cpuLowerS: maybe(&$0), cpuUpperS: maybe(&$0))
            },
            consumers: list(60, &random) {
                var consumer = ConsumerEntry(
                    level: ["pod", "pod", "container", "node", name(&$0)].randomElement(using: &$0) ?? "pod",
                    labels: ["namespace": name(&$0), "pod": name(&$0)])
                consumer.joules = maybe(&$0)
                consumer.lowerJ = maybe(&$0)
                consumer.upperJ = maybe(&$0)
                consumer.share = maybe(&$0)
                return consumer
            },
            power: list(12, &random) {
                PowerEntry(
                    name: name(&$0),
                    times: list(200, &$0) {
                        Bool.random(using: &$0) ? number(&$0) : Fixtures.start + .random(in: -99...99, using: &$0)
                    }.sorted(),
                    watts: list(200, &$0, maybe))
            }, sci: nil)
    }

    func comparison(_ random: inout SplitMix64) -> CompareDocument {
        func interval(_ random: inout SplitMix64) -> CompareDocument.Interval {
            .init(value: number(&random), lower: number(&random), upper: number(&random))
        }
        let metrics = list(3, &random, name)
        let arms = list(8, &random) { random in
            CompareDocument.Arm(
                name: name(&random), runs: [],
                summaries: metrics.map { metric in
                    var summary = CompareDocument.Summary(
                        metric: metric, unit: "J", values: list(12, &random, maybe),
                        outliers: list(5, &random) { _ in true }, n: 2)
                    summary.mean = Bool.random(using: &random) ? interval(&random) : nil
                    return summary
                })
        }
        let comparisons = arms.dropFirst().flatMap { arm in
            metrics.map { metric in
                var comparison = CompareDocument.Comparison(
                    metric: metric, unit: "J", baseline: arms[0].name, arm: arm.name, margin: number(&random),
                    verdict: .inconclusive)
                comparison.difference = Bool.random(using: &random) ? interval(&random) : nil
                comparison.ratio = Bool.random(using: &random) ? interval(&random) : nil
                comparison.adjustedP = maybe(&random)
                return comparison
            }
        }
        return CompareDocument(arms: arms, comparisons: comparisons, warnings: list(2, &random, name))
    }

    func trend(_ random: inout SplitMix64) -> Trend {
        Trend(
            project: name(&random), configuration: name(&random), metric: name(&random), unit: "J",
            versions: list(60, &random) {
                .init(
                    name: name(&$0),
                    runs: list(4, &$0) {
                        .init(id: name(&$0), value: number(&$0), outlier: Bool.random(using: &$0))
                    },
                    mean: number(&$0), lower: maybe(&$0), upper: maybe(&$0), time: time(&$0))
            })
    }
}

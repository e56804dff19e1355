import Documents
import Results
import Testing

@Suite struct ComparingTests {
    private var settings: Comparing.Settings {
        var settings = Comparing.Settings()
        settings.repetitions = 300
        return settings
    }

    private func arm(
        _ name: String, _ joules: [Double], _ simulation: inout SimulatedRuns,
        change: (inout RunDocument) -> Void = { _ in }
    ) -> Comparing.Arm {
        Comparing.Arm(name, runs: joules.map { ComparedRun(simulation.document(joules: $0, change: change)) })
    }

    @Test func moreIsARegressionAndLessAnImprovementOfTheFirstArm() throws {
        var simulation = SimulatedRuns(seed: 1)
        let base = [100.0, 101, 99, 100.5, 99.5]
        let arms = [
            arm("base", base, &simulation), arm("worse", base.map { $0 * 1.1 }, &simulation),
            arm("better", base.map { $0 * 0.9 }, &simulation), arm("same", base.map { $0 + 0.01 }, &simulation),
            arm("unclear", [90, 95, 100, 105, 111], &simulation),
        ]
        let document = try Comparing.document(of: arms, settings)
        #expect(document.primary == "energy")
        let verdicts = document.comparisons.filter { $0.metric == "energy" }.map(\.verdict)
        #expect(verdicts == [.regression, .improvement, .equivalent, .inconclusive])
        let worse = document.comparisons[0]
        #expect(worse.difference?.value == 10)
        #expect(abs((worse.ratio?.value ?? 0) - 1.1) < 1e-9)
        // Four comparisons of the primary metric are the family; this one's p is the second smallest or the smallest.
        #expect((3...4).contains((worse.adjustedP ?? 0) / (worse.welchP ?? 1) + 1e-9))
        #expect(document.comparisons.allSatisfy { $0.reason == nil || $0.verdict == .inconclusive })
        let json = try JSON(exactly: document)
        #expect(try json.value(exactly: CompareDocument.self) == document)
        #expect(try Schema.compare().faults(in: json) == [])
    }

    @Test func threeRunsGiveNumbersAndNoVerdict() throws {
        var simulation = SimulatedRuns(seed: 1)
        let arms = [arm("a", [100, 101, 99, 100], &simulation), arm("b", [200, 201, 199], &simulation)]
        let comparison = try Comparing.document(of: arms, settings).comparisons[0]
        #expect(comparison.verdict == .inconclusive)
        #expect(comparison.reason == "a verdict wants 4 runs an arm, and b has 3")
        #expect(comparison.difference?.value == 100)
        #expect(comparison.adjustedP == nil)
    }

    @Test func aRunThatFailedIsNamedAndCountsOnlyIfAsked() throws {
        var simulation = SimulatedRuns(seed: 1)
        var second = arm("b", [100, 101, 99, 100], &simulation)
        second.runs.append(
            ComparedRun(
                simulation.document(joules: 500) { document in
                    (document.status, document.failure) = (.invalid, "coverage 0.8 is below 0.95")
                }))
        let arms = [arm("a", [100, 101, 99, 100], &simulation), second]
        let without = try Comparing.document(of: arms, settings)
        #expect(without.arms[1].runs.count == 4)
        #expect(without.warnings == ["b: run run-5 does not count: it is invalid: coverage 0.8 is below 0.95"])
        var all = settings
        all.takesAll = true
        let with = try Comparing.document(of: arms, all)
        #expect(with.arms[1].summaries[0].values == [100, 101, 99, 100, 500])
        // Far from the others: flagged, and there.
        #expect(with.arms[1].summaries[0].outliers == [false, false, false, false, true])
        #expect(
            with.warnings == ["b: run run-5 counts, as was asked for, though it is invalid: coverage 0.8 is below 0.95"]
        )
    }

    @Test func otherCircumstancesAreNamed() throws {
        var simulation = SimulatedRuns(seed: 1)
        let arms = [
            arm("a", [100, 101, 99, 100], &simulation) { $0.meta = ["nodes": [["name": "one"]]] },
            arm("b", [100, 101, 99, 100], &simulation) { document in
                document.meta = ["nodes": [["name": "two"]]]
                document.results?.zone = "psys"
                document.endTime = "2026-11-21T08:10:00.000Z"
            },
        ]
        #expect(
            try Comparing.document(of: arms, settings).warnings == [
                "zone differs: package+dram in a; psys in b", "node differs: one in a; two in b",
                "the measured windows are not equally long: from 600.0 to 900.0 s",
            ])
    }

    @Test func joulesThatNothingMeasuredAreCalledSo() throws {
        var simulation = SimulatedRuns(seed: 1)
        let sources = ["powercap", "estimator", "estimator+powercap"]
        let arms = sources.map { source in
            arm(source, [100, 101, 99, 100], &simulation) { document in
                document.meta = ["agent": ["version": .string(source)]]
                document.collection = CollectionEntry(
                    mode: "agent", endpoint: "", serverVersion: nil, generation: "kepler 0.10 and later",
                    estimate: false, energySource: source, scrapeIntervalS: 5, coverage: 1, maxGapS: 5, resets: 0,
                    births: 0, deaths: 0, interpolated: 0, gates: [], warnings: [])
            }
        }
        let all = sources.map { "\($0) in \($0)" }.joined(separator: "; ")
        #expect(
            try Comparing.document(of: arms, settings).warnings == [
                "source of energy differs: \(all)", "agent differs: \(all)",
                "joules of estimator, estimator+powercap are an estimate that a model made of CPU time, not a measurement",
            ])
    }

    @Test func whatCannotBeComparedIsRefused() throws {
        var simulation = SimulatedRuns(seed: 1)
        let one = arm("a", [100, 101, 99, 100], &simulation)
        let node = arm("b", [100, 101, 99, 100], &simulation) { $0.results?.primary = "node" }
        #expect(throws: Misread("", "scope differs: project in a; node in b")) {
            try Comparing.document(of: [one, node], settings)
        }
        #expect(throws: Misread("", "a comparison wants at least two arms")) {
            try Comparing.document(of: [one], settings)
        }
        #expect(throws: Misread("b", "run run-1 is there twice; a run counts once")) {
            try Comparing.document(of: [one, Comparing.Arm("b", runs: one.runs)], settings)
        }
        var asked = settings
        asked.metrics = ["speed"]
        let other = arm("b", [100, 101, 99, 100], &simulation)
        #expect(
            throws: Misread("speed", "no run that counts has this metric; they have energy, energy_net, power, cpu")
        ) {
            try Comparing.document(of: [one, other], asked)
        }
    }

    /// Numbers that no run has, and arms that are far larger than usual: an answer or a refusal, and no trap.
    @Test func noNumbersAreTooStrange() throws {
        var simulation = SimulatedRuns(seed: 1)
        let strange: [[Double]] = [
            [1e308, -1e308, 0, .leastNonzeroMagnitude, 1e300], [0, 0, 0, 0], [-1, -2, -3, -4], [1, 1, 1, 1],
            [.nan, .infinity, 1, 2, 3, 4],
        ]
        for first in strange {
            for second in strange {
                let arms = [arm("a", first, &simulation), arm("b", second, &simulation)]
                guard let document = try? Comparing.document(of: arms, settings) else { continue }
                // What JSON could not say would be thrown here.
                _ = try JSON(exactly: document)
            }
        }
        var few = settings
        few.metrics = [ComparedRun.energy]
        let large = ["a", "b"].map { simulation.arm($0, 220, mean: 9000, .normal) }
        let detectable = try #require(Comparing.document(of: large, few).comparisons[0].minimalDetectable)
        #expect((0.004...0.022).contains(detectable))
    }

    @Test func scoresCompareOnlyByOneMethod() throws {
        var simulation = SimulatedRuns(seed: 1)
        func score(_ value: Double, pue: Double) -> SCIEntry {
            SCIEntry(
                components: SCIEntry.Components(
                    energyConsumption: .init(units: "kWh", value: 1),
                    emissionsFactor: .init(
                        region: "FRA", value: 50, kind: "average", source: "Ember", sourceRevision: "2025"),
                    embodiedCarbon: .init(value: 1, totalG: 1, lifeH: 1, share: 1, source: "s"),
                    pue: .init(provider: "p", value: pue),
                    functionalUnit: .init(name: "run", value: 1, source: "count")),
                operational: .init(units: "gCO2eq", value: value), units: "gCO2eq per run", value: value)
        }
        let values = [100.0, 101, 99, 100]
        func scored(_ name: String, pue: Double) -> Comparing.Arm {
            Comparing.Arm(
                name,
                runs: values.map { joules in
                    ComparedRun(simulation.document(joules: joules) { $0.results?.sci = score(joules, pue: pue) })
                })
        }
        let (one, same, other) = (scored("a", pue: 1.2), scored("b", pue: 1.2), scored("c", pue: 1.4))
        #expect(try Comparing.document(of: [one, same], settings).comparisons.map(\.metric).contains("sci"))
        let mixed = try Comparing.document(of: [one, other], settings)
        let reason = "SCI scores compare only by one and the same method: PUE differs: 1.2 in a; 1.4 in c"
        #expect(!mixed.comparisons.map(\.metric).contains("sci"))
        #expect(mixed.warnings == ["sci is not compared; \(reason)"])
        var asked = settings
        asked.metrics = ["sci"]
        #expect(throws: Misread("sci", reason)) { try Comparing.document(of: [one, other], asked) }
    }
}

internal import Statistics

extension CompareDocument.Interval {
    /// Nil where an end is no number that JSON can say.
    init?(_ interval: Interval?) {
        guard let interval, [interval.value, interval.lower, interval.upper].allSatisfy(\.isFinite) else { return nil }
        self.init(value: interval.value, lower: interval.lower, upper: interval.upper)
    }
}

extension Double {
    /// Nil for what JSON cannot say: the squares of very large values are infinite.
    fileprivate var finite: Double? { isFinite ? self : nil }
}

extension Comparing {
    /// One metric of one arm.
    static func summary(
        of arm: Arm, _ metric: ComparedRun.Quantity, resamples: Int
    ) -> CompareDocument.Summary {
        let all = values(arm, metric)
        let values = all.compactMap { $0 }
        var flags = Descriptive.outliers(values)[...]
        var summary = CompareDocument.Summary(
            metric: metric.metric, unit: metric.unit, values: all,
            outliers: all.map { $0 == nil ? false : flags.popFirst() ?? false }, n: values.count)
        summary.mean = .init(Interval.mean(values))
        summary.sd = Descriptive.deviation(values)?.finite
        summary.variation = Descriptive.variation(values)?.finite
        summary.median = Descriptive.median(values)?.finite
        summary.medianInterval = .init(Interval.median(values))
        summary.bootstrap = .init(Bootstrap.mean(values, resamples: resamples))
        return summary
    }

    /// One metric of an arm against the first arm's, without a verdict yet.
    static func compare(
        _ arm: Arm, with baseline: Arm, _ metric: ComparedRun.Quantity, _ settings: Settings
    ) -> CompareDocument.Comparison {
        var comparison = CompareDocument.Comparison(
            metric: metric.metric, unit: metric.unit, baseline: baseline.name, arm: arm.name, margin: settings.margin,
            verdict: .inconclusive)
        let first = values(baseline, metric).compactMap { $0 }
        let second = values(arm, metric).compactMap { $0 }
        if let welch = Welch(first, second) {
            comparison.difference = .init(welch.difference())
            comparison.ratio = .init(welch.ratio())
            comparison.shift = MannWhitney.shift(first, second)?.finite
            comparison.effect = .init(Effect.hedges(first, second))
            comparison.welchP = welch.p.finite
            comparison.mannWhitneyP = MannWhitney(first, second).p.finite
            comparison.equivalenceP = welch.equivalence(margin: settings.margin).finite
        }
        let few = [(baseline.name, first.count), (arm.name, second.count)].filter { $0.1 < leastRuns }
        if !few.isEmpty {
            let counts = few.map { "\($0.0) has \($0.1)" }.joined(separator: " and ")
            comparison.reason = "a verdict wants \(leastRuns) runs an arm, and \(counts)"
        }
        return comparison
    }

    /// Corrects the probabilities and gives each comparison that has runs enough its verdict.
    static func judge(
        _ comparisons: inout [CompareDocument.Comparison], _ arms: [Arm], primary: String?, _ settings: Settings
    ) {
        for isPrimary in [true, false] {
            let family = comparisons.indices.filter {
                (comparisons[$0].metric == primary) == isPrimary && comparisons[$0].reason == nil
            }
            let adjusted = Holm.adjusted(family.map { comparisons[$0].welchP ?? 1 })
            for (index, p) in zip(family, adjusted) {
                comparisons[index].adjustedP = p
                comparisons[index].minimalDetectable = minimalDetectable(
                    comparisons[index], arms, alpha: alpha / Double(family.count), settings)
                (comparisons[index].verdict, comparisons[index].reason) = verdict(on: comparisons[index])
            }
        }
    }

    private static func verdict(
        on comparison: CompareDocument.Comparison
    ) -> (verdict: CompareDocument.Verdict, reason: String?) {
        guard let difference = comparison.difference?.value, let p = comparison.adjustedP,
            let order = comparison.mannWhitneyP, let equivalence = comparison.equivalenceP
        else { return (.inconclusive, "there is nothing to compare") }
        if equivalence < alpha { return (.equivalent, nil) }
        switch (p < alpha, order < alpha) {
        case (true, true): return (difference > 0 ? .regression : .improvement, nil)
        case (true, false): return (.inconclusive, "the means differ, but the order of the values may be chance")
        case (false, true): return (.inconclusive, "the order of the values is uneven, but the means may be the same")
        case (false, false):
            return (.inconclusive, "the runs vary too much to show a difference, or that there is none")
        }
    }

    /// As a part of the baseline's mean.
    private static func minimalDetectable(
        _ comparison: CompareDocument.Comparison, _ arms: [Arm], alpha: Double, _ settings: Settings
    ) -> Double? {
        func values(_ name: String) -> [Double] {
            let quantity = ComparedRun.Quantity(comparison.metric, unit: comparison.unit, value: nil)
            return arms.first { $0.name == name }.map { Self.values($0, quantity).compactMap { $0 } } ?? []
        }
        func group(_ values: [Double]) -> Detectable.Group? {
            Descriptive.deviation(values).map { Detectable.Group(deviation: $0, count: values.count) }
        }
        let (first, second) = (values(comparison.baseline), values(comparison.arm))
        guard let mean = Descriptive.mean(first), mean != 0, let one = group(first), let other = group(second),
            let freedom = Welch(first, second)?.freedom,
            let increase = Detectable.increase(
                of: one, to: other, freedom: freedom, mean: mean, alpha: alpha, agreement: Self.alpha,
                margin: settings.margin,
                repetitions: settings.repetitions)
        else { return nil }
        return (increase / abs(mean)).finite
    }
}

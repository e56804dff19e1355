package import Documents
internal import Statistics

/// Arms of repeated runs set against each other.
///
/// A verdict needs four runs an arm, as with three even the most uneven order of six numbers comes by chance in 10 of
/// 100 cases. A difference is one if Welch's test, corrected by Holm, and the test of Mann and Whitney, which no single
/// strange run can sway, both say so at 0.05. It is a regression or an improvement unless two one-sided tests show
/// that it lies within the margin: then the arms are equivalent.
///
/// Holm corrects over two families: the comparisons of the primary metric, one for each arm after the first, on which the
/// exit code depends; and all others together. In each, of 100 documents about arms that are equal at most 5 have a false
/// difference, and half of these are regressions. Mann and Whitney's p is not corrected: with five runs an arm its least
/// value, 0.008, would forbid a verdict about more than six comparisons.
package enum Comparing {
    package struct Arm: Equatable, Sendable {
        package var name: String
        package var runs: [ComparedRun]

        package init(_ name: String, runs: [ComparedRun]) {
            self.name = name
            self.runs = runs
        }
    }

    package struct Settings: Sendable {
        /// How far apart is still equivalent, as a part of the baseline's mean.
        package var margin = 0.02
        /// Which metrics, the primary one first; all usual ones that the runs have if empty.
        package var metrics: [String] = []
        /// Whether runs count that failed or are invalid.
        package var takesAll = false
        /// How many resamples and how many simulated repetitions; 0 leaves out what needs them.
        package var resamples = 2000
        package var repetitions = 2000

        package init() {}
    }

    /// How many runs an arm needs for a verdict.
    package static let leastRuns = 4
    static let alpha = 0.05

    /// The comparison of each arm with the first one; throws what makes it meaningless: arms that are one and the same,
    /// a metric that no run has, energies of different scopes, scores by different methods.
    package static func document(of all: [Arm], _ settings: Settings = Settings()) throws(Misread) -> CompareDocument {
        guard all.count > 1 else { throw Misread("", "a comparison wants at least two arms") }
        guard settings.margin > 0, settings.margin < 1 else {
            throw Misread("", "a margin of \(settings.margin) is not between 0 and 1")
        }
        var names: Set<String> = []
        var runs: Set<String> = []
        for arm in all {
            guard names.insert(arm.name).inserted else { throw Misread(arm.name, "two arms have this name") }
            for run in arm.runs where !runs.insert(run.id).inserted {
                throw Misread(arm.name, "run \(run.id) is there twice; a run counts once")
            }
        }
        var (arms, warnings) = taken(all, settings)
        try refuseMixed(arms)
        warnings += Self.warnings(about: arms)
        let metrics = try Self.metrics(of: arms, settings, &warnings)
        var comparisons: [CompareDocument.Comparison] = []
        if let baseline = arms.first {
            for metric in metrics {
                for arm in arms.dropFirst() { comparisons.append(compare(arm, with: baseline, metric, settings)) }
            }
        }
        judge(&comparisons, arms, primary: metrics.first?.metric, settings)
        var document = CompareDocument(
            arms: arms.map { arm in
                CompareDocument.Arm(
                    name: arm.name, runs: arm.runs.map(\.id),
                    summaries: metrics.map { summary(of: arm, $0, resamples: settings.resamples) })
            }, comparisons: comparisons, warnings: warnings)
        document.primary = metrics.first?.metric
        return document
    }

    /// The arms with the runs that count, and a line about each run that does not, or should not.
    private static func taken(_ arms: [Arm], _ settings: Settings) -> (arms: [Arm], warnings: [String]) {
        var warnings: [String] = []
        let arms = arms.map { arm in
            let runs = arm.runs.filter { run in
                guard let objection = run.objection else { return true }
                let what = settings.takesAll ? "counts, as was asked for, though" : "does not count:"
                warnings.append("\(arm.name): run \(run.id) \(what) \(objection)")
                return settings.takesAll
            }
            return Arm(arm.name, runs: runs)
        }
        return (arms, warnings)
    }

    /// The metrics that are compared, with their units, the primary one first.
    private static func metrics(
        of arms: [Arm], _ settings: Settings, _ warnings: inout [String]
    ) throws(Misread) -> [ComparedRun.Quantity] {
        var known: [ComparedRun.Quantity] = []
        for quantity in arms.flatMap(\.runs).flatMap(\.quantities) where quantity.value != nil {
            guard let same = known.first(where: { $0.metric == quantity.metric }) else {
                known.append(quantity)
                continue
            }
            guard same.unit == quantity.unit || quantity.metric == ComparedRun.sci else {
                throw Misread(quantity.metric, "some runs have it in \(same.unit), others in \(quantity.unit)")
            }
        }
        var metrics = known.filter(\.isUsual)
        let usual = arms.flatMap(\.runs).first?.quantities.first?.metric
        if settings.metrics.isEmpty, let usual, let first = known.first, first.metric != usual {
            warnings.append("no run has a value of \(usual): \(first.metric) is the primary metric")
        }
        if !settings.metrics.isEmpty {
            metrics = []
            for name in settings.metrics {
                guard let metric = known.first(where: { $0.metric == name }) else {
                    let names = known.map(\.metric).joined(separator: ", ")
                    throw Misread(
                        name, "no run that counts has this metric; they have \(names.isEmpty ? "none" : names)")
                }
                if !metrics.contains(metric) { metrics.append(metric) }
            }
        }
        let mixed = differences(among: arms, \.method)
        if let first = mixed.first, metrics.contains(where: { $0.metric == ComparedRun.sci }) {
            let reason = "SCI scores compare only by one and the same method: \(first)"
            guard settings.metrics.isEmpty else { throw Misread(ComparedRun.sci, reason) }
            warnings.append("sci is not compared; \(reason)")
            metrics.removeAll { $0.metric == ComparedRun.sci }
        }
        return metrics
    }

    /// The numbers of one metric, in the order of the runs.
    static func values(_ arm: Arm, _ metric: ComparedRun.Quantity) -> [Double?] {
        arm.runs.map { run in run.quantities.first { $0.metric == metric.metric }?.value }
    }
}

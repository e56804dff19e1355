internal import Results

/// A comparison in words and tables.
struct CompareSheets {
    let document: CompareDocument

    init(_ document: CompareDocument) { self.document = document }

    var title: String {
        document.arms.count == 2 ? "Comparison of two arms" : "Comparison of \(document.arms.count) arms"
    }

    /// The arms, the one that the others are compared with first.
    var subtitle: String {
        document.arms.map { Plain.shortened(Plain.line($0.name), to: 60) }.joined(separator: ", ")
    }

    /// A sentence for each comparison.
    var findings: [(verdict: CompareDocument.Verdict, sentence: String)] {
        document.comparisons.map { comparison in
            let arms = "\(Plain.line(comparison.arm)) against \(Plain.line(comparison.baseline))"
            let what = arms + ", " + Plain.line(comparison.metric)
            let change = comparison.ratio.map { ratio in
                ": \(Unit.percent(ratio.value - 1, signed: true)) "
                    + "(\(Unit.percent(ratio.lower - 1, signed: true)) to \(Unit.percent(ratio.upper - 1, signed: true)))"
            }
            let reason = comparison.reason.map { "; " + Plain.line($0) } ?? ""
            return (comparison.verdict, what + (change ?? "") + reason + ".")
        }
    }

    /// How many comparisons ended in each verdict, like `1 regression, 2 equivalent`.
    var tally: String {
        let verdicts: [CompareDocument.Verdict] = [.regression, .improvement, .equivalent, .inconclusive]
        let parts = verdicts.compactMap { verdict -> String? in
            let count = document.comparisons.filter { $0.verdict == verdict }.count
            return count == 0 ? nil : "\(count) \(verdict.rawValue)"
        }
        if parts.isEmpty { return "Nothing was compared." }
        let decides = document.primary.map { " What decides is \(Plain.line($0))." } ?? ""
        return parts.joined(separator: ", ") + "." + decides
    }

    /// One metric of every arm.
    func arms(_ metric: String) -> Sheet {
        let rows = document.arms.compactMap { arm -> [String]? in
            guard let summary = arm.summaries.first(where: { $0.metric == metric }) else { return nil }
            let (mean, unit) = (summary.mean, summary.unit)
            let median = summary.median.map {
                Unit.reading($0, unit, from: summary.medianInterval?.lower, to: summary.medianInterval?.upper)
            }
            return [
                arm.name, "\(summary.n)",
                mean.map { Unit.reading($0.value, unit, from: $0.lower, to: $0.upper).text } ?? Digits.dash,
                mean.flatMap { Unit.reading($0.value, unit, from: $0.lower, to: $0.upper).range } ?? "",
                summary.sd.map { Unit.text($0, unit) } ?? "", summary.variation.map { Unit.percent($0) } ?? "",
                median?.text ?? "", median?.range ?? "", "\(summary.outliers.filter { $0 }.count)",
            ]
        }
        return Sheet(
            "Runs of each arm",
            [
                .words("Arm"), .number("n"), .number("Mean"), .number("95 %"), .number("Standard deviation"),
                .number("Variation"), .number("Median"), .number("95 % of the median"), .number("Outliers"),
            ], rows: rows
        ).trimmed()
    }

    /// One metric of each arm against the first one's.
    func differences(_ metric: String) -> Sheet {
        let rows = document.comparisons.filter { $0.metric == metric }.map { comparison -> [String] in
            let difference = comparison.difference.map {
                Unit.reading($0.value, comparison.unit, from: $0.lower, to: $0.upper)
            }
            return [
                comparison.arm, comparison.verdict.rawValue, difference?.text ?? Digits.dash, difference?.range ?? "",
                comparison.ratio.map { Unit.percent($0.value - 1, signed: true) } ?? "",
                comparison.effect.map { Digits.fixed($0.value, decimals: 2) } ?? "",
                comparison.adjustedP.map(Self.chance) ?? "", comparison.equivalenceP.map(Self.chance) ?? "",
                "\u{B1} " + Unit.percent(comparison.margin),
                comparison.minimalDetectable.map { Unit.percent($0) } ?? "",
            ]
        }
        let baseline = document.comparisons.first { $0.metric == metric }?.baseline ?? ""
        return Sheet(
            "Against \(Plain.line(baseline))",
            [
                .words("Arm"), .words("Verdict"), .number("Difference"), .number("95 %"), .number("In percent"),
                .number("Hedges' g"), .number("p, adjusted"), .number("p, equivalence"), .number("Margin"),
                .number("Least to be seen"),
            ], rows: rows,
            note:
                "p is Welch's, corrected by Holm. The least to be seen is the difference that so many runs again would show "
                + "in 80 of 100 cases."
        ).trimmed()
    }

    /// A probability: `0.0042`, `< 0.0001`.
    private static func chance(_ p: Double) -> String {
        p >= 0 && p < 0.0001 ? "< 0.0001" : Digits.fixed(p, decimals: p < 0.1 ? 4 : 3)
    }

    /// Which runs each arm has.
    var runs: [Fact] {
        document.arms.map { arm in Fact(arm.name, arm.runs.joined(separator: ", ")) }
    }
}

import Documents
import Results

/// A comparison as tables for people, and what must be known with them.
struct CompareText {
    let text: String

    init(_ document: CompareDocument) {
        var table = Table(headings: [
            "ARM", "n", "MEAN", "95 %", "CV", "DIFFERENCE", "95 %", "p", "DETECTS", "VERDICT",
        ])
        for summary in document.arms.first?.summaries ?? [] {
            let metric = summary.metric
            let primary = metric == document.primary ? ", primary" : ""
            table.append(["\(metric) (\(summary.unit)\(primary))"])
            for arm in document.arms {
                guard let own = arm.summaries.first(where: { $0.metric == metric }) else { continue }
                let comparison = document.comparisons.first { $0.metric == metric && $0.arm == arm.name }
                table.append(["  " + arm.name] + Self.cells(own) + (comparison.map(Self.cells) ?? []))
            }
        }
        text = table.text + document.warnings.map { "warning: \($0)\n" }.joined() + Self.notes(document)
    }

    /// Which runs are strange, and why there is no verdict: a line for each run and for each reason.
    private static func notes(_ document: CompareDocument) -> String {
        var strange: [(run: String, metrics: [String])] = []
        for arm in document.arms {
            for (place, run) in arm.runs.enumerated() {
                let metrics = arm.summaries.filter { $0.outliers.indices.contains(place) && $0.outliers[place] }
                if !metrics.isEmpty { strange.append((run, metrics.map(\.metric))) }
            }
        }
        var reasons: [(words: String, metrics: [String])] = []
        for comparison in document.comparisons {
            guard let reason = comparison.reason else { continue }
            let words = "no verdict on \(comparison.arm), for \(reason)"
            if let place = reasons.firstIndex(where: { $0.words == words }) {
                reasons[place].metrics.append(comparison.metric)
            } else {
                reasons.append((words, [comparison.metric]))
            }
        }
        return reasons.map { "note: \($0.words) (\($0.metrics.joined(separator: ", ")))\n" }.joined()
            + strange.map {
                "note: \($0.run) is far from the others and counts all the same (\($0.metrics.joined(separator: ", ")))\n"
            }.joined()
    }

    private static func cells(_ summary: CompareDocument.Summary) -> [String] {
        let mean = summary.mean?.value ?? summary.values.compactMap { $0 }.first
        return [
            "\(summary.n)", mean?.figures ?? "-", summary.mean.map { "± " + ($0.upper - $0.value).figures } ?? "-",
            summary.variation?.percent ?? "-",
        ]
    }

    private static func cells(_ comparison: CompareDocument.Comparison) -> [String] {
        // The ratio of the geometric means; without one, where a value is not above 0, the difference itself.
        let parts = comparison.ratio.map { [$0.value, $0.lower, $0.upper].map { ($0 - 1).signedPercent } }
        let plain = comparison.difference.map { [$0.value, $0.lower, $0.upper].map(\.figures) }
        let said = parts ?? plain ?? ["-", "-", "-"]
        let p = (comparison.adjustedP ?? comparison.welchP).map { $0 < 0.001 ? "< 0.001" : $0.decimals(3) }
        return [
            said[0], "\(said[1]) to \(said[2])", p ?? "-", comparison.minimalDetectable?.percent ?? "-",
            comparison.verdict.rawValue,
        ]
    }
}

extension Double {
    /// With so many decimals, halves away from zero; `-` for what is no number that people read.
    func decimals(_ count: Int) -> String {
        let scale = (0..<count).reduce(1.0) { power, _ in power * 10 }
        guard isFinite, abs(self) * scale < 1e15 else { return "-" }
        let units = Int64((abs(self) * scale).rounded())
        let whole = Int64(scale)
        let sign = self < 0 && units > 0 ? "-" : ""
        guard count > 0 else { return "\(sign)\(units)" }
        let fraction = String(units % whole)
        return "\(sign)\(units / whole)." + String(repeating: "0", count: count - fraction.count) + fraction
    }

    /// With five digits, as far as there are decimals: 12345.6 is `12346`, 0.123456 is `0.12346`.
    var figures: String {
        var (count, size) = (4, abs(self))
        while size >= 10, count > 0 { (count, size) = (count - 1, size / 10) }
        while size < 1, size > 0, count < 9 { (count, size) = (count + 1, size * 10) }
        return decimals(count)
    }

    /// A part in percent: 0.0421 is `4.2%`, 0.0042 is `0.42%`.
    var percent: String { (self * 100).decimals(abs(self) < 0.00995 ? 2 : 1) + "%" }

    /// The same with its sign.
    var signedPercent: String { self < 0 ? percent : "+" + percent }
}

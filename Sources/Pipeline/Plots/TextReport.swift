package import Results

/// A report for the terminal: what came of it, and aligned tables; safe to print whatever the names say.
package struct TextReport: Equatable, Sendable {
    /// All of it, ended by a newline.
    package let text: String

    /// How many consumers of a level are listed.
    private static let most = 20

    /// What came of a run.
    package init(run: RunDocument) {
        let words = RunWords(run)
        let sheets = RunSheets(run)
        let title = [words.title, words.subtitle].filter { !$0.isEmpty }.joined(separator: ", ")
        var head = [title, "\(run.status.rawValue): \(words.reason)"]
        if run.results != nil { head.append(words.lead) }
        if !words.caution.isEmpty { head.append("note: " + words.caution) }
        if !words.origin.isEmpty { head.append("from: " + words.origin) }
        let quality = run.collection.map(QualitySheets.init)
        let score = run.results?.sci.map { SCIWords($0, tone: words.tone) }
        let tables =
            [sheets.windows, sheets.scopeTable, sheets.netTable, quality?.gates].compactMap { $0 }
            + sheets.consumers(atMost: Self.most).filter { $0.title != "Nodes" } + [sheets.metrics.without("Query")]
        let notes = (run.collection?.warnings ?? []).map { "note: \(Plain.line($0))\n" }.joined()
        let sections =
            [head.map { $0 + "\n" }.joined()]
            + tables.map(\.text) + [score.map(Self.lines) ?? "", notes]
        text = sections.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// The score, and where its factors are from.
    private static func lines(of score: SCIWords) -> String {
        (["SCI", "  " + Plain.line(score.numbers)] + score.sources.map { "  " + $0 }).map { $0 + "\n" }.joined()
    }

    /// What came of a comparison.
    package init(compare document: CompareDocument) {
        let sheets = CompareSheets(document)
        let head =
            ([sheets.title + ": " + sheets.subtitle, sheets.tally] + sheets.findings.map { "\($0.rawValue): \($1)" })
            .map { $0 + "\n" }.joined()
        let tables = ComparisonPlot.metrics(of: document).flatMap { metric -> [String] in
            [Plain.line(metric) + "\n" + sheets.differences(metric).text, sheets.arms(metric).text]
        }
        let notes = document.warnings.map { "note: \(Plain.line($0))\n" }.joined()
        text = ([head] + tables + [notes]).filter { !$0.isEmpty }.joined(separator: "\n")
    }
}

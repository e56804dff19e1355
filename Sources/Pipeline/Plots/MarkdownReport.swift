package import Results

/// A report as short Markdown, for the summary of a step on GitHub.
package struct MarkdownReport: Equatable, Sendable {
    /// All of it.
    package let text: String

    /// How many pods are listed.
    private static let most = 10

    init(text: String) { self.text = text }

    /// What came of a run: its status, the result, limits that were not kept, scopes and the pods that used most.
    package init(run: RunDocument) {
        let words = RunWords(run)
        let sheets = RunSheets(run)
        let figures = Sheet(
            "Result", [.words("Figure"), .number("Value"), .words("Detail")],
            rows: words.figures.map { [$0.name, $0.value, $0.detail] })
        var parts = [
            "### " + Markdown.escaped([words.title, words.subtitle].filter { !$0.isEmpty }.joined(separator: ", ")),
            "**\(run.status.rawValue)**: " + Markdown.escaped(words.reason),
        ]
        if run.results != nil { parts.append(Markdown.escaped(words.lead)) }
        if !words.caution.isEmpty { parts.append("> " + Markdown.escaped(words.caution)) }
        let quality = run.collection.map(QualitySheets.init)
        parts += (quality?.broken ?? []).map { "**Limit not kept.** " + Markdown.escaped($0) }
        if let sci = run.results?.sci {
            let score = SCIWords(sci, tone: words.tone)
            parts.append("SCI = " + Markdown.escaped(score.numbers))
            parts.append(score.sources.map { "- " + Markdown.escaped($0) }.joined(separator: "\n"))
        }
        let pods = sheets.consumers(atMost: Self.most).filter { ["Pods"].contains($0.title) }
        let tables = [figures, sheets.windows, sheets.scopeTable] + pods
        let warnings = (run.collection?.warnings ?? []).map { "- " + Markdown.escaped($0) + "\n" }.joined()
        let verify =
            run.results == nil
            ? ""
            : "Run " + Markdown.escaped(run.runId)
                + "; `brahe report --verify \(run.cncfProject == nil ? "FOLDER" : "RUN")` makes all numbers anew.\n"
        text =
            parts.map { $0 + "\n\n" }.joined() + tables.map(\.markdown).joined()
            + (warnings.isEmpty ? "" : warnings + "\n") + verify
    }

    /// What came of a comparison: the verdicts, and the differences of each metric.
    package init(compare document: CompareDocument) {
        let sheets = CompareSheets(document)
        let findings = sheets.findings.map { verdict, sentence in
            "- **\(verdict.rawValue)**: " + Markdown.escaped(sentence) + "\n"
        }
        let tables = ComparisonPlot.metrics(of: document).map { metric in
            "#### \(Markdown.escaped(metric))\n\n" + sheets.differences(metric).markdown + sheets.arms(metric).markdown
        }
        let warnings = document.warnings.map { "> " + Markdown.escaped($0) + "\n\n" }
        text =
            "### \(sheets.title)\n\n\(Markdown.escaped(sheets.subtitle)): \(Markdown.escaped(sheets.tally))\n\n"
            + findings.joined()
            + "\n"
            + warnings.joined() + tables.joined()
    }
}

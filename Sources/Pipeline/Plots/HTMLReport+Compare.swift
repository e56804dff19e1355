package import Results

extension HTMLReport {
    /// What came of a comparison.
    package init(compare document: CompareDocument) {
        let sheets = CompareSheets(document)
        let findings = Markup.element(
            "ul", ["class": "findings"],
            sheets.findings.map { verdict, sentence in
                .element(
                    "li", .element("span", ["class": "badge \(verdict.rawValue)"], text: verdict.rawValue), .text(" "),
                    .text(Plain.line(sentence)))
            })
        let caption =
            "Above, each run as a dot (a ring is far from the others and is counted all the same), the mean and its "
            + "95 % interval. Below, the difference; within the shaded margin two arms count as equivalent."
        let metrics = ComparisonPlot.metrics(of: document).enumerated().map { place, metric in
            Page.section(
                Plain.line(metric),
                Page.figure(place == 0 ? caption : "") {
                    ComparisonPlot(document, metric: metric, width: $0).drawing
                }, sheets.differences(metric).markup(),
                sheets.arms(metric).markup())
        }
        self.init(
            text: Page.text(
                title: sheets.title,
                header: .lines([
                    Page.paragraph("brahe comparison", style: "kicker"), .element("h1", text: sheets.title),
                    Page.paragraph(sheets.subtitle, style: "subtitle"),
                    Page.paragraph(sheets.tally, style: "lead"), document.comparisons.isEmpty ? .none : findings,
                    .lines(document.warnings.map { Page.paragraph($0, style: "caution") }),
                ]),
                sections: metrics + [Page.section("Runs", Fact.markup(sheets.runs))],
                footer: "Made by brahe from \(CompareDocument.schema)."))
    }
}

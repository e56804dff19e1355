extension HTMLReport {
    /// How a project's runs measured from version to version; the trends are of one project and one metric.
    package init(trends: [Trend]) {
        let sheets = TrendSheets(trends)
        let caption =
            "The mean of each version with its 95 % interval, or the bounds of its only run. Each run is a dot beside it; a "
            + "ring is far from the others of its version and is counted all the same."
        let sections = trends.enumerated().map { place, trend in
            Page.section(
                sheets.name(trend), Page.figure(place == 0 ? caption : "") { TrendPlot(trend, width: $0).drawing },
                sheets.versions(trend).markup())
        }
        self.init(
            text: Page.text(
                title: sheets.title,
                header: .lines(
                    [
                        Page.paragraph("brahe trend", style: "kicker"), .element("h1", text: sheets.title),
                        Page.paragraph(sheets.subtitle, style: "subtitle"),
                    ] + sheets.findings.map { Page.paragraph($0, style: "lead") }),
                sections: sections, footer: "Made by brahe from the runs that succeeded."))
    }
}

extension MarkdownReport {
    /// How a project's runs measured from version to version; the trends are of one project and one metric.
    package init(trends: [Trend]) {
        let sheets = TrendSheets(trends)
        let findings = sheets.findings.map { "- " + Markdown.escaped($0) + "\n" }
        let tables = trends.map { "#### \(Markdown.escaped(sheets.name($0)))\n\n" + sheets.versions($0).markdown }
        self.init(
            text: "### \(Markdown.escaped(sheets.title))\n\n\(Markdown.escaped(sheets.subtitle))\n\n"
                + findings.joined()
                + "\n" + tables.joined())
    }
}

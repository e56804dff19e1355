internal import Documents
package import Results

/// A report as one file of HTML: for screens from 320 pixels on, light and dark, and for paper.
package struct HTMLReport: Equatable, Sendable {
    /// The whole file.
    package let text: String

    /// How many consumers of a level the tables list; the rest is in run.json.
    private static let most = 40

    init(text: String) { self.text = text }

    /// What came of a run.
    package init(run: RunDocument) {
        let words = RunWords(run)
        let sheets = RunSheets(run)
        let tone = words.tone
        let results = run.results
        let quality = run.collection.map(QualitySheets.init)
        let power = results.map { results in
            Page.figure(
                "Mean power between two samples\(tone.estimate ? ", estimated" : ""); the windows are shaded. Where the line "
                    + "is broken, nothing was measured."
            ) { PowerPlot(run: run, width: $0).drawing }
                + (results.power.isEmpty ? .none : .text("\n"))
        }
        let energy = results.map { _ in
            Page.figure(
                tone.estimate
                    ? "Energy in the measured window, estimated."
                    : "Energy in the measured window. The whiskers are the bounds: whatever the counters did between the "
                        + "samples, the truth lies within."
            ) { EnergyPlot(run: run, width: $0).drawing }
        }
        text = Page.text(
            title: "\(words.title): energy report", header: Self.header(of: words),
            sections: [
                Page.section("Power over time", power ?? .none, sheets.windows.markup()),
                Page.section("Energy by scope", sheets.scopeTable.markup(captioned: false), sheets.netTable.markup()),
                Page.section("Energy by pod", energy ?? .none),
                Self.score(of: run, tone: tone),
                Page.section("Metrics", sheets.metrics.markup(captioned: false)),
                Page.section(
                    "Quality of the data", quality?.gates.markup() ?? .none, Fact.markup(quality?.facts ?? []),
                    Page.list(run.collection?.warnings ?? [])),
                Page.section("Consumers", .lines(sheets.consumers(atMost: Self.most).map { $0.markup() })),
                Self.provenance(of: run),
            ],
            footer: "Made by brahe from \(RunDocument.schema) \(run.runId).")
    }

    private static func header(of words: RunWords) -> Markup {
        let status = Markup.element(
            "p", ["class": "status"],
            .element("span", ["class": "badge \(words.run.status.rawValue)"], text: words.run.status.rawValue),
            .text(" "), words.tone.estimate ? .element("span", ["class": "badge estimate"], text: "estimate") : .none,
            .text(" "), .element("span", text: words.reason))
        return .lines([
            Page.paragraph("brahe energy report", style: "kicker"),
            .element("h1", text: words.title),
            Page.paragraph(words.subtitle, style: "subtitle"),
            status,
            Page.paragraph(words.lead, style: "lead"),
            Page.paragraph(words.caution, style: "caution"),
            figures(words.figures),
        ])
    }

    private static func figures(_ figures: [RunWords.Figure]) -> Markup {
        guard !figures.isEmpty else { return .none }
        return .element(
            "dl", ["class": "figures"],
            figures.map { figure in
                .element(
                    "div", .element("dt", text: figure.name),
                    .element("dd", ["class": "value"], text: figure.value),
                    figure.detail.isEmpty ? .none : .element("dd", ["class": "detail"], text: figure.detail))
            })
    }

    /// The formula, its numbers, and where each of them is from.
    private static func score(of run: RunDocument, tone: Tone) -> Markup {
        guard let sci = run.results?.sci else { return .none }
        let words = SCIWords(sci, tone: tone)
        return Page.section(
            "Software Carbon Intensity",
            .element(
                "p", ["class": "formula"], .element("b", text: words.formula), .element("br", []),
                .text(Plain.line("= " + words.numbers))),
            words.factors.markup(), words.slices.markup())
    }

    private static func provenance(of run: RunDocument) -> Markup {
        let given: [(String, JSON)] = [
            ("trigger", run.trigger), ("benchmark", run.benchmark), ("meta", run.meta), ("provenance", run.provenance),
        ]
        let facts =
            [Fact("run", run.runId)]
            + given.flatMap { name, json in
                Fact.all(of: json).map { Fact("\(name) \($0.name)", $0.value) }
            }
        let words = RunWords(run)
        let verify = Markup.element(
            "p", .text("Every number here follows from the stored samples: "),
            .element("code", text: words.verification), .text(" makes all of them anew and fails where one differs."))
        return Page.section("Provenance", run.results == nil ? .none : verify, Fact.markup(facts))
    }
}

package import Results

/// One metric of several arms: each run as a point with the arm's mean and interval, and below, each arm's difference from
/// the first against zero and the margin of equivalence.
package struct ComparisonPlot: Plot {
    package let drawing: Drawing
    package let metric: String

    /// A plot for each metric of the document, in its order.
    package static func all(of document: CompareDocument, width: Double = 720) -> [ComparisonPlot] {
        metrics(of: document).map { ComparisonPlot(document, metric: $0, width: width) }
    }

    /// The metrics of a document, each once, in its order.
    static func metrics(of document: CompareDocument) -> [String] {
        document.arms.flatMap { $0.summaries.map(\.metric) }.reduce(into: []) { names, name in
            if !names.contains(name) { names.append(name) }
        }
    }

    /// A line of a section: what stands beside it, and what is drawn on it.
    private struct Row {
        let name: String
        let note: String
        var values: [(value: Double, far: Bool)] = []
        var interval: CompareDocument.Interval?
    }

    package init(_ document: CompareDocument, metric: String, width: Double = 720) {
        self.metric = metric
        let summaries = document.arms.compactMap { arm in
            arm.summaries.first { $0.metric == metric }.map { (arm: arm.name, summary: $0) }
        }
        let unit = summaries.first?.summary.unit ?? ""
        let comparisons = document.comparisons.filter { $0.metric == metric }
        let arms = summaries.map { arm, summary in
            Row(
                name: arm, note: summary.mean.map { Unit.text($0.value, unit) } ?? "n = \(summary.n)",
                values: summary.values.enumerated().compactMap { place, value in
                    guard let value, value.isFinite else { return nil }
                    return (value, summary.outliers.indices.contains(place) && summary.outliers[place])
                }, interval: summary.mean)
        }
        let differences = comparisons.map { comparison in
            Row(name: comparison.arm, note: comparison.verdict.rawValue, interval: comparison.difference)
        }
        let told =
            zip(arms, summaries).map { "\($0.name): \($0.note) in \($1.summary.n) runs" }
            + comparisons.map { "\($0.arm) against \($0.baseline): \($0.verdict.rawValue)" }
        var drawing = Drawing(title: "Comparison of \(metric)", summary: told.joined(separator: ". "), width: width)
        Self.section("each run, the mean and its 95 % interval", arms, unit: unit, around: nil, in: &drawing)
        if let first = comparisons.first {
            let mean = summaries.first { $0.arm == first.baseline }?.summary.mean?.value
            Self.section(
                "difference from \(Plain.shortened(first.baseline, to: 24)), 95 % interval", differences, unit: unit,
                around: abs((mean ?? 0) * first.margin), in: &drawing)
        }
        self.drawing = drawing
    }

    /// Rows over one axis; those of differences lie around zero, with the margin shaded.
    private static func section(
        _ heading: String, _ rows: [Row], unit: String, around margin: Double?, in drawing: inout Drawing
    ) {
        let top = drawing.height == 0 ? 2 : drawing.height + 22
        drawing.add(Label(Label.fitted(heading, to: drawing.width - 8), x: 2, y: top + 12, style: "head"))
        let stacked = drawing.width < 500
        let names = rows.map { Label.fitted($0.name, to: stacked ? drawing.width * 0.55 : drawing.width * 0.3) }
        let notes = rows.map { Label.fitted($0.note, to: drawing.width * 0.4) }
        let left = stacked ? 6 : (names.map(Label.width).max() ?? 0) + 16
        let right = stacked ? drawing.width - 6 : drawing.width - (notes.map(Label.width).max() ?? 0) - 16
        let numbers = rows.flatMap { row in
            row.values.map(\.value) + (row.interval.map { [$0.value, $0.lower, $0.upper] } ?? [])
        }
        let around: [Double] = margin.map { [0, $0, -$0] } ?? []
        guard !numbers.isEmpty else {
            drawing.add(Label("too few runs for a number", x: 2, y: top + 32, style: "soft"))
            return
        }
        let rough = Scale(of: numbers + around, zero: margin != nil, from: left, to: right)
        let ticks = Ticks.fitting(rough.domain, in: right - left, unit: unit)
        let x = rough.widened(to: ticks)
        let pitch = stacked ? 46.0 : 34.0
        let start = top + 24
        let end = start + Double(rows.count) * pitch
        for (place, row) in rows.enumerated() {
            let base = start + Double(place) * pitch
            // Where the names stand above the lines, nothing runs through them.
            let clear = stacked ? base + 19 : base
            for tick in ticks.values { drawing.line(x[tick], clear, x[tick], base + pitch, style: "grid") }
            if let margin, margin > 0 {
                drawing.box(Box(left: x[-margin], top: clear, right: x[margin], bottom: base + pitch), style: "margin")
            }
            if margin != nil { drawing.line(x[0], clear, x[0], base + pitch, style: "zero") }
            let middle = base + (stacked ? 30 : 14)
            let text = stacked ? base + 14 : middle + 4
            drawing.add(Label(names[place], x: stacked ? 2 : left - 12, y: text, anchor: stacked ? .start : .end))
            drawing.add(
                Label(
                    notes[place], x: stacked ? drawing.width - 2 : right + 12, y: text, anchor: stacked ? .end : .start,
                    style: "soft"))
            draw(row, at: middle, on: x, unit: unit, in: &drawing)
        }
        drawing.line(left, end, right, end, style: "axis")
        for (tick, label) in zip(ticks.values, ticks.labels(unit)) {
            drawing.add(Label(label, x: x[tick], y: end + 16, anchor: .middle, style: "soft"))
        }
        drawing.extend(to: end + 20)
    }

    private static func draw(_ row: Row, at middle: Double, on x: Scale, unit: String, in drawing: inout Drawing) {
        for (value, far) in row.values {
            drawing.dot(
                x[value], middle - 3, radius: 3.6, style: far ? "far" : "point",
                told: Unit.text(value, unit) + (far ? ", an outlier" : ""))
        }
        guard let interval = row.interval, interval.value.isFinite else { return }
        let level = row.values.isEmpty ? middle : middle + 8
        if interval.lower <= interval.upper {
            drawing.whisker(x: x[interval.lower]...x[interval.upper], y: level, style: "mean")
        }
        drawing.dot(x[interval.value], level, radius: 4, style: "value", told: Unit.text(interval.value, unit))
    }
}

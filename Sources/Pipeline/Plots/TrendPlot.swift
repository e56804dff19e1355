/// A metric over versions: a line through their means, intervals as whiskers, each run beside its mean, outliers marked.
package struct TrendPlot: Plot {
    package let drawing: Drawing

    package init(_ trend: Trend, width: Double = 720) {
        drawing = Self.drawing(of: trend, width: width)
    }

    private static func drawing(of trend: Trend, width: Double) -> Drawing {
        let versions = trend.versions.filter { $0.mean.isFinite }
        let ends = [versions.first, versions.count > 1 ? versions.last : nil].compactMap { $0 }
        let told = ends.map { "\($0.name): \(Unit.text($0.mean, trend.unit))" }.joined(separator: " to ")
        let runs = versions.flatMap(\.runs)
        let outliers = runs.filter(\.outlier).count
        var drawing = Drawing(
            title: "\(trend.title) over versions",
            summary: versions.isEmpty
                ? "No run has it." : "\(runs.count) runs, \(told)" + (outliers > 0 ? ", \(outliers) outliers." : "."),
            width: width)
        guard !versions.isEmpty else {
            drawing.add(Label("no run has this metric", x: 8, y: 28, style: "soft"))
            return drawing
        }
        drawing.add(Label(Label.fitted(trend.title, to: width - 16), x: 2, y: 14, style: "head"))
        let (top, bottom) = (30.0, 220.0)
        let numbers = versions.flatMap { [$0.mean, $0.lower ?? $0.mean, $0.upper ?? $0.mean] } + runs.map(\.value)
        let rough = Scale(of: numbers, zero: false, from: bottom, to: top)
        let ticks = Ticks(over: rough.domain, about: 5)
        let y = rough.widened(to: ticks)
        let labels = ticks.labels(trend.unit)
        let left = (labels.map(Label.width).max() ?? 0) + 14
        for (tick, label) in zip(ticks.values, labels) {
            drawing.line(left, y[tick], width - 8, y[tick], style: "grid")
            drawing.add(Label(label, x: left - 8, y: y[tick] + 4, anchor: .end, style: "soft"))
        }
        let x = Scale(-0.5, Double(versions.count) - 0.5, from: left, to: width - 8)
        let path = versions.enumerated().map { place, version in
            "\(place == 0 ? "M" : "L")\(Drawing.pixel(x[Double(place)])) \(Drawing.pixel(y[version.mean]))"
        }
        if versions.count > 1 { drawing.path(path.joined(), style: "trend") }
        // The runs stand beside their mean where there is room.
        let beside = x[1] - x[0] > 24 ? 9.0 : 0
        for (place, version) in versions.enumerated() {
            draw(version, at: x[Double(place)], beside: beside, on: y, unit: trend.unit, in: &drawing)
        }
        drawing.line(left, bottom, width - 8, bottom, style: "axis")
        name(versions, at: x, below: bottom, in: &drawing)
        if outliers > 0 {
            drawing.extend(to: drawing.height + 17)
            drawing.dot(left + 5, drawing.height, radius: 4.5, style: "far")
            drawing.add(Label("far from the others", x: left + 16, y: drawing.height + 4, style: "soft"))
        }
        return drawing
    }

    private static func draw(
        _ version: Trend.Version, at x: Double, beside: Double, on y: Scale, unit: String, in drawing: inout Drawing
    ) {
        if let lower = version.lower, let upper = version.upper, lower.isFinite, upper.isFinite, lower <= upper {
            drawing.whisker(x: x, y: y[upper]...y[lower], style: "whisker")
        }
        let single = version.runs.count == 1 ? version.runs.first : nil
        for run in single == nil ? version.runs : [] where run.value.isFinite {
            let words = [run.id, Unit.text(run.value, unit), run.outlier ? "an outlier" : nil]
            drawing.dot(
                x - beside, y[run.value], radius: run.outlier ? 4.5 : 3.2, style: run.outlier ? "far" : "point",
                told: words.compactMap { $0 }.joined(separator: ", "))
        }
        let value = Unit.reading(version.mean, unit, from: version.lower, to: version.upper)
        let words = [version.name, single?.id ?? "mean of \(version.runs.count) runs", value.text, value.range]
        drawing.dot(
            x, y[version.mean], radius: 4, style: "value", told: words.compactMap { $0 }.joined(separator: ", "))
    }

    /// The versions below their points; the last one first, as it is the one of today, and as many others as there is
    /// room for.
    private static func name(_ versions: [Trend.Version], at x: Scale, below bottom: Double, in drawing: inout Drawing)
    {
        for (place, version) in versions.enumerated().reversed() {
            let middle = x[Double(place)]
            let name = Label.fitted(version.name, to: 96)
            let half = Label.width(of: name) / 2
            let held = min(max(middle, half + 1), drawing.width - half - 1)
            drawing.line(middle, bottom, middle, bottom + 4, style: "axis")
            drawing.add(Label(name, x: held, y: bottom + 18, anchor: .middle, style: "soft"))
        }
    }
}

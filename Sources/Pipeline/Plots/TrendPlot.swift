/// A metric over versions: a line through its points, their intervals as whiskers, outliers marked.
package struct TrendPlot: Plot {
    package let drawing: Drawing

    package init(_ trend: Trend, width: Double = 720) {
        drawing = Self.drawing(of: trend, width: width)
    }

    private static func drawing(of trend: Trend, width: Double) -> Drawing {
        let points = trend.points.filter { $0.value.isFinite }
        let ends = [points.first, points.count > 1 ? points.last : nil].compactMap { $0 }
        let told = ends.map { "\($0.version): \(Unit.text($0.value, trend.unit))" }.joined(separator: " to ")
        let outliers = points.filter(\.outlier).count
        var drawing = Drawing(
            title: "\(trend.metric) over versions",
            summary: points.isEmpty
                ? "No run has it." : "\(points.count) runs, \(told)" + (outliers > 0 ? ", \(outliers) outliers." : "."),
            width: width)
        guard !points.isEmpty else {
            drawing.add(Label("no run has this metric", x: 8, y: 28, style: "soft"))
            return drawing
        }
        drawing.add(Label(Label.fitted(trend.metric, to: width - 16), x: 2, y: 14, style: "head"))
        let (top, bottom) = (30.0, 220.0)
        let rough = Scale(
            of: points.flatMap { [$0.value, $0.lower ?? $0.value, $0.upper ?? $0.value] }, zero: false, from: bottom,
            to: top)
        let ticks = Ticks(over: rough.domain, about: 5)
        let y = rough.widened(to: ticks)
        let labels = ticks.labels(trend.unit)
        let left = (labels.map(Label.width).max() ?? 0) + 14
        for (tick, label) in zip(ticks.values, labels) {
            drawing.line(left, y[tick], width - 8, y[tick], style: "grid")
            drawing.add(Label(label, x: left - 8, y: y[tick] + 4, anchor: .end, style: "soft"))
        }
        let x = Scale(-0.5, Double(points.count) - 0.5, from: left, to: width - 8)
        let places = points.enumerated().map { place, point in (x: x[Double(place)], y: y[point.value]) }
        let path = places.enumerated().map { number, place in
            "\(number == 0 ? "M" : "L")\(Drawing.pixel(place.x)) \(Drawing.pixel(place.y))"
        }
        if places.count > 1 { drawing.path(path.joined(), style: "trend") }
        for (point, place) in zip(points, places) {
            if let lower = point.lower, let upper = point.upper, lower.isFinite, upper.isFinite, lower <= upper {
                drawing.whisker(x: place.x, y: y[upper]...y[lower], style: "whisker")
            }
            let value = Unit.reading(point.value, trend.unit, from: point.lower, to: point.upper)
            let words = [point.version, point.runId, value.text, value.range, point.outlier ? "an outlier" : nil]
            drawing.dot(
                place.x, place.y, radius: point.outlier ? 4.5 : 4, style: point.outlier ? "far" : "value",
                told: words.compactMap { $0 }.joined(separator: ", "))
        }
        drawing.line(left, bottom, width - 8, bottom, style: "axis")
        versions(of: points, at: x, below: bottom, in: &drawing)
        if outliers > 0 {
            drawing.extend(to: drawing.height + 17)
            drawing.dot(left + 5, drawing.height, radius: 4.5, style: "far")
            drawing.add(Label("far from the others", x: left + 16, y: drawing.height + 4, style: "soft"))
        }
        return drawing
    }

    /// The versions below their points, several points of one version below their middle; the last one first, as it is
    /// the one of today, and as many others as there is room for.
    private static func versions(of points: [Trend.Point], at x: Scale, below bottom: Double, in drawing: inout Drawing)
    {
        var groups: [(version: String, first: Int, last: Int)] = []
        for (place, point) in points.enumerated() {
            if let group = groups.last, group.version == point.version {
                groups[groups.count - 1].last = place
            } else {
                groups.append((point.version, place, place))
            }
        }
        for group in groups.reversed() {
            let middle = x[Double(group.first + group.last) / 2]
            let name = Label.fitted(group.version, to: 96)
            let half = Label.width(of: name) / 2
            let held = min(max(middle, half + 1), drawing.width - half - 1)
            drawing.line(middle, bottom, middle, bottom + 4, style: "axis")
            drawing.add(Label(name, x: held, y: bottom + 18, anchor: .middle, style: "soft"))
        }
    }
}

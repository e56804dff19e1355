internal import Documents
package import Results

/// Power over time, the windows of the run shaded.
///
/// What draws much more than the rest, as a node does, has a panel of its own above it: in one panel nobody could read the
/// rest.
package struct PowerPlot: Plot {
    package let drawing: Drawing

    /// A window in seconds of Unix time.
    private struct Band {
        let name: String
        let start: Double
        let end: Double
    }

    /// How many lines one panel can have and still be read.
    private static let most = 4

    /// The powers of a run's results; without any, a drawing that says so.
    package init(run: RunDocument, width: Double = 720) {
        let power = run.results?.power ?? []
        func steps(_ names: [String]) -> [Steps] {
            names.compactMap { name in power.first { $0.name == name }.map(Steps.init) }.filter { !$0.steps.isEmpty }
        }
        let groups = ["project", "workload", "namespace"]
        let (node, scopes) = (steps(["node"]), steps(groups))
        // Pods are parts of what a scope draws; many steps of many of them are not looked at for nothing.
        let pods =
            scopes.isEmpty
            ? power.filter { !groups.contains($0.name) && $0.name != "node" }.map(Steps.init)
                .filter { !$0.steps.isEmpty }.map { (joules: $0.joules, steps: $0) }
                .sorted { ($1.joules, $0.steps.name) < ($0.joules, $1.steps.name) }.map(\.steps) : []
        let small = scopes.isEmpty ? Array(pods.prefix(Self.most)) : scopes
        let left = scopes.isEmpty ? pods.count - small.count : 0
        let bands = run.windows.compactMap { window -> Band? in
            guard let start = Moment(window.start), let end = Moment(window.end), end > start else { return nil }
            return Band(
                name: window.name, start: Double(start.milliseconds) / 1000, end: Double(end.milliseconds) / 1000)
        }
        let high = small.map(\.highest).max() ?? 0
        let apart = (node.map(\.highest).max() ?? 0) > 3 * high && !small.isEmpty
        let panels = (apart ? [node, small] : [node + small]).filter { !$0.isEmpty }
        drawing = Self.drawing(
            of: panels, bands: bands, left: left, estimate: run.collection?.isEstimated ?? false, width: width)
    }

    private static func drawing(
        of panels: [[Steps]], bands: [Band], left: Int, estimate: Bool, width: Double
    ) -> Drawing {
        let names = panels.joined().map { "\($0.name) up to \(Unit.text($0.highest, "W"))" }
        let windows = bands.isEmpty ? "" : " Windows: " + bands.map(\.name).joined(separator: ", ") + "."
        var drawing = Drawing(
            title: estimate ? "Power over time, estimated" : "Power over time",
            summary: (names.isEmpty ? "Nothing was measured." : names.joined(separator: ", ") + ".") + windows,
            width: width)
        let times = panels.joined().flatMap { [$0.steps.first?.start, $0.steps.last?.end].compactMap { $0 } }
        guard !times.isEmpty else {
            drawing.add(Label("no power was measured", x: 8, y: 28, style: "soft"))
            return drawing
        }
        // A label that has no room is left out, and an axis without its numbers says nothing.
        let widest = panels.flatMap { ticks(of: $0).labels("W").map(Label.width) }.max() ?? 0
        let x = Scale(
            of: times + bands.flatMap { [$0.start, $0.end] }, zero: false, from: max(58, widest + 8), to: width - 12)
        var top = lanes(of: bands, at: x, in: &drawing)
        for panel in panels {
            top = draw(panel, at: x, below: top, bands: bands, in: &drawing)
            if panel.last?.name != panels.last?.last?.name { top += 22 }
        }
        timeAxis(x, at: top, marked: estimate ? ", estimated" : "", in: &drawing)
        if left > 0 {
            drawing.add(Label("\(left) more are not drawn", x: x.from, y: drawing.height + 16, style: "soft"))
        }
        return drawing
    }

    /// The windows' names, in as many lines as keep them apart, and where they end.
    private static func lanes(of bands: [Band], at x: Scale, in drawing: inout Drawing) -> Double {
        for band in bands {
            let name = Label.fitted(band.name, to: 120)
            let half = Label.width(of: name) / 2
            let middle = min(max((x[band.start] + x[band.end]) / 2, half + 1), drawing.width - half - 1)
            for lane in 0..<4 {
                let y = 14 + Double(lane) * Label.line
                if drawing.add(Label(name, x: middle, y: y, anchor: .middle, style: "soft")) { break }
            }
        }
        return drawing.height + 6
    }

    /// One panel: bands, grid, axis and lines; where it ends.
    private static func draw(
        _ series: [Steps], at x: Scale, below top: Double, bands: [Band], in drawing: inout Drawing
    ) -> Double {
        let start = legend(of: series, below: top, from: x.from, in: &drawing) + 8
        let height = drawing.width < 500 ? 120.0 : 150.0
        let ticks = ticks(of: series)
        let y = scale(of: series, from: start + height, to: start).widened(to: ticks)
        for band in bands {
            drawing.box(
                Box(left: x[band.start], top: start, right: x[band.end], bottom: start + height),
                style: band.name == "run" ? "measured" : "quiet")
            for edge in [band.start, band.end] {
                drawing.line(x[edge], start, x[edge], start + height, style: "edge")
            }
        }
        for (tick, label) in zip(ticks.values, ticks.labels("W")) {
            drawing.line(x.from, y[tick], x.to, y[tick], style: tick == 0 ? "axis" : "grid")
            drawing.add(Label(label, x: x.from - 6, y: y[tick] + 4, anchor: .end, style: "soft"))
        }
        let pixel = (x.domain.upperBound - x.domain.lowerBound) / max(x.to - x.from, 1)
        for (place, steps) in series.enumerated() {
            drawing.path(steps.thinned(to: pixel).path(x: x, y: y), style: style(of: steps, at: place, in: series))
        }
        return start + height
    }

    private static func scale(of series: [Steps], from: Double, to: Double) -> Scale {
        Scale(of: series.flatMap { $0.steps.map(\.watts) }, zero: true, from: from, to: to)
    }

    private static func ticks(of series: [Steps]) -> Ticks {
        Ticks(over: scale(of: series, from: 1, to: 0).domain, about: 4)
    }

    /// The node is never the one to look at.
    private static func style(of steps: Steps, at place: Int, in series: [Steps]) -> String {
        let before = series.prefix(place).filter { $0.name != "node" }.count
        return "series s\(steps.name == "node" ? 4 : min(before, 3))"
    }

    private static func legend(
        of series: [Steps], below top: Double, from left: Double, in drawing: inout Drawing
    ) -> Double {
        var (x, y) = (left, top + 14)
        for (place, steps) in series.enumerated() {
            let name = Label.fitted(steps.name, to: min(220, drawing.width - left - 40))
            let room = 24 + Label.width(of: name) + 18
            if x > left, x + room > drawing.width { (x, y) = (left, y + Label.line) }
            drawing.line(x, y - 4, x + 18, y - 4, style: style(of: steps, at: place, in: series))
            drawing.add(Label(name, x: x + 24, y: y))
            x += room
        }
        return y
    }

    /// The clock below the panels, and the day.
    private static func timeAxis(_ x: Scale, at y: Double, marked: String, in drawing: inout Drawing) {
        let ticks = TimeTicks(over: x.domain, atMost: Int((x.to - x.from) / 64))
        for (tick, label) in zip(ticks.values, ticks.labels) {
            drawing.line(x[tick], y, x[tick], y + 4, style: "axis")
            drawing.add(Label(label, x: x[tick], y: y + 18, anchor: .middle, style: "soft"))
        }
        let (first, last) = (Clock(x.domain.lowerBound).text(.day), Clock(x.domain.upperBound).text(.day))
        let days = first == last ? "\(first), UTC" : "\(first) to \(last), UTC"
        drawing.add(Label(days + marked, x: x.from, y: y + 18 + Label.line, style: "soft"))
    }
}

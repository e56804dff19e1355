package import Results

/// Energy of each pod as a bar, its bounds as whiskers, the greatest first.
package struct EnergyPlot: Plot {
    package let drawing: Drawing

    /// One bar, in joules.
    package struct Bar: Equatable, Sendable {
        package let name: String
        package let joules: Double
        package let lower: Double?
        package let upper: Double?
        /// Whether it stands for several.
        package let folded: Bool

        init(name: String, joules: Double, lower: Double?, upper: Double?, folded: Bool = false) {
            self.name = name
            self.joules = joules
            self.lower = lower
            self.upper = upper
            self.folded = folded
        }
    }

    /// How many bars there are at most; what is beyond them is one bar more.
    package static let most = 15

    /// The pods of a run, or what it has instead of them: containers, or cgroups.
    package init(run: RunDocument, width: Double = 720) {
        let consumers = run.results?.consumers ?? []
        let levels = ["pod", "container", "cgroup"]
        let level = levels.first { level in consumers.contains { $0.level == level && $0.joules != nil } } ?? "pod"
        let bars = Self.bars(of: consumers.filter { $0.level == level })
        drawing = Self.drawing(
            of: bars, level: level, estimate: run.collection?.isEstimated ?? false, width: width)
    }

    /// The consumers with energy by falling energy, the last of too many folded into one.
    package static func bars(of consumers: [ConsumerEntry]) -> [Bar] {
        let bars = consumers.compactMap { consumer -> Bar? in
            guard let joules = consumer.joules, joules.isFinite else { return nil }
            return Bar(
                name: ConsumerName.full(consumer), joules: joules,
                lower: consumer.lowerJ.flatMap { $0.isFinite ? $0 : nil },
                upper: consumer.upperJ.flatMap { $0.isFinite ? $0 : nil })
        }.sorted { ($1.joules, $0.name) < ($0.joules, $1.name) }
        guard bars.count > most else { return bars }
        let rest = bars.dropFirst(most)
        func sum(_ bound: (Bar) -> Double?) -> Double? {
            rest.reduce(0) { sum, bar in sum.flatMap { sum in bound(bar).map { sum + $0 } } }
        }
        return bars.prefix(most) + [
            Bar(
                name: "\(rest.count) others", joules: rest.reduce(0) { $0 + $1.joules }, lower: sum(\.lower),
                upper: sum(\.upper), folded: true)
        ]
    }

    private static func drawing(of bars: [Bar], level: String, estimate: Bool, width: Double) -> Drawing {
        let told = bars.prefix(5).map { "\($0.name): \(Unit.text($0.joules, "J"))" }.joined(separator: ", ")
        var drawing = Drawing(
            title: "Energy per \(level)" + (estimate ? ", estimated" : ""),
            summary: bars.isEmpty ? "Nothing was measured." : told + (bars.count > 5 ? " and others." : "."),
            width: width)
        guard !bars.isEmpty else {
            drawing.add(Label("no energy of a \(level) was measured", x: 8, y: 28, style: "soft"))
            return drawing
        }
        // On a phone the names stand above the bars.
        let stacked = width < 500
        let names = bars.map { Label.fitted($0.name, to: stacked ? width - 8 : width * 0.4) }
        let widest = names.map(Label.width).max() ?? 0
        let tone = Tone(estimate: estimate)
        let values = bars.map { tone.text($0.joules, "J", from: $0.lower, to: $0.upper) }
        let room = (values.map(Label.width).max() ?? 0) + 14
        let left = stacked ? 4 : widest + 14
        let x = Scale(
            of: bars.flatMap { [$0.joules, $0.lower ?? 0, $0.upper ?? 0] }, zero: true, from: left, to: width - room)
        let pitch = stacked ? 2 * Label.line + 4 : 24.0
        for (place, bar) in bars.enumerated() {
            let row = 6 + Double(place) * pitch
            let middle = row + (stacked ? 26 : 11)
            drawing.add(
                Label(
                    names[place], x: stacked ? left : left - 8, y: row + (stacked ? 13 : 15),
                    anchor: stacked ? .start : .end))
            let ends = [x[0], x[bar.joules]]
            drawing.box(
                Box(
                    left: ends.min() ?? left, top: middle - 6, right: max(ends.max() ?? left, left + 1),
                    bottom: middle + 6), style: bar.folded ? "rest" : "bar")
            var end = x[bar.joules]
            if let lower = bar.lower, let upper = bar.upper, upper >= lower {
                drawing.whisker(x: x[lower]...x[upper], y: middle, style: "whisker")
                end = max(end, x[upper])
            }
            drawing.add(Label(values[place], x: end + 8, y: middle + 4, style: "soft"))
        }
        drawing.line(x[0], 4, x[0], 6 + Double(bars.count) * pitch, style: "axis")
        return drawing
    }
}

package import Results

/// A power that is one value between two times, and nothing where nothing was measured.
package struct Steps: Equatable, Sendable {
    package struct Step: Equatable, Sendable {
        /// Seconds of Unix time.
        package let start: Double
        package let end: Double
        package let watts: Double
    }

    package let name: String
    /// In the order of time, without overlap.
    package let steps: [Step]

    /// The steps of a document; those whose times do not rise, or whose numbers are not finite, are gaps.
    package init(_ entry: PowerEntry) {
        name = entry.name
        var steps: [Step] = []
        for (start, (end, watts)) in zip(entry.times, zip(entry.times.dropFirst(), entry.watts)) {
            guard let watts, watts.isFinite, abs(start) < 1e12, abs(end) < 1e12, end > start,
                start >= steps.last?.end ?? start
            else { continue }
            steps.append(Step(start: start, end: end, watts: watts))
        }
        self.steps = steps
    }

    private init(name: String, steps: [Step]) {
        self.name = name
        self.steps = steps
    }

    /// The greatest power; 0 of nothing.
    var highest: Double { steps.map(\.watts).max() ?? 0 }
    /// The energy, in joules.
    package var joules: Double { steps.reduce(0) { $0 + $1.watts * ($1.end - $1.start) } }

    /// The same energy in fewer steps, none of which is shorter than so many seconds unless a gap ends it.
    package func thinned(to seconds: Double) -> Steps {
        var thin: [Step] = []
        var open: Step?
        for step in steps {
            if let joined = open, joined.end == step.start, joined.end - joined.start < seconds {
                let (before, now) = (joined.end - joined.start, step.end - step.start)
                open = Step(
                    start: joined.start, end: step.end,
                    watts: joined.watts * (before / (before + now)) + step.watts * (now / (before + now)))
            } else {
                if let open { thin.append(open) }
                open = step
            }
        }
        if let open { thin.append(open) }
        return Steps(name: name, steps: thin)
    }

    /// As a path: a stair that ends where a gap begins.
    func path(x: Scale, y: Scale) -> String {
        var path = ""
        var end: Double?
        for step in steps {
            let level = Drawing.pixel(y[step.watts])
            path += end == step.start ? "V\(level)" : "M\(Drawing.pixel(x[step.start])) \(level)"
            path += "H\(Drawing.pixel(x[step.end]))"
            end = step.end
        }
        return path
    }
}

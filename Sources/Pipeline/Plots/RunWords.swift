internal import Documents
internal import Results

/// What a run is called and what came of it, in plain words.
struct RunWords {
    let run: RunDocument
    let tone: Tone

    init(_ run: RunDocument) {
        self.run = run
        tone = Tone(of: run)
    }

    /// Like `falco 0.41.1`; of a window that is no run's, its length.
    var title: String {
        if let project = run.cncfProject { return Plain.line("\(project.name) \(project.version)") }
        return seconds.map { "A window of \(Clock.span($0))" } ?? Plain.line(run.runId)
    }

    /// What else tells the run from others: organization, configuration.
    var subtitle: String {
        guard let project = run.cncfProject else { return "" }
        return Plain.line([project.org, project.config ?? ""].filter { !$0.isEmpty }.joined(separator: ", "))
    }

    /// The length of the measured window.
    var seconds: Double? {
        guard let start = run.startTime.flatMap({ Moment($0) }), let end = run.endTime.flatMap({ Moment($0) }),
            end > start
        else { return nil }
        return Double(end - start) / 1000
    }

    /// What the status means, or what went wrong.
    var reason: String {
        if let failure = run.failure, !failure.isEmpty { return Plain.line(failure) }
        return switch run.status {
        case .succeeded where run.cncfProject == nil: "The data keep their limits."
        case .succeeded: "Every step did what it should, and the data keep their limits."
        case .failed: "A step failed."
        case .invalid: "The measured window is not whole, or its data do not keep their limits."
        }
    }

    /// One or two sentences: what was measured, and the result.
    var lead: String {
        guard let results = run.results, let energy = results.energy else { return "No energy was measured." }
        let start = seconds.map { "In \(Clock.span($0)) \(subject) used " } ?? "It used "
        let bounds = tone.range(energy)
        var sentence =
            start + tone.energy(energy) + (bounds.isEmpty ? "" : " (\(bounds))")
            + ", \(tone.text(energy.meanW, "W")) on average"
        if let sci = results.sci { sentence += ", which is \(tone.text(sci.value, sci.units))" }
        sentence += "."
        return run.status == .succeeded ? sentence : sentence + " The run does not count."
    }

    /// What the score is of: the namespaces by their names.
    private var subject: String {
        let primary = run.results?.primary ?? "node"
        let spaces = run.inputs?.scopes.first { $0.scope == primary }?.namespaces ?? []
        guard primary == "namespace", !spaces.isEmpty, spaces.count < 4 else { return "the \(Plain.line(primary))" }
        let names = Plain.line(spaces.joined(separator: ", "))
        return "the namespace\(spaces.count == 1 ? "" : "s") \(names)"
    }

    /// Why the numbers are estimates; empty if they are none.
    var caution: String {
        guard tone.estimate, let collection = run.collection else { return "" }
        guard collection.estimate else {
            return
                "These are estimates: nothing meters the machine, and the exporter's joules are those of a model of its CPU "
                + "time. A range is what the model may have said, not what the machine may have drawn."
        }
        let generation = collection.generation
        return
            "These are estimates: the gauges of \(Plain.line(generation)) tell the energy of the last seconds only, so there "
            + "are no bounds that hold for certain."
    }

    /// What to type to have all numbers made anew; a window that is no run's has no name that finds it.
    var verification: String {
        "brahe report --verify \(run.cncfProject == nil ? "FOLDER" : Plain.line(run.runId))"
    }

    /// Where the numbers come from, in one line; empty where nothing was collected.
    var origin: String {
        guard let collection = run.collection else { return "" }
        let mode = ["prometheus": "Prometheus", "file": "file"][collection.mode] ?? collection.mode
        var facts = ["samples of \(mode) \(collection.endpoint)", "metrics of \(collection.generation)"]
        if collection.scrapeIntervalS > 0 { facts.append("every \(Clock.span(collection.scrapeIntervalS))") }
        if let source = collection.energySource { facts.append("energy by \(source)") }
        return Plain.line(facts.joined(separator: ", "))
    }

    /// A number that a reader looks for first.
    struct Figure {
        let name: String
        let value: String
        let detail: String
    }

    /// The few numbers that the report is about.
    var figures: [Figure] {
        guard let results = run.results, let energy = results.energy else { return [] }
        var figures = [
            Figure(
                name: "Energy, gross", value: tone.energy(energy),
                detail: [tone.range(energy), tone.text(energy.wattHours, "Wh")].filter { !$0.isEmpty }.joined(
                    separator: ", "))
        ]
        for net in energy.net {
            figures.append(
                Figure(
                    name: "Energy less \(Plain.line(net.window))",
                    value: tone.text(net.netJ, "J", from: net.netJ - net.uncertaintyJ, to: net.netJ + net.uncertaintyJ),
                    detail:
                        "\(tone.range(net.netJ, "J", from: net.netJ - net.uncertaintyJ, to: net.netJ + net.uncertaintyJ)), 95 % interval"
                ))
        }
        figures.append(
            Figure(
                name: "Mean power", value: tone.text(energy.meanW, "W"),
                detail: energy.peakW.map { "at most \(tone.text($0, "W")) between two samples" } ?? ""))
        if let sci = results.sci {
            figures.append(
                Figure(
                    name: "Carbon (SCI)", value: tone.text(sci.value, sci.units.components.first),
                    detail: Unit.shown(sci.units.components.rest)))
        }
        return figures
    }
}

extension String {
    /// The first word and the rest.
    fileprivate var components: (first: String, rest: String) {
        let first = prefix { $0 != " " }
        return (String(first), String(dropFirst(first.count + 1)))
    }
}

internal import Results

/// How the samples came and how good they are, as tables.
struct QualitySheets {
    private let collection: CollectionEntry

    init(_ collection: CollectionEntry) { self.collection = collection }

    /// Each limit, and whether it was kept.
    var gates: Sheet {
        Sheet(
            "Gates", [.words("Gate"), .number("Value"), .number("Limit"), .words("Result")],
            rows: collection.gates.map { gate in
                let (name, value, limit) = words(of: gate)
                return [name, value, limit, gate.passed ? "kept" : "not kept"]
            })
    }

    /// The gates that were not kept, a sentence each.
    var broken: [String] {
        collection.gates.filter { !$0.passed }.map { gate in
            let (name, value, limit) = words(of: gate)
            return "\(name): \(value), the limit is \(limit)."
        }
    }

    private func words(of gate: CollectionEntry.Gate) -> (name: String, value: String, limit: String) {
        func shown(_ word: String, _ text: (Double) -> String) -> (String, String) {
            // A width around a value of 0 is no number.
            (gate.value.map(text) ?? "beyond any number", word + text(gate.limit))
        }
        let (name, (value, limit)) =
            switch gate.name {
            case "coverage": ("Coverage", shown("at least ") { Unit.percent($0) })
            case "largest_gap": ("Largest gap", shown("at most ", Clock.span))
            case "bound_width": ("Width of the bounds", shown("at most ") { Unit.percent($0) })
            default: (Plain.line(gate.name), shown("") { Digits.significant($0) })
            }
        return (name, value, limit)
    }

    /// Where the samples come from and what was found in them, a pair each.
    var facts: [Fact] {
        let source = collection.mode == "file" ? "a recorded file" : collection.mode
        var facts = [
            Fact("Source", [source, collection.serverVersion ?? ""].filter { !$0.isEmpty }.joined(separator: " ")),
            Fact("Endpoint", collection.endpoint),
            Fact("Metrics of", collection.generation + (collection.isEstimated ? " (energies are estimates)" : "")),
            Fact("Energy from", collection.energySource ?? ""),
            Fact("Time between scrapes", Clock.span(collection.scrapeIntervalS)),
            Fact("Scrapes found", Unit.percent(collection.coverage)),
            Fact("Largest gap", Clock.span(collection.maxGapS)),
            Fact("Counters that began anew", "\(collection.resets)"),
            Fact("Series that began / ended", "\(collection.births) / \(collection.deaths)"),
            Fact("Energy between a sample inside and one outside", Unit.percent(collection.interpolated)),
        ]
        facts.removeAll { $0.value.isEmpty }
        return facts
    }
}

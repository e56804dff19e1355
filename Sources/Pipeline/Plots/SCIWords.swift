internal import Documents
internal import Results

/// How the Software Carbon Intensity of a run came about.
struct SCIWords {
    private let sci: SCIEntry
    private let tone: Tone

    init(_ sci: SCIEntry, tone: Tone) {
        self.sci = sci
        self.tone = tone
    }

    private func number(_ value: Double) -> String { Digits.plain(value) }
    private func with(_ value: Double, _ unit: String) -> String { "\(number(value)) \(Unit.shown(unit))" }

    /// The formula in letters.
    var formula: String { "SCI = (E \u{D7} I \u{D7} PUE + M) / R" }

    /// The same in numbers.
    var numbers: String {
        let parts = sci.components
        let unit = parts.functionalUnit
        return "(\(with(parts.energyConsumption.value, parts.energyConsumption.units)) \u{D7} "
            + "\(with(parts.emissionsFactor.value, parts.emissionsFactor.units)) \u{D7} \(number(parts.pue.value)) + "
            + "\(with(parts.embodiedCarbon.value, parts.embodiedCarbon.units))) / "
            + "\(with(unit.value, unit.name)) \(tone.estimate ? "" : "= ")\(tone.text(sci.value, sci.units))"
    }

    /// Each factor with its source.
    var factors: Sheet {
        let parts = sci.components
        let (intensity, embodied) = (parts.emissionsFactor, parts.embodiedCarbon)
        let revision = intensity.sourceRevision.isEmpty ? "" : ", \(intensity.sourceRevision)"
        let life =
            "\(Unit.text(embodied.totalG, "gCO2eq")) over \(number(embodied.lifeH)) h, "
            + "\(Unit.percent(embodied.share)) of it; \(embodied.source)"
        return Sheet(
            "Factors", [.words("Factor"), .number("Value"), .words("Unit"), .prose("Source")],
            rows: [
                [
                    "E, energy", number(parts.energyConsumption.value), Unit.shown(parts.energyConsumption.units),
                    tone.estimate ? "estimated" : "measured",
                ],
                [
                    "I, carbon intensity of electricity", number(intensity.value), Unit.shown(intensity.units),
                    ([intensity.region, intensity.kind] + [intensity.factorType].compactMap { $0 }).joined(
                        separator: ", ")
                        + "; \(intensity.source)\(revision)",
                ],
                ["PUE, the data centre's overhead", number(parts.pue.value), "", parts.pue.provider],
                [
                    "O = E \u{D7} I \u{D7} PUE, operational", number(sci.operational.value),
                    Unit.shown(sci.operational.units), "derived",
                ],
                ["M, embodied", number(embodied.value), Unit.shown(embodied.units), life],
                [
                    "R, functional units", number(parts.functionalUnit.value), parts.functionalUnit.name,
                    parts.functionalUnit.source,
                ],
                ["SCI", number(sci.value), Unit.shown(sci.units), "derived"],
            ])
    }

    /// Where each factor is from that is not derived, a line each: `I, carbon intensity of electricity: ...`.
    var sources: [String] {
        factors.rows.compactMap { row in
            guard row.count > 3, row[3] != "derived", !row[3].isEmpty else { return nil }
            return Plain.line("\(row[0]): \(row[3])")
        }
    }

    /// The intensity over time, if it was not one value.
    var slices: Sheet {
        let all = sci.components.emissionsFactor.slices
        let changes = all.contains { $0.value != all.first?.value || $0.estimated || $0.fallback }
        let rows = (changes ? all : []).map { slice in
            let from = Moment(slice.start).map { Clock($0).text(.all) } ?? slice.start
            let to = Moment(slice.end).map { Clock($0).text(.seconds) } ?? slice.end
            let remark = slice.fallback ? "of the other source" : slice.estimated ? "estimated by the source" : ""
            return [from, to, number(slice.value), tone.text(slice.kWh * 1000, "Wh"), remark]
        }
        return Sheet(
            "Carbon intensity over time",
            [
                .words("From, UTC"), .number("To, UTC"), .number(Unit.shown("gCO2eq/kWh")), .number("Energy"),
                .words("Remark"),
            ], rows: rows, note: sci.components.emissionsFactor.fallbackSource.map { "The other source: \($0)." } ?? ""
        ).trimmed(to: 48)
    }
}

internal import Documents

extension Verification {
    /// The score, step by step, each from what is stored of the step before.
    static func checkScore(_ root: Field, _ facts: Facts, _ comparison: inout Comparison) {
        let sci = root["results"]["sci"]
        guard sci.given != nil else { return }
        let parts = sci["components"]
        let energy = parts["energy_consumption"]["value"]
        comparison.expect(energy, facts.joules.map { $0 / 3_600_000 }, "the measured joules / 3600000")
        let factor = parts["emissions_factor"]
        let slices = (try? factor["slices"].given?.elements()) ?? []
        var grams = energy.value.number.flatMap { energy in factor["value"].value.number.map { energy * $0 } }
        if !slices.isEmpty {
            check(slices, root, &comparison)
            let pairs = slices.compactMap { slice in
                slice["kWh"].value.number.flatMap { energy in slice["value"].value.number.map { (energy, $0) } }
            }
            let total = pairs.reduce(0) { $0 + $1.0 }
            comparison.expect(energy, total, "the sum of the slices' kWh")
            grams = pairs.reduce(0) { $0 + $1.0 * $1.1 }
            if total > 0 {
                comparison.expect(factor["value"], grams.map { $0 / total }, "the slices' mean, weighted by kWh")
            }
        }
        let pue = parts["pue"]["value"].value.number
        let operational = grams.flatMap { grams in pue.map { grams * $0 } }
        comparison.expect(sci["operational"]["value"], operational, "the sum of kWh x gCO2eq/kWh, x PUE")
        let embodied = parts["embodied_carbon"]
        if let total = embodied["TE_g"].value.number, let life = embodied["EL_h"].value.number,
            let share = embodied["RS"].value.number, let seconds = facts.seconds, life > 0
        {
            comparison.expect(
                embodied["value"], Assessment.embodied(total, life: life, share: share, seconds: seconds),
                "TE_g x (time / EL_h) x RS")
        }
        checkFactors(root["inputs"], parts, &comparison)
        checkUnit(root, parts["functional_unit"], facts, &comparison)
        let unit = parts["functional_unit"]["value"]
        guard unit.value.number != 0 else { return comparison.reject(unit, "nothing can be divided by it") }
        guard let made = sci["operational"]["value"].value.number ?? operational,
            let other = embodied["value"].value.number
        else { return }
        comparison.expect(
            sci["value"], (made + other) / (unit.value.number ?? 1), "(operational + embodied) / functional unit")
        if let name = parts["functional_unit"]["name"].value.string {
            comparison.expect(sci["units"], same: .string("gCO2eq per \(name)"), "the functional unit's name")
        }
    }

    /// The slices follow upon each other from the window's start to its end.
    private static func check(_ slices: [Field], _ root: Field, _ comparison: inout Comparison) {
        var edge = root["start_time"]
        for slice in slices {
            if edge.given != nil {
                comparison.expect(slice["start"], same: edge.value, "where the one before ends")
            }
            edge = slice["end"]
        }
        if root["end_time"].given != nil { comparison.expect(edge, same: root["end_time"].value, "the window's end") }
    }

    /// The factors are those of the inputs.
    private static func checkFactors(_ inputs: Field, _ parts: Field, _ comparison: inout Comparison) {
        let factors = inputs["factors"].value
        let reason = "what the inputs say"
        for name in ["TE_g", "EL_h", "RS"] {
            comparison.expect(parts["embodied_carbon"][name], factors["embodied"][name].number, reason)
        }
        comparison.expect(parts["pue"]["value"], factors["pue"]["value"].number, reason)
        let factor = parts["emissions_factor"]
        let intensity = inputs["intensity"].value
        guard intensity != .null else { return }
        comparison.expect(factor["kind"], same: intensity["kind"], reason)
        comparison.expect(factor["region"], same: intensity["region"], reason)
        for (slice, asked) in zip((try? factor["slices"].elements()) ?? [], intensity["slices"].array) {
            comparison.expect(slice["value"], asked["value"].number, reason)
        }
    }

    private static func checkUnit(_ root: Field, _ unit: Field, _ facts: Facts, _ comparison: inout Comparison) {
        guard let asked = try? root["inputs"]["unit"].value.value(exactly: InputsEntry.Unit.self) else { return }
        let metrics = root["inputs"]["metrics"].value.array.compactMap {
            try? $0.value(exactly: ProjectMetric.self)
        }
        comparison.expect(
            unit["value"], facts.seconds.flatMap { try? asked.amount(metrics, seconds: $0) },
            "what the inputs say of the functional unit")
    }
}

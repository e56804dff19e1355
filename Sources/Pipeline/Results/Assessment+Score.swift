internal import Carbon
package import Documents
internal import Metering

extension Assessment {
    /// TE x (TiR / EL) x RS, in gCO2eq; the total in gCO2eq, the life in hours.
    static func embodied(_ total: Double, life: Double, share: Double, seconds: Double) -> Double {
        total * (seconds / 3600 / life) * share
    }

    /// The Software Carbon Intensity of the scope that is scored, by SCI 1.1; nil where the inputs have no factors.
    func score(_ scope: ScopeEntry) throws(Misread) -> SCIEntry? {
        guard let factors = inputs.factors, let intensity = inputs.intensity else { return nil }
        guard let energy = scope.energy else {
            throw Misread("results.sci", "the scope \(scope.scope) has no measured energy")
        }
        let amount = try inputs.unit.amount(inputs.metrics, seconds: seconds)
        let slices = try slices(intensity, energy)
        let grams = slices.reduce(0) { $0 + $1.kWh * $1.value }
        let total = slices.reduce(0) { $0 + $1.kWh }
        // Without any energy the mean over time is as good as any.
        let mean = total > 0 ? grams / total : slices.reduce(0) { $0 + $1.value } / Double(max(slices.count, 1))
        let embodied = Self.embodied(
            factors.embodied.total, life: factors.embodied.life, share: factors.embodied.share, seconds: seconds)
        let operational = grams * factors.pue.value
        return SCIEntry(
            components: SCIEntry.Components(
                energyConsumption: SCIEntry.Quantity(units: "kWh", value: energy.kilowattHours),
                emissionsFactor: SCIEntry.EmissionsFactor(
                    region: intensity.region, value: mean, kind: intensity.kind.rawValue, source: intensity.source,
                    sourceRevision: intensity.revision, factorType: intensity.factorType,
                    fallbackSource: intensity.fallbackSource, slices: slices),
                embodiedCarbon: SCIEntry.Embodied(
                    value: embodied, totalG: factors.embodied.total, lifeH: factors.embodied.life,
                    share: factors.embodied.share, source: factors.embodied.source),
                pue: SCIEntry.PUE(provider: factors.pue.provider, value: factors.pue.value),
                functionalUnit: SCIEntry.FunctionalUnit(
                    name: inputs.unit.name, value: amount, source: inputs.unit.source)),
            operational: SCIEntry.Quantity(units: "gCO2eq", value: operational),
            units: "gCO2eq per \(inputs.unit.name)", value: (operational + embodied) / amount)
    }

    /// The energy of each slice of the window, at its own intensity; together they are the scope's.
    private func slices(
        _ intensity: AppliedIntensity, _ energy: EnergyEntry
    ) throws(Misread) -> [SCIEntry.EmissionsFactor.Slice] {
        guard let first = intensity.slices.first, let last = intensity.slices.last,
            first.start == run.start.description, last.end == run.end.description
        else { throw Misread("inputs.intensity", "it is not of the window from \(run.start) to \(run.end)") }
        guard intensity.slices.count > 1 else {
            return [slice(first, kWh: energy.kilowattHours)]
        }
        guard let group = groups.first(where: { $0.scope == inputs.primary }) else { return [] }
        var edges = [run.start]
        for (index, part) in intensity.slices.enumerated() {
            guard let end = Moment(part.end), end > edges[index], part.start == edges[index].description else {
                throw Misread("inputs.intensity.slices[\(index)]", "does not begin where the one before ends")
            }
            edges.append(end)
        }
        let rises = meter.rises(.energy, of: group.contains, at: edges)
        let slices = zip(intensity.slices, rises).map { slice($0, kWh: Self.units($1) / 3_600_000) }
        return slices
    }

    private func slice(_ part: AppliedIntensity.Slice, kWh: Double) -> SCIEntry.EmissionsFactor.Slice {
        SCIEntry.EmissionsFactor.Slice(
            start: part.start, end: part.end, value: part.value, kWh: kWh, estimated: part.estimated,
            fallback: part.fallback)
    }
}

extension InputsEntry.Unit {
    /// How many of the unit a window of so many seconds did; throws if that is nothing or not known.
    package func amount(_ metrics: [ProjectMetric], seconds window: Double) throws(Misread) -> Double {
        let amount: Double
        if let value {
            amount = value
        } else if let seconds, seconds > 0 {
            amount = window / seconds
        } else if let metric {
            guard let asked = metrics.first(where: { $0.name == metric || $0.query == metric }) else {
                throw Misread("functional_unit.metric", "\(metric) was not collected")
            }
            let result = asked.result
            guard let number = result.value else {
                throw Misread("functional_unit.metric", "\(metric): \(result.reason ?? "it has no value")")
            }
            amount = number
        } else {
            throw Misread("functional_unit", "has neither value, metric nor seconds")
        }
        guard amount.isFinite, amount > 0 else {
            throw Misread("functional_unit", "\(amount) of \(name): nothing can be divided by it")
        }
        return amount
    }

    /// `count`, `time`, or the metric.
    var source: String { metric ?? (seconds == nil ? "count" : "time") }
}

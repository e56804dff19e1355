internal import Results

/// How the numbers of one run are written: those of the first generation's gauges are marked as estimates.
struct Tone {
    let estimate: Bool

    init(estimate: Bool) { self.estimate = estimate }
    init(of run: RunDocument) { estimate = run.collection?.isEstimated ?? false }

    private var mark: String { estimate ? "\u{2248} " : "" }

    /// What stands over a column of lower..upper.
    var rangeHeading: String { estimate ? "Range, estimated" : "Bounds" }

    /// A number; empty where there is none.
    func text(_ value: Double?, _ unit: String, from lower: Double? = nil, to upper: Double? = nil) -> String {
        value.map { mark + Unit.reading($0, unit, from: lower, to: upper).text } ?? ""
    }

    /// Its bounds, like `7.840..7.893 kJ`; empty where there are none.
    ///
    /// Where they are one number, the counters were read at both edges: a measurement is then `exact`, and of an estimate
    /// there is nothing to say.
    func range(_ value: Double?, _ unit: String, from lower: Double?, to upper: Double?) -> String {
        if let lower, lower == upper { return estimate || value == 0 ? "" : "exact" }
        return value.flatMap { Unit.reading($0, unit, from: lower, to: upper).range } ?? ""
    }

    /// The energy, its bounds.
    func energy(_ energy: EnergyEntry) -> String {
        text(energy.grossJ, "J", from: energy.lowerJ, to: energy.upperJ)
    }
    func range(_ energy: EnergyEntry) -> String {
        range(energy.grossJ, "J", from: energy.lowerJ, to: energy.upperJ)
    }

    /// Like `5.946 \u{B1} 0.031 kJ`, half of the 95 % interval behind it.
    func net(_ net: EnergyEntry.Net) -> String { mark + Unit.text(net.netJ, "J", orSo: net.uncertaintyJ) }

    /// The mean power of the quiet window, and its standard deviation.
    func quiet(_ net: EnergyEntry.Net) -> String { mark + Unit.text(net.powerW, "W", orSo: net.powerSdW) }
}

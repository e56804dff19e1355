internal import Glibc

/// Round numbers along an axis: steps of 1, 2 or 5 times a power of ten.
package struct Ticks: Equatable, Sendable {
    /// Rising, each a multiple of the step.
    package let values: [Double]
    package let step: Double
    /// How many decimals tell the ticks apart.
    package let decimals: Int

    /// About so many ticks, from the one at or below `low` to the one at or above `high`.
    ///
    /// Never more than twice as many as asked for, and never fewer than two.
    package init(over domain: ClosedRange<Double>, about count: Int) {
        let count = Double(max(count, 1))
        let (low, high) = (domain.lowerBound, domain.upperBound)
        let rough = max(high / count - low / count, max(abs(low), abs(high)) * 1e-12, 1e-300)
        let power = pow(10, log10(rough).rounded(.down))
        let factor = [1.0, 2, 5, 10].first { $0 * power >= rough * 0.999_999 } ?? 10
        let step = factor * power
        let first = (low / step + 1e-9).rounded(.down)
        let last = (high / step - 1e-9).rounded(.up)
        self.step = step
        decimals = max(Int(-log10(step).rounded(.down)), 0)
        guard first.isFinite, last.isFinite, last > first, last - first < 1000 else {
            values = [low, high]
            return
        }
        values = stride(from: first, through: last, by: 1).map { $0 == 0 ? 0 : $0 * step }
    }

    /// As many ticks as there is room for their labels between two pixels, at least two.
    static func fitting(_ domain: ClosedRange<Double>, in room: Double, unit: String) -> Ticks {
        var count = max(Int(min(room, 10_000) / 70), 2)
        while count > 1 {
            let ticks = Ticks(over: domain, about: count)
            let widest = ticks.labels(unit).map(Label.width).max() ?? 0
            if (widest + 10) * Double(ticks.values.count - 1) <= room { return ticks }
            count -= 1
        }
        return Ticks(over: domain, about: 1)
    }

    /// What is written at each, in one unit for all of them: `0`, `500 mW`, `1 W`, or without the unit's name.
    func labels(_ base: String, named: Bool = true) -> [String] {
        let largest = values.map(abs).max() ?? 0
        let unit = Unit(of: base, for: largest)
        let decimals = max(Int(-log10(step / unit.factor * 1.000_001).rounded(.down)), 0)
        return values.map { value in
            let number =
                decimals > 9
                ? Digits.significant(value / unit.factor, 3) : Digits.fixed(value / unit.factor, decimals: decimals)
            return value == 0 ? "0" : named && !unit.name.isEmpty ? "\(number) \(unit.name)" : number
        }
    }
}

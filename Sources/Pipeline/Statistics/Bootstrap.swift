/// What a mean could have been as well, by drawing the same numbers again (Efron and Tibshirani, An Introduction to the
/// Bootstrap, 1993); the same seed gives the same answer.
package enum Bootstrap {
    /// The mean with its percentile interval; nil of fewer than two numbers. Of few numbers it is too narrow.
    package static func mean(
        _ values: [Double], confidence: Double = 0.95, resamples: Int = 2000, seed: UInt64 = 1
    ) -> Interval? {
        guard values.count > 1, resamples > 0, let mean = Descriptive.mean(values) else { return nil }
        var generator = Generator(seed: seed)
        var means: [Double] = []
        means.reserveCapacity(resamples)
        for _ in 0..<resamples {
            var sum = 0.0
            for _ in values.indices { sum += values[generator.place(below: values.count)] }
            means.append(sum / Double(values.count))
        }
        means.sort()
        guard let lower = Descriptive.quantile(sorted: means, (1 - confidence) / 2),
            let upper = Descriptive.quantile(sorted: means, (1 + confidence) / 2)
        else { return nil }
        return Interval(mean, from: lower, to: upper)
    }

    /// The standard deviation of the weighted mean of numbers in a row, each of which is like its neighbours: the power
    /// between scrapes, weighted by how long it held.
    ///
    /// Whole blocks of neighbours are drawn, each from any place and around the end (the circular block bootstrap of
    /// Politis and Romano, 1992); `block` is how long one is, in the unit of the weights. k blocks vary too little by the
    /// factor (k - 1) / k, which is made good. Nil where there are not at least two blocks, or a weight is not above 0.
    package static func meanDeviation(
        of values: [Double], weights: [Double], block: Double, resamples: Int = 1000, seed: UInt64 = 1
    ) -> Double? {
        let total = weights.reduce(0, +)
        guard values.count == weights.count, values.count > 1, resamples > 1, weights.allSatisfy({ $0 > 0 }),
            total.isFinite, block.isFinite, block > 0
        else { return nil }
        // A block holds whole numbers, and at least one.
        let length = max(block, total / Double(values.count))
        let blocks = total / length
        guard blocks >= 2 else { return nil }
        var generator = Generator(seed: seed)
        var means: [Double] = []
        for _ in 0..<resamples {
            var (sum, weight) = (0.0, 0.0)
            while weight < total * (1 - 1e-12) {
                var place = generator.place(below: values.count)
                var rest = min(length, total - weight)
                while rest > total * 1e-12 {
                    // The last one of a block, and of all, counts only as far as there is room.
                    let part = min(weights[place], rest)
                    sum += values[place] * part
                    weight += part
                    rest -= part
                    place = place + 1 < values.count ? place + 1 : 0
                }
            }
            means.append(sum / weight)
        }
        return Descriptive.deviation(means).map { $0 * (blocks / (blocks - 1)).squareRoot() }
    }
}

internal import Samples

/// The first generation's gauges as counters.
///
/// `pod_curr_energy_…_millijoule` is the energy of the last three seconds (Kepler 0.3's `samplePeriodSec`), so a power;
/// between two samples its mean is taken. No bound is rigorous: what was between two samples of a gauge is not known.
extension Unroller {
    /// Kepler 0.3's period, in microseconds.
    private static let period: UInt64 = 3_000_000

    /// What a gauge's raw series add up to; `scale` makes microjoules of a value. Nil if no sample is a number.
    mutating func integral(_ raw: [(series: Series, station: Int)], scale: Double) -> Counter? {
        read(raw, scale: scale)
        guard let first = readings.first else { return nil }
        var counter = Counter(limit: limit, capacity: readings.count + 2)
        let station = stations[first.station]
        var last: UInt64 = 0
        if let before = station.time(before: first) {
            counter.isBorn = true
            counter.rise(by: 0, until: before)
            add(&counter, from: 0, to: first.value, until: first.time)
        } else {
            counter.rise(by: 0, until: first.time)
        }
        last = first.value
        for reading in readings.dropFirst() {
            add(&counter, from: last, to: reading.value, until: reading.time)
            last = reading.value
        }
        if let reading = readings.last, let gone = absence(after: reading) {
            counter.end = .gone
            add(&counter, from: last, to: 0, until: gone.time)
        }
        return counter
    }

    private func add(_ counter: inout Counter, from one: UInt64, to other: UInt64, until time: Int64) {
        guard let before = counter.times.last, time > before else { return }
        let span = UInt64(time - before)
        func energy(_ value: UInt64, per period: UInt64) -> UInt64 {
            let product = value.multipliedFullWidth(by: span)
            return product.high < period ? period.dividingFullWidth(product).quotient : .max
        }
        let amount = energy(one.addingOrFull(other), per: 2 * Self.period)
        guard isPossible(max(one, other), in: Int64(Self.period)) else {
            counter.rise(by: 0, until: time, .unknown(atLeast: 0))
            counter.markImplausible()
            return
        }
        counter.rise(
            by: amount, until: time,
            .between(energy(min(one, other), per: Self.period), energy(max(one, other), per: Self.period)))
    }
}

internal import Samples

/// A gauge's samples, each of which holds until the next or until it was gone.
struct Gauge: Sendable {
    let samples: [Sample]
    /// When it was gone, in microseconds; nil if it never was.
    let gone: Int64?

    init(_ series: Series, of station: Station) {
        samples = series.samples
        let last = samples.last?.time ?? .max
        let next = station.scrapes.firstIndex(after: last)
        // A value that was taken before its scrape may have been left out of the next as no news.
        let isExact = next > 0 && station.scrapes[next - 1] == last
        let absent = isExact ? next : next + 1
        gone = absent < station.scrapes.count ? Instant.microseconds(station.scrapes[absent]) : nil
    }

    /// What several gauges were together in a span of time, over the time when any of them was there; nil if none was.
    static func spread(of gauges: [Gauge], from start: Int64, to end: Int64) -> Spread? {
        var changes: [Change] = []
        for gauge in gauges { gauge.changes(from: start, to: end, into: &changes) }
        if gauges.count > 1 { changes.sort { $0.time < $1.time } }
        var held: [(value: Double, time: Double)] = []
        var sum = 0.0
        var present = 0
        for (index, change) in changes.enumerated() {
            sum += change.value
            present += change.present
            let next = index + 1 < changes.count ? changes[index + 1].time : end
            if present > 0, next > change.time { held.append((sum, Double(next - change.time))) }
        }
        let time = held.reduce(0) { $0 + $1.time }
        guard time > 0 else { return nil }
        held.sort { $0.value < $1.value }
        var passed = 0.0
        let high = held.first { held in
            passed += held.time
            return passed >= 0.95 * time
        }
        let highest = held.last?.value ?? 0
        return Spread(
            mean: held.reduce(0) { $0 + $1.value * $1.time } / time, highest: highest, high: high?.value ?? highest)
    }

    private struct Change {
        let time: Int64
        let value: Double
        let present: Int
    }

    /// By how much the value changes when, beginning with none; bytes are whole numbers, so their sums are exact.
    private func changes(from start: Int64, to end: Int64, into changes: inout [Change]) {
        var value = 0.0
        var isPresent = false
        var first = samples.partition { Instant.microseconds($0.time) <= start }
        while first > 0, !samples[first - 1].value.isFinite { first -= 1 }
        if first > 0, gone ?? .max > start {
            value = samples[first - 1].value
            isPresent = true
            changes.append(Change(time: start, value: value, present: 1))
        }
        for sample in samples[first...] where sample.value.isFinite {
            let time = Instant.microseconds(sample.time)
            guard time < end else { return }
            guard time > start else { continue }
            changes.append(Change(time: time, value: sample.value - value, present: isPresent ? 0 : 1))
            value = sample.value
            isPresent = true
        }
        if isPresent, let gone, gone < end { changes.append(Change(time: gone, value: -value, present: -1)) }
    }
}

internal import Documents
internal import Samples

extension Series {
    /// By how much a counter rose between two times, in its own unit, linear between samples; a fall is a new beginning.
    ///
    /// Nil if no two samples tell of the time. It has no bounds: those are `Meter`'s.
    func rise(from start: Moment, to end: Moment) -> Double? {
        var sum = 0.0
        var isKnown = false
        let numbers = samples.filter(\.value.isFinite)
        for (one, other) in zip(numbers, numbers.dropFirst()) {
            let from = max(one.time, start.milliseconds)
            let to = min(other.time, end.milliseconds)
            guard to > from, other.time > one.time else { continue }
            let rise = other.value >= one.value ? other.value - one.value : other.value
            sum += rise * (Double(to - from) / Double(other.time - one.time))
            isKnown = true
        }
        return isKnown && sum.isFinite ? sum : nil
    }
}

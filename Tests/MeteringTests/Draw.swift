/// What something draws over time: whole watts in steps, so that its energy is known to the microjoule.
struct Draw: Sendable {
    /// When each step begins, in milliseconds, and its watts; nothing before the first.
    private var steps: [(from: Int64, watts: Int64)] = []

    /// Steps in the order of time.
    init(_ steps: [(from: Int64, watts: Int64)]) { self.steps = steps }

    /// A straight line from one power to another, in whole watts every tenth of a second.
    static func ramp(_ from: Double, _ to: Double, over span: ClosedRange<Int64>) -> Draw {
        let times = stride(from: span.lowerBound, to: span.upperBound, by: 100)
        return Draw(
            times.map { time in
                let part = Double(time - span.lowerBound + 50) / Double(span.upperBound - span.lowerBound)
                return (time, Int64((from + (to - from) * part).rounded()))
            } + [(span.upperBound, 0)])
    }

    /// The energy from the beginning of time until an instant in microseconds, in microjoules.
    func energy(until time: Int64) -> Int64 {
        var sum: Int64 = 0
        for (index, step) in steps.enumerated() {
            let from = step.from * 1000
            guard from < time else { break }
            let end = index + 1 < steps.count ? min(steps[index + 1].from * 1000, time) : time
            sum += step.watts * (end - from)
        }
        return sum
    }

    /// The energy of a span in milliseconds, in microjoules.
    func energy(from start: Int64, to end: Int64) -> Int64 { energy(until: end * 1000) - energy(until: start * 1000) }
}

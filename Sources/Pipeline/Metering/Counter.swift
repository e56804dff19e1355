/// A counter over the whole recording, unrolled: it never falls, and begins at 0 where it is first known.
///
/// Times are microseconds of Unix time, totals millionths of the metric's unit.
struct Counter: Sendable {
    /// What is known of the rise up to a point, where it is not the plain difference.
    enum Rise: Sendable {
        /// At least this much, and at most what the platform can do in that time: a restart, a reset, a gap.
        case unknown(atLeast: UInt64)
        /// Between these, as far as a gauge can tell.
        case between(UInt64, UInt64)
    }

    /// How a counter came to its end.
    enum End: Sendable {
        /// With the recording: what it did afterwards is not known.
        case open
        /// It was gone at a scrape, by the time of the last point.
        case gone
    }

    private(set) var times: [Int64] = []
    private(set) var totals: [UInt64] = []
    /// By the index of the point that the rise leads to.
    private(set) var rises: [Int: Rise] = [:]
    /// When it began anew, and increments that were left out, by the time of the point after.
    private(set) var resets: [Int64] = []
    private(set) var implausible: [Int64] = []
    /// Whether it was known to be 0 at its first point.
    var isBorn = false
    /// How long it may have counted before it was shown, in microseconds.
    var hidden: Int64 = 0
    var end = End.open
    /// Whether the times of its points are those of their values, as our agent says them: then the platform's limit tells how
    /// much of a rise can lie on one side of an edge.
    var isTimed = false
    /// The most that it can rise, in millionths of its unit per microsecond.
    let limit: Double

    init(limit: Double, capacity: Int = 0) {
        self.limit = limit
        times.reserveCapacity(capacity)
        totals.reserveCapacity(capacity)
    }

    /// Adds a point; one that is not younger than the last is left out.
    mutating func rise(by amount: UInt64, until time: Int64, _ rise: Rise? = nil) {
        guard time > times.last ?? .min else { return }
        if let rise { rises[times.count] = rise }
        times.append(time)
        totals.append((totals.last ?? 0).addingOrFull(amount))
    }

    mutating func markReset() { if let time = times.last { resets.append(time) } }
    mutating func markImplausible() { if let time = times.last { implausible.append(time) } }

    /// Whether it may have counted in a span of time.
    func isAlive(from start: Int64, to end: Int64) -> Bool {
        guard let first = times.first, let last = times.last else { return false }
        let began = isBorn ? first &- hidden : .min
        return began < end && (self.end == .open || last > start)
    }

    /// What it had counted at a time, by linear interpolation; at most the last total, at least 0.
    func total(at time: Int64) -> UInt64 {
        let next = times.firstIndex(notBefore: time)
        guard next < times.count else { return totals.last ?? 0 }
        guard next > 0, times[next] > time else { return totals[next] }
        let elapsed = UInt64(time - times[next - 1])
        let span = UInt64(times[next] - times[next - 1])
        let product = (totals[next] - totals[next - 1]).multipliedFullWidth(by: elapsed)
        return totals[next - 1] + span.dividingFullWidth(product).quotient
    }

    /// By how much it rose in a span of time.
    func part(from start: Int64, to end: Int64) -> Part {
        var part = Part()
        guard start < end, let first = times.first, let last = times.last else { return part }
        part.value = total(at: end) - total(at: start)
        let inner = times.firstIndex(notBefore: start)
        let after = times.firstIndex(after: end)
        if inner + 1 < after {
            let whole = totals[after - 1] - totals[inner]
            part.lower = whole
            part.certain = whole
            if !rises.isEmpty { correct(&part, inner + 1..<after) }
        }
        if inner > 0, inner < times.count, times[inner] > start {
            straddle(inner, from: start, to: end, &part)
        }
        // The point after the end has its own rise, unless that is the one just counted.
        if after > inner, after > 0, after < times.count, times[after - 1] < end {
            straddle(after, from: start, to: end, &part)
        }
        if !isBorn, first > start { part.widened.append((start, min(first, end))) }
        if self.end == .open, last < end { part.widened.append((max(last, start), end)) }
        if isBorn, hidden > 0 {
            let shown = times.count > 1 ? totals[1] : 0
            if first - hidden < start, start <= first { part.lower -= min(part.lower, shown) }
            if first - hidden < end, end <= first { part.certain = part.certain.addingOrFull(shown) }
        }
        return part
    }

    /// Puts what is known of some rises in the place of their plain differences.
    private func correct(_ part: inout Part, _ indices: Range<Int>) {
        for (index, rise) in rises where indices.contains(index) {
            let plain = totals[index] - totals[index - 1]
            part.lower -= min(part.lower, plain)
            part.certain -= min(part.certain, plain)
            switch rise {
            case .unknown(let least):
                part.lower = part.lower.addingOrFull(min(least, plain))
                widen(&part, times[index - 1], times[index], atLeast: plain)
            case .between(let least, let most):
                part.lower = part.lower.addingOrFull(least)
                part.certain = part.certain.addingOrFull(most)
            }
        }
    }

    /// Adds the rise to a point that an edge divides: all of it or nothing may lie on this side.
    private func straddle(_ index: Int, from start: Int64, to end: Int64, _ part: inout Part) {
        let plain = totals[index] - totals[index - 1]
        let from = max(start, times[index - 1])
        let to = min(end, times[index])
        let value = total(at: to) - total(at: from)
        part.interpolated = part.interpolated.addingOrFull(value)
        switch rises[index] {
        case nil:
            let (least, most) = share(index, plain, to - from)
            part.lower = part.lower.addingOrFull(least)
            part.certain = part.certain.addingOrFull(most)
        case .between(_, let most): part.certain = part.certain.addingOrFull(most)
        case .unknown: widen(&part, from, to, atLeast: value)
        }
    }

    /// How much of a rise at least and at most lies in a part of its time.
    private func share(_ index: Int, _ plain: UInt64, _ elapsed: Int64) -> (UInt64, UInt64) {
        let span = times[index] - times[index - 1]
        // What is shown with a name may have been used long before.
        guard isTimed, !(isBorn && index == 1), plain <= UInt64(most: limit, over: span) else { return (0, plain) }
        let rest = UInt64(most: limit, over: span - elapsed + Self.jitter)
        return (plain - min(plain, rest), min(plain, UInt64(most: limit, over: elapsed + Self.jitter)))
    }

    /// How far the readings of one sample lie apart at most, in microseconds.
    private static let jitter: Int64 = 2000

    private func widen(_ part: inout Part, _ from: Int64, _ to: Int64, atLeast value: UInt64) {
        part.widened.append((from, to))
        let most = UInt64(most: limit, over: to - from)
        if value > most { part.certain = part.certain.addingOrFull(value - most) }
    }
}

/// By how much one counter, or several of one node together, rose in a span of time.
struct Part: Sendable {
    var value: UInt64 = 0
    var lower: UInt64 = 0
    /// The upper bound, without what the platform could have done in the spans `widened`.
    var certain: UInt64 = 0
    /// Where only the platform's limit is known.
    var widened: [(Int64, Int64)] = []
    /// Of the value, what lies between a point inside and one outside.
    var interpolated: UInt64 = 0

    static func += (sum: inout Part, part: Part) {
        sum.value = sum.value.addingOrFull(part.value)
        sum.lower = sum.lower.addingOrFull(part.lower)
        sum.certain = sum.certain.addingOrFull(part.certain)
        sum.interpolated = sum.interpolated.addingOrFull(part.interpolated)
        if !part.widened.isEmpty { sum.widened += part.widened }
    }

    /// The bounds: all counters of one node together rise no faster than the limit either.
    func estimate(limit: Double) -> Estimate {
        var length: Int64 = 0
        if widened.count == 1 {
            length = widened[0].1 - widened[0].0
        } else if !widened.isEmpty {
            var reached = Int64.min
            for (from, to) in widened.sorted(by: { $0.0 < $1.0 }) where to > reached {
                length += to - max(from, reached)
                reached = to
            }
        }
        return Estimate(value, from: lower, to: max(value, certain.addingOrFull(UInt64(most: limit, over: length))))
    }
}

extension UInt64 {
    /// The sum, or the greatest number there is: a recording can hold any values, and none may trap.
    func addingOrFull(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    /// What a limit allows in some microseconds, rounded up.
    init(most limit: Double, over microseconds: Int64) {
        self.init(reading: (limit * Double(microseconds)).rounded(.up))
    }

    /// A number of a calculation: 0 if it is negative or none, full if it is too large.
    init(reading number: Double) {
        guard number > 0 else {
            self = 0
            return
        }
        self = UInt64(exactly: number.rounded()) ?? .max
    }
}

extension [Int64] {
    /// The first index whose element is not below a time; the array is sorted.
    func firstIndex(notBefore time: Int64) -> Int { partition { $0 < time } }
    /// The first index whose element is above a time; the array is sorted.
    func firstIndex(after time: Int64) -> Int { partition { $0 <= time } }
}

extension Array {
    /// The first index whose element is not of the beginning; the array begins with all that are.
    func partition(_ isBefore: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

import Foundation

/// What Prometheus' functions shall return, worked out from the ledger's history and the instants of the scrapes.
///
/// A scrape is an instant and the sample that it saw. Functions follow Prometheus' documentation ("Query functions")
/// and, where that says "extrapolated", promql/functions.go of Prometheus 2.42: `extrapolatedRate` and `instantValue`.
struct Truth: Sendable {
    /// One scrape: its time, and the place of the sample that it saw.
    struct Moment: Sendable {
        let time: Double
        let state: Int
    }

    let history: LedgerHistory
    /// The scrapes of each job.
    let scrapes: [String: [Moment]]
    /// When scrapes of each job failed, which makes series stale.
    let failures: [String: [Double]]
    /// When the expression is evaluated.
    let at: Double
    /// The job whose series are meant.
    var job = "dev"

    /// The same of another job.
    func of(_ job: String) -> Truth {
        var other = self
        other.job = job
        return other
    }

    /// The same at another time, for a rule; without the last scrapes if they were still under way.
    func at(_ time: Double, without seconds: Double = 0) -> Truth {
        Truth(
            history: history, scrapes: scrapes.mapValues { $0.filter { $0.time <= time - seconds } },
            failures: failures, at: time, job: job)
    }

    // MARK: Series

    /// One series: its labels, as far as they are of interest, and its value as of a sample.
    struct Subject {
        var labels: [String: String]
        let value: (Int) -> Double?
    }

    /// What a value is.
    enum Quantity { case joules, watts }

    /// The series of everybody at a level, one for each kind of zone, or one for all of the kinds together.
    func series(
        _ level: LedgerHistory.Level, _ quantity: Quantity, _ kinds: [String], together: Bool = false,
        where isMeant: ([String: String]) -> Bool = { _ in true }
    ) -> [Subject] {
        let places = kinds.compactMap { LedgerHistory.kinds.firstIndex(of: $0) }
        // Of a GPU there is nothing.
        guard !places.isEmpty else { return [] }
        var owners: Set<Int> = []
        for moment in within(900) { owners.formUnion(history.states[moment.state].accounts[level, default: [:]].keys) }
        return owners.sorted().filter { isMeant(history.owners[$0]) }.flatMap { owner in
            (together ? [places] : places.map { [$0] }).map { group in
                var labels = history.owners[owner]
                if !together { labels["zone"] = LedgerHistory.kinds[group[0]] }
                return Subject(labels: labels) { state in
                    history.states[state].accounts[level]?[owner].map { account in
                        let values = quantity == .joules ? account.joules : account.watts
                        return group.reduce(0) { $0 + values[$1] }
                    }
                }
            }
        }
    }

    private func within(_ seconds: Double) -> ArraySlice<Moment> {
        let all = scrapes[job, default: []]
        let first = all.firstIndex { $0.time >= at - seconds } ?? all.endIndex
        let end = all.firstIndex { $0.time > at } ?? all.endIndex
        return all[min(first, end)..<end]
    }

    /// The share of CPU time that was worked, as of the last scrape.
    var usage: Double { moment(at: at).map { history.states[$0.state].usage } ?? .nan }

    /// The scrape that an instant vector is of: the last one, unless one failed since.
    private func moment(at time: Double) -> Moment? {
        guard let last = scrapes[job, default: []].last(where: { $0.time <= time }) else { return nil }
        return failures[job, default: []].contains { $0 > last.time && $0 <= time } ? nil : last
    }

    // MARK: Functions

    typealias Vector = [[String: String]: Double]

    private func each(_ subjects: [Subject], _ function: (Subject) -> Double?) -> Vector {
        var vector: Vector = [:]
        for subject in subjects { if let value = function(subject) { vector[subject.labels] = value } }
        return vector
    }

    private func points(_ subject: Subject, _ seconds: Double) -> [(time: Double, value: Double)] {
        within(seconds).compactMap { moment in subject.value(moment.state).map { (moment.time, $0) } }
    }

    /// An instant vector: the last scrape's.
    func now(_ subjects: [Subject]) -> Vector {
        guard let last = moment(at: at) else { return [:] }
        return each(subjects) { $0.value(last.state) }
    }

    /// `irate(…[seconds])`.
    func irate(_ subjects: [Subject], _ seconds: Double) -> Vector {
        each(subjects) { subject in
            let two = points(subject, seconds).suffix(2)
            guard two.count == 2, let a = two.first, let b = two.last else { return nil }
            return (b.value < a.value ? b.value : b.value - a.value) / (b.time - a.time)
        }
    }

    /// `rate(…[seconds])`, of a gauge too: every fall counts as a reset.
    func rate(_ subjects: [Subject], _ seconds: Double) -> Vector {
        each(subjects) { Self.increase(points($0, seconds), at - seconds, at).map { $0 / seconds } }
    }

    /// `increase(…[24h:step])`: the points are those of the instant vector at whole multiples of the step.
    func increase(_ subjects: [Subject], every step: Double) -> Vector {
        let day = 86_400.0
        var aligned: [(time: Double, state: Int)] = []
        for instant in stride(from: ((at - day) / step).rounded(.up) * step, through: at, by: step) {
            if let moment = moment(at: instant) { aligned.append((instant, moment.state)) }
        }
        return each(subjects) { subject in
            let points = aligned.compactMap { point in subject.value(point.state).map { (point.time, $0) } }
            return Self.increase(points, at - day, at)
        }
    }

    /// `sum_over_time(…[seconds])`.
    func sumOverTime(_ subjects: [Subject], _ seconds: Double) -> Vector {
        each(subjects) { subject in
            let all = points(subject, seconds)
            return all.isEmpty ? nil : all.reduce(0) { $0 + $1.value }
        }
    }

    /// `avg_over_time((…)[seconds:1s])`.
    func averageOverTime(_ seconds: Double, _ evaluate: (Truth) -> Vector) -> Vector {
        var all: [[String: String]: [Double]] = [:]
        for second in stride(from: (at - seconds).rounded(.up), through: at, by: 1) {
            for (labels, value) in evaluate(at(second)) { all[labels, default: []].append(value) }
        }
        return all.mapValues { $0.reduce(0, +) / Double($0.count) }
    }

    private static func increase(_ points: [(time: Double, value: Double)], _ start: Double, _ end: Double) -> Double? {
        guard points.count > 1, let first = points.first, let last = points.last else { return nil }
        var gain = last.value - first.value
        for (a, b) in zip(points, points.dropFirst()) where b.value < a.value { gain += a.value }
        let sampled = last.time - first.time
        let between = sampled / Double(points.count - 1)
        var toStart = first.time - start
        if gain > 0, first.value >= 0 { toStart = min(toStart, sampled * first.value / gain) }
        let toEnd = end - last.time
        let whole = sampled + [toStart, toEnd].reduce(0) { $0 + ($1 < between * 1.1 ? $1 : between / 2) }
        return gain * whole / sampled
    }
}

extension Truth.Vector {
    /// `sum by (…)`; a label that a series lacks is empty.
    func sum(by names: [String] = []) -> Self {
        reduce(into: [:]) { sums, entry in sums[entry.key.only(names), default: 0] += entry.value }
    }

    /// The only value.
    var value: Double { first?.value ?? .nan }

    static func * (vector: Self, factor: Double) -> Self { vector.mapValues { $0 * factor } }
}

extension [String: String] {
    /// These labels alone, without the empty ones.
    func only(_ names: [String]) -> Self { filter { names.contains($0.key) && !$0.value.isEmpty } }
}

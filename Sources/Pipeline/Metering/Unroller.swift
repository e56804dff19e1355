internal import Samples

/// Makes one counter of the raw series that are one consumer's: joins them, and finds births, restarts, resets and wraps.
struct Unroller {
    /// Where a counter begins.
    enum Origin: Sendable {
        /// At 0 when its consumer or the exporter begins.
        case exporter
        /// At 0 when its consumer begins; it is the kernel's and outlives the exporter.
        case kernel
        /// Somewhere in a register, which begins anew at a range if that is known.
        case register(range: UInt64?)
    }

    let stations: [Station]
    /// The most that a counter can rise, in millionths of its unit per microsecond.
    let limit: Double
    /// Of the counter that is being made, in the order of time.
    var readings: [Reading] = []
    /// How much older than its scrape a value may be: our agent says how old.
    private let slacks: [Int64]

    init(stations: [Station], limit: Double) {
        self.stations = stations
        self.limit = limit
        slacks = stations.map { station in
            station.isAgent ? 1_000_000 : max(5_000_000, Instant.microseconds(station.interval))
        }
    }

    /// The counter of some raw series and their stations; `scale` makes millionths of a unit of a value. Nil if no sample is
    /// a number. `returned` is what has moved into the counter without being used then: in the order of time.
    mutating func counter(
        _ raw: [(series: Series, station: Int)], scale: Double, origin: Origin, returned: [(Int64, UInt64)]? = nil
    ) -> Counter? {
        read(raw, scale: scale)
        guard let first = readings.first else { return nil }
        var counter = Counter(limit: limit, capacity: readings.count + 2)
        counter.isTimed = returned == nil && raw.allSatisfy { stations[$0.station].isTimed }
        begin(&counter, first, origin)
        var back = (returned ?? [])[...]
        while let next = back.first, next.0 <= first.time { back.removeFirst() }
        var last = first
        for reading in readings.dropFirst() {
            // Two scrapes may show one sample of our agent.
            guard reading.time > last.time else {
                if reading.station == last.station { last.scrape = reading.scrape }
                continue
            }
            var returns: UInt64 = 0
            while let next = back.first, next.0 <= reading.time {
                returns = returns.addingOrFull(next.1)
                back.removeFirst()
            }
            step(&counter, from: last, to: reading, origin, returns)
            last = reading
        }
        end(&counter, last)
        return counter
    }

    /// When the counter just made was gone, and what it had; nil if it was not, or if its exporter was restarted then.
    var leftover: (time: Int64, value: UInt64)? {
        guard let last = readings.last, let gone = absence(after: last), gone.sameLife else { return nil }
        return (gone.time, last.value)
    }

    private func begin(_ counter: inout Counter, _ first: Reading, _ origin: Origin) {
        let station = stations[first.station]
        if case .register = origin {
            counter.rise(by: 0, until: first.time)
        } else if let before = station.time(before: first) {
            // Names are waited for, and what was used meanwhile is shown with them.
            guard isPossible(first.value, in: first.time - before + Self.nameWait) else {
                counter.rise(by: 0, until: before)
                counter.rise(by: 0, until: first.time, .unknown(atLeast: 0))
                counter.markImplausible()
                return
            }
            counter.isBorn = true
            let hidden = station.nameWait
            guard isOfNewLife(first, since: before - hidden) else {
                counter.hidden = hidden
                counter.rise(by: 0, until: before)
                counter.rise(by: first.value, until: first.time)
                return
            }
            // What an earlier life had counted of it, nobody has seen.
            counter.rise(by: 0, until: before - hidden)
            counter.rise(by: first.value, until: first.time, .unknown(atLeast: first.value))
        } else {
            counter.rise(by: 0, until: first.time)
        }
    }

    /// Whether the exporter may have begun anew since a time, which is before the first reading.
    private func isOfNewLife(_ first: Reading, since time: Int64) -> Bool {
        let station = stations[first.station]
        guard first.isExact else { return false }
        var scrape = first.scrape
        while scrape > 0 {
            scrape -= 1
            if Self.differ(station.lives[scrape], station.lives[first.scrape]) { return true }
            if station.times[scrape] < time { break }
        }
        return false
    }

    private func step(
        _ counter: inout Counter, from last: Reading, to next: Reading, _ origin: Origin, _ returns: UInt64
    ) {
        let elapsed = next.time - last.time
        var amount = next.value &- last.value
        var rise: Counter.Rise?
        var isReset = false
        let isRestarted = isRestart(last, next)
        switch origin {
        case .exporter where isRestarted:
            amount = next.value
            rise = .unknown(atLeast: amount)
            isReset = true
        case .register(let range?) where next.value < last.value && last.value < range:
            amount = range - last.value + next.value
            if !isPossible(amount, in: elapsed + slacks[next.station]) {
                amount = next.value
                rise = .unknown(atLeast: amount)
                isReset = true
            }
        case _ where next.value < last.value:
            amount = next.value
            rise = .unknown(atLeast: amount)
            isReset = true
        case _ where isRestarted || wasAbsent(last, next):
            // It may have begun anew and outgrown what it was.
            rise = .unknown(atLeast: amount)
        default: break
        }
        amount -= min(amount, returns)
        if isPossible(amount, in: elapsed + slacks[next.station]) {
            counter.rise(by: amount, until: next.time, rise)
            if isReset { counter.markReset() }
        } else {
            counter.rise(by: 0, until: next.time, .unknown(atLeast: 0))
            counter.markImplausible()
        }
    }

    private func end(_ counter: inout Counter, _ last: Reading) {
        guard let gone = absence(after: last) else { return }
        counter.end = .gone
        // Our agent keeps what has ended for minutes, so nothing is missing from its last value.
        let isWhole = last.isFinal || stations[last.station].isAgent && gone.sameLife
        counter.rise(by: 0, until: gone.time, isWhole ? nil : .unknown(atLeast: 0))
    }

    /// The scrape at which a counter was gone, if there was one after its last reading.
    func absence(after last: Reading) -> (time: Int64, sameLife: Bool)? {
        let station = stations[last.station]
        // A value that was taken before its scrape may have been left out of the next as no news.
        let next = last.scrape + (last.isExact ? 1 : 2)
        guard next < station.times.count else { return nil }
        return (station.times[next], !Self.differ(station.lives[last.scrape], station.lives[next]))
    }

    private func isRestart(_ last: Reading, _ next: Reading) -> Bool {
        let before = stations[last.station]
        let after = stations[next.station]
        guard before.lives.indices.contains(last.scrape), after.lives.indices.contains(next.scrape) else {
            return false
        }
        let (one, other) = (before.lives[last.scrape], after.lives[next.scrape])
        return Self.differ(one, other) && (one >= 0 || last.station == next.station)
    }

    /// Whether two lives are different ones; where only one says when it began, nobody knows.
    private static func differ(_ one: Int64, _ other: Int64) -> Bool { one != other && (one < 0) == (other < 0) }

    private func wasAbsent(_ last: Reading, _ next: Reading) -> Bool {
        last.isExact && next.isExact && last.station == next.station && next.scrape > last.scrape + 1
            && stations[last.station].times[next.scrape - 1] > last.time
    }

    func isPossible(_ amount: UInt64, in microseconds: Int64) -> Bool {
        amount <= UInt64(most: limit, over: microseconds)
    }

    private static let nameWait: Int64 = 60_000_000
}

internal import Samples

/// One exporter of one node through the recording: when it was asked with success, and which of its lives answered.
///
/// An exporter that comes back under another address is the same station, if the same job asks it on the same node.
struct Station: Sendable {
    /// What tells the scraped targets apart.
    struct Target: Hashable, Sendable {
        let instance: String
        let job: String
        let path: String

        init(_ labels: [String: String]) {
            instance = labels["instance", default: ""]
            job = labels["job", default: ""]
            path = labels["metrics_path", default: ""]
        }
    }

    /// When it was asked, in milliseconds of Unix time.
    private(set) var scrapes: [Int64] = []
    /// When the values were taken that it gave, in microseconds: our agent says so, of others it is the scrape's time.
    private(set) var times: [Int64] = []
    /// Which life of the exporter answered: its start in hundredths of a second; below 0 if it does not say.
    private(set) var lives: [Int64] = []
    /// Whether it is our agent, which keeps what has ended and names the time of its samples.
    private(set) var isAgent = false
    /// Whether all values are of a known time, which our agent has named.
    private(set) var isTimed = true
    /// How long, in microseconds, our agent withholds a series for want of a name; 0 for others.
    private(set) var nameWait: Int64 = 0
    var node: String

    init(node: String) { self.node = node }

    /// Adds what one target answered.
    mutating func add(_ source: Source, ordinal: Int) {
        isAgent = isAgent || source.isAgent
        var merged = Station(node: node)
        merged.isAgent = isAgent
        merged.nameWait = max(nameWait, source.isAgent ? source.nameWait ?? Self.usualNameWait : 0)
        merged.isTimed = isTimed
        var mine = 0
        var start = 0
        var stamp = 0
        // Targets that answer by turns are one life, unless they say when they began.
        let isAnother = (scrapes.last ?? .min) < (source.scrapes.first ?? .max)
        let unknown = isAnother ? -Int64(ordinal) - 1 : lives.last ?? -1
        func keep(until time: Int64) {
            while mine < scrapes.count, scrapes[mine] < time {
                merged.append(scrapes[mine], times[mine], lives[mine])
                mine += 1
            }
        }
        for scrape in source.scrapes {
            keep(until: scrape)
            while start + 1 < source.starts.count, source.starts[start + 1].time <= scrape { start += 1 }
            while stamp < source.stamps.count, source.stamps[stamp].time < scrape { stamp += 1 }
            var life = unknown
            if start < source.starts.count, let began = Int64(exactly: (source.starts[start].value * 100).rounded()) {
                life = max(began, 0)
            }
            var time = Instant.microseconds(scrape)
            if stamp < source.stamps.count, source.stamps[stamp].time == scrape {
                let stamped = Self.stamped(source.stamps[stamp].value, at: time)
                merged.isTimed = merged.isTimed && stamped != nil
                time = stamped ?? time
            } else {
                merged.isTimed = false
            }
            merged.append(scrape, time, life)
        }
        keep(until: .max)
        self = merged
    }

    /// The usual time between two scrapes, in milliseconds; 0 if there are fewer than two.
    var interval: Int64 {
        guard scrapes.count > 1 else { return 0 }
        let gaps = zip(scrapes.dropFirst(), scrapes).map { $0 - $1 }.sorted()
        return gaps[gaps.count / 2]
    }

    private mutating func append(_ scrape: Int64, _ time: Int64, _ life: Int64) {
        guard scrape > scrapes.last ?? .min, Instant.isUsable(scrape) else { return }
        scrapes.append(scrape)
        // A clock that was set back is no reason to go back.
        times.append(max(time, times.last ?? .min))
        lives.append(life)
    }

    /// Our agent's own default, for one that does not say.
    private static let usualNameWait: Int64 = 10_000_000

    /// The time that an agent names, to the millisecond as phases are, so that a sample that was forced at an edge is that
    /// edge. Nil if the agent's clock and the scraper's are too far apart to be believed: a page is up to two minutes older
    /// than its scrape, and never younger.
    private static func stamped(_ seconds: Double, at scrape: Int64) -> Int64? {
        guard let time = Int64(exactly: (seconds * 1000).rounded()).map(Instant.microseconds) else { return nil }
        return (scrape - 120_000_000...scrape + 1_000_000).contains(time) ? time : nil
    }
}

/// One target as it was recorded.
struct Source {
    /// Its successful scrapes, in milliseconds.
    var scrapes: [Int64] = []
    /// When it had begun, and when it took its values, both in seconds and as of scrapes.
    var starts: [Sample] = []
    var stamps: [Sample] = []
    var isAgent = false
    /// As our agent says it, in microseconds.
    var nameWait: Int64?
    var node: String?

    /// Whether it is another process than that of a source, and both were there together for most of the time of one of them:
    /// no successor under another address, nor the same one under two.
    func isBeside(_ other: Source) -> Bool {
        func lives(_ source: Source) -> Set<Double> { Set(source.starts.map { ($0.value * 100).rounded() }) }
        let (mine, others) = (lives(self), lives(other))
        guard !mine.isEmpty, !others.isEmpty, mine.isDisjoint(with: others) else { return false }
        guard let start = other.scrapes.first, let end = other.scrapes.last, let first = scrapes.first,
            let last = scrapes.last
        else { return false }
        let together = scrapes.count { $0 >= start && $0 <= end } * 2 > scrapes.count
        return together || other.scrapes.count { $0 >= first && $0 <= last } * 2 > other.scrapes.count
    }

    /// Adds the times of a series to those of the scrapes.
    mutating func add(times samples: [Sample]) {
        var known = 0
        let isKnown = samples.allSatisfy { sample in
            while known < scrapes.count, scrapes[known] < sample.time { known += 1 }
            return known < scrapes.count && scrapes[known] == sample.time
        }
        guard !isKnown else { return }
        scrapes = Set(scrapes).union(samples.lazy.map(\.time)).sorted()
    }
}

/// Times of the recording.
enum Instant {
    /// Milliseconds as microseconds, within what can be subtracted without overflow.
    static func microseconds(_ milliseconds: Int64) -> Int64 { min(max(milliseconds, -limit), limit) * 1000 }

    /// Whether a time in milliseconds is one that anything can have been recorded at.
    static func isUsable(_ milliseconds: Int64) -> Bool { (-limit...limit).contains(milliseconds) }

    private static let limit: Int64 = 4_000_000_000_000_000
}

/// How long what is gone keeps a series of its own, so that every scraper sees its final value.
public struct Retention: Sendable {
    /// Nanoseconds from its end on.
    public let time: UInt64
    /// Pages that must have shown it since, however long ago it ended.
    public let pages: UInt64
    /// How many may be kept at once; the oldest make way first, whoever has seen them.
    public let most: Int

    /// Keeps what is gone for `time` nanoseconds and two pages, and at most so many.
    public init(time: UInt64 = 600_000_000_000, pages: UInt64 = 2, most: Int = 1000) {
        self.time = time
        self.pages = pages
        self.most = most
    }
}

/// Accounts whose owners are gone, oldest first.
struct Departures: Sendable {
    /// One of them.
    struct Departure: Sendable {
        let row: Ledger.Row
        /// The account's serial number, for the row may be another's by now.
        let serial: UInt64
        let time: UInt64
        let page: UInt64
    }

    private var queue = Queue<Departure>()
    /// How many of the queue are gone still.
    private var count = 0

    /// The one that has waited longest.
    var first: Departure? { queue.first }

    /// Takes in one that went.
    mutating func append(_ departure: Departure) {
        queue.append(departure)
        count += 1
    }

    /// Notes that one came back; its place in the queue stays until its turn.
    mutating func forgetOne() { count -= 1 }

    /// Whether the first one's time is up.
    func isDue(at time: UInt64, page: UInt64, by retention: Retention) -> Bool {
        guard let first else { return false }
        if count > retention.most { return true }
        return first.time &+ retention.time <= time && first.page + retention.pages <= page
    }

    /// Takes the first one out; `stillGone` says whether it counted.
    mutating func removeFirst(stillGone: Bool) {
        queue.removeFirst()
        if stillGone { count -= 1 }
    }
}

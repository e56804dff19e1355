/// Names by key, kept for a while after their source has let go of them.
///
/// Looking up allocates nothing. What is gone is forgotten after `retention`, and at once, oldest first, where more than
/// `capacity` are gone: memory is bounded by what is there and `capacity`.
public struct NameTable: Sendable {
    private struct Entry {
        var name: ContainerName
        var goneSince: UInt64?
    }

    /// How many names are known, those of the gone included.
    public var count: Int { entries.count }

    private let retention: UInt64
    private let capacity: Int
    private var entries: [String: Entry] = [:]
    /// The gone, oldest first; one that came back since has another `goneSince` or none.
    private var gone = Queue<(key: String, since: UInt64)>()

    /// An empty table that keeps the gone for so many nanoseconds, and at most so many of them.
    public init(retention: UInt64, capacity: Int) {
        self.retention = retention
        self.capacity = capacity
    }

    /// The name of a key; nil where none is known.
    public subscript(key: String) -> ContainerName? { entries[key]?.name }

    /// Notes a name; true when it is news.
    public mutating func learn(_ key: String, _ name: ContainerName) -> Bool {
        let isNew = entries[key]?.name != name
        entries[key] = Entry(name: name, goneSince: nil)
        return isNew
    }

    /// Notes that the source has let go of a key at `time`, nanoseconds.
    public mutating func lose(_ key: String, at time: UInt64) {
        guard entries[key] != nil, entries[key]?.goneSince == nil else { return }
        entries[key]?.goneSince = time
        gone.append((key, time))
    }

    /// Lets go of every key that is not among `present`.
    public mutating func keep(only present: Set<String>, at time: UInt64) {
        for key in entries.keys.filter({ !present.contains($0) }) { lose(key, at: time) }
    }

    /// Forgets what has been gone for too long; allocates nothing while nothing has.
    public mutating func forget(at time: UInt64) {
        while let (key, since) = gone.first, time >= since + retention || gone.count > capacity {
            if entries[key]?.goneSince == since { entries[key] = nil }
            gone.removeFirst()
        }
    }
}

/// How far the search for a name has come. A name is settled once and then stays, for a series whose labels changed
/// would be two.
public struct Naming: Sendable {
    /// The name that the series carries; nil while it is awaited, and the series withheld.
    public private(set) var settled: ContainerName?
    /// What was learned after that.
    public private(set) var later: ContainerName?
    /// Whether there is something left to learn.
    private(set) var isOpen = true
    private let since: UInt64

    /// A search that began at `time`, nanoseconds.
    init(since time: UInt64) { since = time }

    /// Takes what is known at `time`; settles for less than all of it after `wait` nanoseconds.
    mutating func learn(_ known: ContainerName?, at time: UInt64, wait: UInt64) {
        if let settled {
            if let known, known != settled { later = known }
        } else if known?.isComplete == true || time >= since &+ wait {
            settled = known ?? .unknown
        }
        isOpen = settled.map { !$0.isComplete && later?.isComplete != true } ?? true
    }
}

extension ContainerName {
    /// Nobody knows.
    public static let unknown = ContainerName(pod: "", namespace: "", container: "")
    /// Whether there is nothing more to learn.
    public var isComplete: Bool { !container.isEmpty }
}

/// What a zone's power was at different degrees of busyness, so spread that a long constant load pushes nothing out.
///
/// The range of busyness, from no CPU to all of them, is divided into classes that are narrower towards idle: class
/// `i` of 16 begins at a share of `(i / 16)^2`. Each class keeps its newest points.
struct IdleEvidence: Sendable {
    /// One observation.
    struct Point: Sendable {
        /// Busy CPUs.
        var work: Double
        /// Microwatts.
        var power: Double
        /// When, nanoseconds.
        var time: UInt64
    }

    /// Classes of busyness.
    static let classes = 16
    /// Points that each class keeps.
    static let depth = 4
    /// Points in all.
    static let capacity = classes * depth
    /// Fewer points than this say nothing.
    static let fewest = 12
    /// The idle power is known when its standard error is at most this share of it.
    static let tolerance = 0.1
    /// The load must have varied by this share of the CPUs.
    static let spread = 0.05

    /// The points, the idlest class first and each class in order of work.
    private(set) var points: [Point] = []
    private var count: [Int]

    /// No evidence yet, and room for `capacity` points.
    init(holds capacity: Int = IdleEvidence.capacity) {
        points.reserveCapacity(capacity)
        count = Array(repeating: 0, count: capacity > 0 ? Self.classes : 0)
    }

    /// When the newest point of the idlest class with any was seen; nil without evidence.
    var nearestToIdle: UInt64? {
        guard let filled = count.first(where: { $0 > 0 }) else { return nil }
        return points[..<filled].reduce(0) { max($0, $1.time) }
    }

    /// Adds a point in place of the oldest of its class where that is full.
    mutating func add(work: Double, of cpus: Double, power: Double, at time: UInt64) {
        let root = (work / cpus).squareRoot() * Double(Self.classes)
        let own = min(Self.classes - 1, Int(root))
        var first = 0
        for idler in 0..<own { first += count[idler] }
        if count[own] == Self.depth {
            var oldest = first
            for index in first..<first + Self.depth where points[index].time < points[oldest].time { oldest = index }
            points.remove(at: oldest)
            count[own] -= 1
        }
        var place = first
        while place < first + count[own], points[place].work < work { place += 1 }
        points.insert(Point(work: work, power: power, time: time), at: place)
        count[own] += 1
    }

    /// Whether the load varied enough for a line to say what no load costs: the busier points at least twice as
    /// busy as the idler ones, and a twentieth of the CPUs busier. Two points at either end do not count, for they
    /// may be chance.
    func varies(cpus: Double) -> Bool {
        guard points.count >= Self.fewest else { return false }
        let low = points[2].work
        let high = points[points.count - 3].work
        return high >= 2 * low && high - low >= Self.spread * cpus
    }
}

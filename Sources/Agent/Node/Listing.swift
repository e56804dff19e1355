import Attribution
import Exposition

/// What a page lists at one level: who, under which labels, with how much energy. Its room is reused from page to page.
struct Listing {
    /// The labels of one of them in each of the generations; those that a generation leaves out have none there.
    struct Labels {
        /// A number that no other had, for the place may be another's next time; nil where nobody has it.
        fileprivate var serial: UInt64?
        var ebpf = LabelSet()
        var current = LabelSet()
        var first = LabelSet()
        /// What all but one of the first generation's families have besides.
        var command = LabelSet()
    }

    /// One of them.
    struct Entry {
        /// Where its labels are; what has no reference in it is listed at no cost but its size.
        fileprivate let labels: Int
        /// Whether it is there still.
        let isRunning: Bool
        /// When it began to count, nanoseconds since 1970.
        let created: UInt64
        /// Nanoseconds.
        let cpuTime: UInt64
    }

    /// What one of them has of a kind of zone, all sockets together.
    struct Figures {
        var dynamic = Energy.zero
        var idle = Energy.zero
        /// Of the last sample.
        var microwatts: UInt64 = 0
        /// Of it, what is idle.
        var idleMicrowatts: UInt64 = 0

        var energy: Energy { dynamic + idle }

        /// Adds what somebody has of one zone.
        mutating func add(_ share: Share, over nanoseconds: UInt64) {
            dynamic += share.dynamic
            idle += share.idle
            microwatts += share.recent.microwatts(over: nanoseconds)
            idleMicrowatts += share.recentIdle.microwatts(over: nanoseconds)
        }

        /// What remains without `other`, none of it below 0.
        func without(_ other: Figures) -> Figures {
            var rest = self
            rest.dynamic = dynamic > other.dynamic ? dynamic - other.dynamic : .zero
            rest.idle = idle > other.idle ? idle - other.idle : .zero
            rest.microwatts = microwatts > other.microwatts ? microwatts - other.microwatts : 0
            rest.idleMicrowatts = min(rest.microwatts, idleMicrowatts - min(idleMicrowatts, other.idleMicrowatts))
            return rest
        }

        static func += (a: inout Figures, b: Figures) {
            a.dynamic += b.dynamic
            a.idle += b.idle
            a.microwatts += b.microwatts
            a.idleMicrowatts += b.idleMicrowatts
        }
    }

    private(set) var entries: [Entry] = []
    /// What all labels of the current generation begin with.
    private let node: LabelSet
    private var figures: [Figures] = []
    private var labels: [Labels] = []

    /// A list of nobody yet, on the node that these labels of the current generation name.
    init(node: LabelSet) { self.node = node }

    /// The labels of an entry in the eBPF generation.
    func ebpf(_ entry: Int) -> LabelSet { labels[entries[entry].labels].ebpf }

    /// The labels of an entry in the current generation.
    func current(_ entry: Int) -> LabelSet { labels[entries[entry].labels].current }

    /// The labels of an entry in the first generation.
    func first(_ entry: Int) -> LabelSet { labels[entries[entry].labels].first }

    /// What all but one of the first generation's families have besides.
    func command(_ entry: Int) -> LabelSet { labels[entries[entry].labels].command }

    /// What an entry has of a kind.
    func figures(_ entry: Int, _ kind: Zone.Kind) -> Figures { figures[entry * Zone.Kind.allCases.count + kind.index] }

    /// Empties the list.
    mutating func clear() {
        entries.removeAll(keepingCapacity: true)
        figures.removeAll(keepingCapacity: true)
    }

    /// Adds an entry that has nothing yet.
    mutating func append(_ labels: Int, isRunning: Bool, created: UInt64, cpuTime: UInt64) {
        entries.append(Entry(labels: labels, isRunning: isRunning, created: created, cpuTime: cpuTime))
        figures.append(contentsOf: repeatElement(Figures(), count: Zone.Kind.allCases.count))
    }

    /// Adds to what the last entry has of a kind.
    mutating func add(_ amount: Figures, _ kind: Zone.Kind) {
        figures[(entries.count - 1) * Zone.Kind.allCases.count + kind.index] += amount
    }

    /// Makes the labels of what has the number `serial` and the place `place` elsewhere, once; returns where they are.
    mutating func labels(at place: Int, serial: UInt64, make: (inout Labels) -> Void) -> Int {
        while labels.count <= place { labels.append(Labels()) }
        guard labels[place].serial != serial else { return place }
        labels[place] = Labels(serial: serial)
        make(&labels[place])
        guard !labels[place].current.isEmpty else { return place }
        var current = node
        current.add(labels[place].current)
        labels[place].current = current
        return place
    }
}

extension Zone.Kind {
    /// The kind as a label value.
    var label: StaticString {
        switch self {
        case .package: "package"
        case .core: "core"
        case .uncore: "uncore"
        case .dram: "dram"
        case .psys: "psys"
        case .other: "other"
        }
    }

    /// The kind's place in `allCases`.
    var index: Int {
        switch self {
        case .package: 0
        case .core: 1
        case .uncore: 2
        case .dram: 3
        case .psys: 4
        case .other: 5
        }
    }
}

internal import Samples

/// Who a raw series belongs to.
enum Owner: Hashable, Sendable {
    case node(String)
    /// By its id, or by its names where there is none.
    case container(String)
    case pod(String)
    /// What an exporter lists beside containers: `system_processes` and the like, of a node.
    case bucket(String, node: String)
    /// A cgroup that is no container, by its path.
    case cgroup(String, node: String)

    /// Kepler's and our names for what is no container, though the page gives it the form of one.
    static let buckets: Set = ["kernel_processes", "system_processes", "overflow", "retired"]
}

/// What a container or a pod is called.
struct Title: Hashable, Comparable, Sendable {
    var namespace = ""
    var pod = ""
    var container = ""

    static func < (one: Title, other: Title) -> Bool {
        (one.namespace, one.pod, one.container) < (other.namespace, other.pod, other.container)
    }

    /// Whether a pod is known; what has none yet is listed under the system's name.
    var hasPod: Bool { !pod.isEmpty && !Owner.buckets.contains(pod) }
}

/// What a counter counts.
enum Quantity: Sendable {
    case energy, cpu
}

/// The raw series of one counter: they differ only in labels that come and go with the exporter or the consumer's state.
struct Claim: Sendable {
    let owner: Owner
    let quantity: Quantity
    /// Which of the owner's counters: the metric and the labels that are neither the owner's nor volatile.
    let part: String
    /// What makes millionths of a joule or of a second of a value.
    let scale: Double
    let origin: Unroller.Origin
    /// Whether it is a gauge of the first generation.
    let isGauge: Bool
    var raw: [(series: Series, station: Int)] = []

    /// Whether it gathers what consumers had that are gone.
    var isRetired: Bool {
        switch owner {
        case .bucket("retired", _), .cgroup("retired", _): true
        default: false
        }
    }
}

/// All claims of a recording, each made of all its raw series, and what their owners are called.
struct Claims: Sendable {
    private(set) var all: [Claim] = []
    /// By container id and by pod id.
    private(set) var titles: [Owner: Title] = [:]
    /// Gauges of memory, by owner.
    private(set) var memory: [(owner: Owner, series: Series, station: Int)] = []
    let stations: Stations
    private var places: [Key: Int] = [:]

    private struct Key: Hashable {
        let owner: Owner
        let quantity: Quantity
        let part: String
    }

    init(stations: Stations) { self.stations = stations }

    /// The node that a series comes from.
    func node(_ series: Series) -> String {
        stations.place(series.labels).map { stations.all[$0].node } ?? "node"
    }

    /// Adds a raw series to the claim that is its owner's.
    mutating func add(
        _ series: Series, _ quantity: Quantity, of owner: Owner, part: String, scale: Double,
        origin: Unroller.Origin = .exporter, isGauge: Bool = false
    ) {
        guard let station = stations.place(series.labels) else { return }
        let key = Key(owner: owner, quantity: quantity, part: part)
        let place = places[key] ?? all.count
        if place == all.count {
            places[key] = place
            all.append(
                Claim(owner: owner, quantity: quantity, part: part, scale: scale, origin: origin, isGauge: isGauge))
        }
        all[place].raw.append((series, station))
    }

    /// Adds a gauge of memory.
    mutating func add(memory series: Series, of owner: Owner) {
        if let station = stations.place(series.labels) { memory.append((owner, series, station)) }
    }

    /// Names a container or a pod; a name with a pod is better than one without, and of two the same wins in any order.
    mutating func name(_ owner: Owner, _ title: Title) {
        if let known = titles[owner] {
            guard known.hasPod == title.hasPod ? title < known : title.hasPod else { return }
        }
        titles[owner] = title
    }

    /// Whether any claim is to this quantity, of owners that pass.
    func has(_ quantity: Quantity, where passes: (Owner) -> Bool = { _ in true }) -> Bool {
        all.contains { $0.quantity == quantity && passes($0.owner) }
    }
}

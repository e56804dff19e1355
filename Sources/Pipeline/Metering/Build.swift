internal import Samples

/// What becomes of a recording's claims: counters, and the consumers that they are of.
struct Build {
    private let claims: Claims
    private var energy: Unroller
    private var cpu: Unroller
    private var aliases: [String: String] = [:]
    private var numbers: [String: Int] = [:]
    private var idleIsCharged = false
    /// The nodes whose cgroups are listed one by one.
    private let listing: Set<String>
    /// What each vanished series had, by where it may have gone, in the order of time.
    private var returned: [String: [(Int64, UInt64)]] = [:]

    private(set) var counters: [Counter] = []
    private(set) var places: [Int] = []
    private(set) var nodes: [String] = []
    private(set) var gauges: [Gauge] = []
    private(set) var census: Census

    init(_ claims: Claims, terms: Terms, cpus: Double) {
        self.claims = claims
        // A watt is a microjoule per microsecond, and a CPU a microsecond per microsecond.
        energy = Unroller(stations: claims.stations.all, limit: terms.platformMaxWatts)
        cpu = Unroller(stations: claims.stations.all, limit: cpus)
        listing = Set(claims.all.compactMap { if case .cgroup(_, let node) = $0.owner { node } else { nil } })
        census = Census(workloads: terms.workloads)
        unifyNodes()
    }

    /// The stations that energy comes from, or CPU time where there is no energy.
    var metered: [Int] {
        func stations(_ quantity: Quantity) -> Set<Int> {
            Set(claims.all.lazy.filter { $0.quantity == quantity }.flatMap { $0.raw.map(\.station) })
        }
        let energies = stations(.energy)
        return (energies.isEmpty ? stations(.cpu) : energies).sorted()
    }

    /// Makes everything; nothing may be added after.
    mutating func unroll() {
        // What is gone moves into the retired, so they come last.
        for claim in claims.all where !claim.isRetired { unroll(claim) }
        for key in returned.keys { returned[key]?.sort { $0.0 < $1.0 } }
        for claim in claims.all where claim.isRetired { unroll(claim) }
        for gauge in claims.memory {
            let station = claims.stations.all[gauge.station]
            census.add(gauge.owner, claims.titles[gauge.owner], node: name(station.node)) {
                $0.memory[gauge.series.name, default: []].append(gauges.count)
            }
            gauges.append(Gauge(gauge.series, of: station))
        }
        census.addUp()
    }

    /// The exporters, by the names that their nodes have.
    var stations: [Station] {
        claims.stations.all.map { station in
            var named = station
            named.node = name(station.node)
            return named
        }
    }

    /// What a reader must know of the recording.
    func notes(_ generation: Generation) -> [String] {
        var notes: [String] = []
        if generation.isEstimate {
            notes.append(
                "energies are estimates: this generation shows the energy of the last 3 s, and nothing between")
        }
        if idleIsCharged {
            notes.append("the energy of containers has their part of the idle energy (mode idle) in it")
        }
        if !claims.has(.energy) { notes.append("no energy was recorded") }
        return notes
    }

    private mutating func unroll(_ claim: Claim) {
        guard let place = claim.raw.first?.station else { return }
        let node = name(claims.stations.all[place].node)
        let book = "\(node) \(claim.part)"
        let returns = claim.isRetired ? returned[book] ?? [] : nil
        let counter =
            switch claim.quantity {
            case .energy: Self.unroll(claim, by: &energy, returns, &returned, book)
            case .cpu: Self.unroll(claim, by: &cpu, returns, &returned, book)
            }
        guard let counter else { return }
        let index = counters.count
        counters.append(counter)
        places.append(number(of: node))
        // Its parts are listed one by one.
        if case .bucket("system_processes", let node) = claim.owner, listing.contains(node) { return }
        census.add(owner(claim.owner), claims.titles[claim.owner], node: node) { consumer in
            switch claim.quantity {
            case .energy: consumer.energy.append(index)
            case .cpu: consumer.cpu.append(index)
            }
        }
        if claim.quantity == .energy, claim.part.hasSuffix(" idle"), claim.part.hasPrefix("kepler_container_") {
            idleIsCharged = idleIsCharged || counter.totals.last ?? 0 > 0
        }
    }

    private static func unroll(
        _ claim: Claim, by unroller: inout Unroller, _ returns: [(Int64, UInt64)]?,
        _ returned: inout [String: [(Int64, UInt64)]], _ book: String
    ) -> Counter? {
        guard !claim.isGauge else { return unroller.integral(claim.raw, scale: claim.scale) }
        let counter = unroller.counter(claim.raw, scale: claim.scale, origin: claim.origin, returned: returns)
        if !claim.isRetired, let leftover = unroller.leftover, leftover.value > 0 {
            returned[book, default: []].append((leftover.time, leftover.value))
        }
        return counter
    }

    // MARK: Nodes

    /// Where the node's own series and those of what runs on it give one node two names, it has the first.
    private mutating func unifyNodes() {
        var owning: Set<String> = []
        var others: Set<String> = []
        for claim in claims.all {
            if case .node(let name) = claim.owner, claim.quantity == .energy {
                owning.insert(name)
            } else {
                for raw in claim.raw { others.insert(claims.stations.all[raw.station].node) }
            }
        }
        for gauge in claims.memory { others.insert(claims.stations.all[gauge.station].node) }
        others.subtract(owning)
        if owning.count == 1, others.count == 1, let name = owning.first, let other = others.first {
            aliases[other] = name
        }
    }

    private func name(_ node: String) -> String { aliases[node] ?? node }

    private func owner(_ owner: Owner) -> Owner {
        switch owner {
        case .node(let node): .node(name(node))
        case .bucket(let bucket, let node): .bucket(bucket, node: name(node))
        case .cgroup(let path, let node): .cgroup(path, node: name(node))
        case .container, .pod: owner
        }
    }

    private mutating func number(of node: String) -> Int {
        if let known = numbers[node] { return known }
        numbers[node] = nodes.count
        nodes.append(node)
        return nodes.count - 1
    }
}

package import Samples

/// A recording whose counters have been unrolled: it tells what every consumer used in any phase.
///
/// The algorithm is that of `Counter` and `Unroller`: differences of raw samples, never extrapolated, with bounds that hold
/// for every counter that never falls. One thing they cannot know: how old a value was when an exporter other than ours
/// showed it (Kepler refreshes every 3 or 5 s).
package struct Meter: Sendable {
    /// What it was metered by.
    package let terms: Terms
    /// Whose metrics it reads.
    package let generation: Generation
    /// The zones whose energy counts, like `package+dram`; `none` where no energy was recorded.
    package let zone: String
    /// The names of the nodes, sorted.
    package var nodes: [String] { homes.sorted() }
    /// How many CPUs a node is taken to have at most.
    package let cpus: Double
    /// What a reader must know of the recording as a whole.
    package let notes: [String]

    let stations: [Station]
    /// The stations that energy comes from, or CPU time where there is no energy.
    let metered: [Int]
    let counters: [Counter]
    /// The nodes that counters are of, and the one of each, an index into them.
    let homes: [String]
    let places: [Int]
    let consumers: [Consumer]
    let gauges: [Gauge]

    /// Reads and unrolls a whole recording; throws if there is nothing to meter or a term is none.
    package init(_ recording: Recording, terms: Terms) throws(MeteringError) {
        try terms.validate()
        let metrics = recording.metrics
        guard let generation = terms.generation ?? Generation.found(in: metrics) else { throw .nothing }
        guard terms.generation == nil || generation.isIn(metrics) else { throw .absent(generation) }
        let zones = try Self.zones(recording, generation, terms)
        var claims = Claims(stations: Stations(recording))
        claims.gather(recording, generation, zones, terms)
        guard !claims.all.isEmpty || !claims.memory.isEmpty else { throw .nothing }

        var notes: [String] = []
        let counted = recording.cpus
        cpus = terms.cpus ?? counted ?? 1024
        if terms.cpus == nil, counted == nil, claims.has(.cpu) {
            notes.append("how many CPUs a node has is not known: upper bounds of CPU time take 1024")
        }
        var build = Build(claims, terms: terms, cpus: cpus)
        build.unroll()
        notes += build.notes(generation)
        if terms.zone == nil, zones.label == "psys" { notes.append("psys is the only zone that was recorded") }
        self.terms = terms
        self.generation = generation
        self.zone = zones.label
        self.notes = notes
        stations = build.stations
        metered = build.metered
        counters = build.counters
        places = build.places
        consumers = build.census.consumers
        gauges = build.gauges
        homes = build.nodes
    }

    private static func zones(
        _ recording: Recording, _ generation: Generation, _ terms: Terms
    ) throws(MeteringError) -> Zones {
        var known: Set<String> = []
        var live: Set<String> = []
        for series in recording.series {
            let zones = generation.zones(of: series)
            guard !zones.isEmpty else { continue }
            known.formUnion(zones)
            live.formUnion(generation.live(of: series))
        }
        if known.isEmpty, generation == .second, !recording["kepler_container_joules_total"].isEmpty {
            // By its definition; which of them are metered, only the components would tell.
            known = Set(Zones.disjoint)
        }
        return try Zones(terms, known: known, live: live)
    }
}

extension Terms {
    /// Throws if a number is none, or none that a limit can be.
    fileprivate func validate() throws(MeteringError) {
        guard platformMaxWatts.isFinite, platformMaxWatts > 0 else {
            throw .badTerm("the platform's greatest power is \(platformMaxWatts) W; it must be above 0")
        }
        if let cpus, !cpus.isFinite || cpus <= 0 { throw .badTerm("the number of CPUs is \(cpus); it must be above 0") }
    }
}

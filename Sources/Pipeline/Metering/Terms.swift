/// What a recording is metered by: what the platform can draw at most, what to read, and how good a phase must be.
package struct Terms: Codable, Equatable, Sendable {
    /// The most that one node can draw, in watts: what an upper bound assumes where nothing was measured.
    package var platformMaxWatts: Double
    /// How many CPUs one node has: the most CPU seconds that can pass in a second. Nil takes the recording's word.
    package var cpus: Double?
    /// Whose metrics to read; nil takes the ones that the recording has.
    package var generation: Generation?
    /// The zones whose energy counts, joined by `+`, or `psys`; nil takes what the generation adds up to a node.
    package var zone: String?
    /// The time between two scrapes as it was set, in seconds; nil takes the usual one of the recording.
    package var scrapeIntervalSeconds: Double?
    /// The least part of the scrapes that must be there, from 0 to 1.
    package var coverage = 0.95
    /// The longest time without a scrape, in usual times between two.
    package var largestGapIntervals = 3.0
    /// The most that the bounds may lie apart, in parts of the value.
    package var boundWidth = 0.05
    /// What workload a pod belongs to, by `namespace/pod`; other pods' workloads are guessed from their names.
    package var workloads: [String: String] = [:]
    /// At what a node's raw hardware counter begins anew, in joules by the zone's name. Only Kepler 0.10 and later has raw
    /// counters, and only for the node.
    package var rawRangeJoules: [String: Double] = [:]

    package init(
        platformMaxWatts: Double, cpus: Double? = nil, generation: Generation? = nil, zone: String? = nil,
        coverage: Double = 0.95, largestGapIntervals: Double = 3, boundWidth: Double = 0.05,
        workloads: [String: String] = [:], rawRangeJoules: [String: Double] = [:]
    ) {
        self.platformMaxWatts = platformMaxWatts
        self.cpus = cpus
        self.generation = generation
        self.zone = zone
        self.coverage = coverage
        self.largestGapIntervals = largestGapIntervals
        self.boundWidth = boundWidth
        self.workloads = workloads
        self.rawRangeJoules = rawRangeJoules
    }
}

/// Why a recording cannot be metered.
package enum MeteringError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No series tells of any consumer.
    case nothing
    /// The generation that was asked for has no series.
    case absent(Generation)
    /// There is no such zone; with those that there are.
    case unknownZone(String, known: [String])
    /// Zones of which one holds another, which cannot be added.
    case overlappingZones(String)
    /// A term that is no limit.
    case badTerm(String)

    /// One line for people.
    package var description: String {
        switch self {
        case .nothing: "the recording has no series of Kepler, of brahe-agent or of cAdvisor"
        case .absent(let generation): "the recording has no series of \(generation.rawValue)"
        case .unknownZone(let zone, let known):
            "the recording has no energy of zone \(zone); it has \(known.isEmpty ? "none" : known.joined(separator: ", "))"
        case .overlappingZones(let zones): "\(zones): one of these zones holds another, so they cannot be added"
        case .badTerm(let reason): reason
        }
    }
}

package import Samples

extension Recording {
    /// The most that one of the nodes can draw, in watts, as our agent has it from the hardware's own limits: it counts no
    /// reading beyond them. Nil where no agent of ours was recorded, or it knows of none.
    package var platformWatts: Double? {
        var nodes: [String: (parts: Double, platform: Double)] = [:]
        for series in self["brahe_zone_limit_watts"] {
            guard let watts = series.samples.map(\.value).filter(\.isFinite).max(), watts > 0 else { continue }
            let node = series.labels["instance", default: ""]
            switch series.labels["zone"] {
            case "package", "dram": nodes[node, default: (0, 0)].parts += watts
            case "psys": nodes[node, default: (0, 0)].platform += watts
            default: continue
            }
        }
        return nodes.values.map { max($0.parts, $0.platform) }.max()
    }
}

extension Terms {
    /// What a node is taken to draw at most where nobody says.
    package static let assumedWatts = 1000.0

    /// The terms for a recording: the limit that was given, else the recording's own, else 1000 W. `interval` is the time
    /// between two scrapes as it was set, in milliseconds.
    package init(
        for recording: Recording, platformMaxWatts given: Double?, zone: String? = nil, interval: Int64? = nil
    ) {
        self.init(platformMaxWatts: given ?? recording.platformWatts ?? Self.assumedWatts, zone: zone)
        scrapeIntervalSeconds = interval.map { Double($0) / 1000 }
    }
}

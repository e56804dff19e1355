internal import Samples

/// All exporters of a recording, and which of them each series comes from.
struct Stations: Sendable {
    private(set) var all: [Station] = []
    private var places: [Station.Target: Int] = [:]

    /// Finds the exporters by `up`, or by the times of their series where that was not recorded.
    init(_ recording: Recording) {
        var sources: [Station.Target: Source] = [:]
        for series in recording["up"] {
            let target = Station.Target(series.labels)
            sources[target, default: Source()].scrapes = series.samples.filter { $0.value == 1 }.map(\.time)
            if let node = series.labels["node"] { sources[target]?.node = node }
        }
        let asked = Set(sources.keys)
        for series in recording.series where !Self.hasOwnTimes(series.name) {
            let target = Station.Target(series.labels)
            if !asked.contains(target) { sources[target, default: Source()].add(times: series.samples) }
            if series.name.hasPrefix("brahe_") { sources[target, default: Source()].isAgent = true }
            if let node = Self.node(named: series) { sources[target, default: Source()].node = node }
        }
        for series in recording["process_start_time_seconds"] {
            sources[Station.Target(series.labels)]?.starts = series.samples.filter(\.value.isFinite)
        }
        for series in recording["brahe_sample_timestamp_seconds"] {
            sources[Station.Target(series.labels)]?.stamps = series.samples.filter(\.value.isFinite)
        }
        for series in recording["brahe_name_wait_seconds"] {
            let longest = series.samples.map(\.value).filter { $0.isFinite && $0 >= 0 && $0 < 1e6 }.max()
            sources[Station.Target(series.labels)]?.nameWait = longest.map { Int64($0 * 1_000_000) }
        }
        for series in recording.series where Self.hasOwnTimes(series.name) {
            sources[Station.Target(series.labels), default: Source()].node =
                sources[Station.Target(series.labels)]?.node ?? series.labels["node"]
        }
        group(sources)
    }

    /// The exporter of a series.
    func place(_ labels: [String: String]) -> Int? { places[Station.Target(labels)] }

    private struct Key: Hashable {
        let node: String
        let job: String
        let path: String
    }

    private mutating func group(_ sources: [Station.Target: Source]) {
        var stations: [Key: Int] = [:]
        var members: [Int: [Source]] = [:]
        let order = sources.sorted {
            ($0.value.scrapes.first ?? .max, $0.key.instance, $0.key.job, $0.key.path)
                < ($1.value.scrapes.first ?? .max, $1.key.instance, $1.key.job, $1.key.path)
        }
        for (ordinal, source) in order.enumerated() {
            let node = source.value.node ?? (source.key.instance.isEmpty ? "node" : source.key.instance)
            var key = Key(node: node, job: source.key.job, path: source.key.path)
            if let known = stations[key], members[known, default: []].contains(where: source.value.isBeside) {
                // Two machines have one name, as clones do.
                key = Key(node: "\(node) at \(source.key.instance)", job: key.job, path: key.path)
            }
            let place = stations[key] ?? all.count
            if place == all.count { all.append(Station(node: key.node)) }
            stations[key] = place
            places[source.key] = place
            members[place, default: []].append(source.value)
            all[place].add(source.value, ordinal: ordinal)
        }
    }

    /// cAdvisor says itself when it took a value, so its samples tell nothing of scrapes.
    private static func hasOwnTimes(_ name: String) -> Bool { name.hasPrefix("container_") }

    /// What a series says that its node is called; the exporter's own label is `exported_instance` after Prometheus has
    /// put its target's `instance` there.
    private static func node(named series: Series) -> String? {
        if let node = series.labels["node_name"], !node.isEmpty { return node }
        guard series.name.hasPrefix("kepler_node_") || series.name.hasPrefix("node_curr_") else { return nil }
        return series.labels["exported_instance"]
    }
}

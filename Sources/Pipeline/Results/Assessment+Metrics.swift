internal import Documents
internal import Metering
internal import Samples

extension Assessment {
    /// Names of metrics, those of the seed's four queries where there is one.
    static let cpuName = "container_cpu_usage_seconds_total"
    static let coresName = "cpu_cores"
    static let powerName = "power"
    static let energyNames: Set = [podEnergyName, nodeEnergyName]
    private static let podEnergyName = "kepler_container_joules_total"
    private static let nodeEnergyName = "kepler_node_cpu_joules_total"
    private static let memoryNames = ["container_memory_rss", "container_memory_working_set_bytes"]

    /// The four queries of one scope: CPU time, RSS, working set and energy, and what follows from them.
    func metrics(_ group: Group, _ scope: ScopeEntry) -> [ResultsEntry.Metric] {
        let use = meter.use(of: group.contains, in: run)
        var metrics: [ResultsEntry.Metric] = []
        func add(
            _ name: String, _ value: Double?, _ unit: String, _ aggregation: String, lower: Double? = nil,
            upper: Double? = nil, query: String? = nil, series: Int? = nil, missing: String
        ) {
            metrics.append(
                ResultsEntry.Metric(
                    name: name, value: value, reason: value == nil ? missing : nil, unit: unit, lower: lower,
                    upper: upper, scope: group.scope, aggregation: aggregation, query: query, series: series))
        }
        let missing = group.isNode || group.unseen.count < group.pods.count ? "nothing measures it" : "no pod was seen"
        let energy = scope.energy
        add(
            group.isNode ? Self.nodeEnergyName : Self.podEnergyName, energy?.grossJ, "J", "increase",
            lower: energy?.lowerJ, upper: energy?.upperJ, query: energyQuery(isNode: group.isNode),
            series: energy == nil ? nil : use.series, missing: missing)
        add(Self.powerName, energy?.meanW, "W", "mean", missing: missing)
        add(Self.powerName, energy?.peakW, "W", "max", missing: missing)
        if group.isNode { metrics += states }
        add(
            Self.cpuName, scope.cpuS, "s", "increase", lower: scope.cpuLowerS, upper: scope.cpuUpperS,
            query: "rate(container_cpu_usage_seconds_total[5m])", missing: missing)
        add(Self.coresName, scope.cpuS.map { $0 / seconds }, "cores", "mean", missing: missing)
        add(Self.coresName, scope.cpuS == nil ? nil : peakCores(group), "cores", "max", missing: missing)
        for name in Self.memoryNames where !group.isNode || use.memory[name] != nil {
            let spread = use.memory[name]
            add(name, spread?.mean, "B", "mean", query: name, missing: missing)
            add(name, spread?.highest, "B", "max", query: name, missing: missing)
            add(name, spread?.high, "B", "p95", query: name, missing: missing)
        }
        return metrics
    }

    /// What the project asks for besides.
    var projectMetrics: [ResultsEntry.Metric] {
        inputs.metrics.map { metric in
            let (value, reason) = metric.result
            return ResultsEntry.Metric(
                name: metric.name, value: value, reason: reason, unit: metric.unit, scope: inputs.primary,
                aggregation: metric.aggregation.rawValue, query: metric.query, series: metric.series.count)
        }
    }

    /// The greatest mean of CPUs over a minute that begins at a multiple of 15 s into the window; over all of a window
    /// that is shorter.
    private func peakCores(_ group: Group) -> Double? {
        let step: Int64 = 15_000
        // Of more than weeks nobody asks for a minute.
        let steps = run.milliseconds / step
        guard steps <= 100_000 else { return nil }
        guard steps >= 4 else {
            let rise = meter.rises(.cpu, of: group.contains, at: [run.start, run.end]).first
            return rise.map { Self.units($0) / seconds }
        }
        let rises = meter.rises(.cpu, of: group.contains, at: (0...steps).map { run.start + $0 * step })
        let minutes = rises.indices.dropLast(3).map { rises[$0..<$0 + 4].reduce(0.0) { $0 + Self.units($1) } }
        return minutes.max().map { $0 / 60 }
    }

    /// The node's energy by state, where the exporter tells it; by plain differences, so without bounds.
    private var states: [ResultsEntry.Metric] {
        let zones = Set(meter.zone.split(separator: "+").map(String.init))
        let names: [(state: String, name: String, passes: ([String: String]) -> Bool)] =
            switch meter.generation {
            case .third:
                ["idle", "active"].map { state in
                    (state, "kepler_node_cpu_\(state)_joules_total", { zones.contains($0["zone", default: ""]) })
                }
            case .second:
                ["idle", "dynamic"].flatMap { state in
                    zones.sorted().map { (state, "kepler_node_\($0)_joules_total", { $0["mode"] == state }) }
                }
            case .first: []
            }
        var rises: [String: (value: Double, series: Int)] = [:]
        for (state, name, passes) in names {
            for series in recording[name] where passes(series.labels) {
                guard let rise = counted(series).rise(from: run.start, to: run.end) else { continue }
                rises[state, default: (0, 0)].value += rise
                rises[state, default: (0, 0)].series += 1
            }
        }
        return rises.sorted { $0.key < $1.key }.map { state, rise in
            ResultsEntry.Metric(
                name: "node_\(state)_energy", value: rise.value, unit: "J", scope: "node", aggregation: "increase",
                series: rise.series)
        }
    }

    /// A series at the times when its values were counted, where our agent says so: the page that shows them is younger.
    private func counted(_ series: Series) -> Series {
        let stamps = recording["brahe_sample_timestamp_seconds"].first { stamp in
            ["instance", "job"].allSatisfy { stamp.labels[$0] == series.labels[$0] }
        }
        guard let stamps else { return series }
        let times = Dictionary(stamps.samples.map { ($0.time, $0.value) }) { $1 }
        var counted = Series(series.identity)
        for sample in series.samples {
            let time = times[sample.time].flatMap { Int64(exactly: ($0 * 1000).rounded()) } ?? sample.time
            // Two pages may show one sample.
            if time > counted.samples.last?.time ?? .min {
                counted.samples.append(Sample(time: time, value: sample.value))
            }
        }
        return counted
    }

    private func energyQuery(isNode: Bool) -> String {
        let level = isNode ? "node" : "pod"
        let zones = meter.zone.split(separator: "+").joined(separator: "|")
        return switch meter.generation {
        case .first: isNode ? "node_energy_stat" : "pod_curr_energy_in_pkg_millijoule"
        case .second: isNode ? "kepler_node_package_joules_total" : Self.podEnergyName
        case .third: "kepler_\(level)_cpu_joules_total{zone=~\"\(zones)\"}"
        }
    }
}

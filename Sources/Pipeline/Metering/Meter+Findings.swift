internal import Documents

extension Meter {
    /// What every consumer used in a phase, as far as the recording reaches.
    package func findings(in phase: Phase) -> Findings {
        let start = Instant.microseconds(phase.start.milliseconds)
        let end = Instant.microseconds(phase.end.milliseconds)
        let alive = counters.map { $0.isAlive(from: start, to: end) }
        let parts = counters.indices.map { alive[$0] ? counters[$0].part(from: start, to: end) : Part() }
        var uses: [Use] = []
        for consumer in consumers {
            let energies = consumer.energy.filter { alive[$0] }
            let times = consumer.cpu.filter { alive[$0] }
            var use = Use(consumer.level, labels: consumer.labels)
            for (name, indices) in consumer.memory {
                use.memory[name] = Gauge.spread(of: indices.map { gauges[$0] }, from: start, to: end)
            }
            guard !energies.isEmpty || !times.isEmpty || !use.memory.isEmpty else { continue }
            if !energies.isEmpty { use.energy = sum(energies, of: parts, limit: terms.platformMaxWatts) }
            if !times.isEmpty { use.cpu = sum(times, of: parts, limit: cpus) }
            use.series =
                !energies.isEmpty ? energies.count : max(times.count, consumer.memory.values.map(\.count).max() ?? 0)
            uses.append(use)
        }
        uses.sort(by: Self.isBefore)
        let quality = quality(from: start, to: end, parts)
        return Findings(
            phase: phase, generation: generation, zone: zone, uses: uses, quality: quality,
            notes: notes + self.notes(on: uses, quality, from: start, to: end))
    }

    /// The counters of the consumers that pass, each once.
    func indices(of passes: (Use) -> Bool, _ counters: KeyPath<Consumer, [Int]>) -> [Int] {
        Set(consumers.filter { passes(Use($0.level, labels: $0.labels)) }.flatMap { $0[keyPath: counters] }).sorted()
    }

    /// The sum of some counters; those of one node together rise no faster than the limit.
    private func sum(_ indices: [Int], of parts: [Part], limit: Double) -> Estimate {
        guard indices.count > 1 else { return parts[indices[0]].estimate(limit: limit) }
        var sums: [Int: Part] = [:]
        for index in indices { sums[places[index], default: Part()] += parts[index] }
        return sums.values.reduce(.zero) { $0 + $1.estimate(limit: limit) }
    }

    private static func isBefore(_ one: Use, _ other: Use) -> Bool {
        let levels = Use.Level.allCases
        let (first, second) = (levels.firstIndex(of: one.level) ?? 0, levels.firstIndex(of: other.level) ?? 0)
        guard first == second else { return first < second }
        let (joules, others) = (one.energy?.value ?? 0, other.energy?.value ?? 0)
        guard joules == others else { return joules > others }
        let (time, otherTime) = (one.cpu?.value ?? 0, other.cpu?.value ?? 0)
        guard time == otherTime else { return time > otherTime }
        return one.title < other.title
    }

    // MARK: Quality

    private func quality(from start: Int64, to end: Int64, _ parts: [Part]) -> Quality {
        var quality = Quality()
        for station in metered.map({ stations[$0] }) {
            let set = terms.scrapeIntervalSeconds.flatMap { Int64(exactly: ($0 * 1000).rounded()) }
            let interval = set ?? station.interval
            let scrapes = station.scrapes.map(Instant.microseconds)
            let found = scrapes.firstIndex(after: end) - scrapes.firstIndex(notBefore: start)
            quality.found += found
            // At least one, so that a phase shorter than an interval is not covered by nothing.
            quality.expected +=
                interval > 0 ? max(Int((end - start) / Instant.microseconds(interval)), 1) : max(found, 2)
            quality.interval = max(quality.interval, interval)
            quality.largestGap = max(quality.largestGap, Self.largestGap(scrapes, from: start, to: end) / 1000)
        }
        for index in counters.indices {
            let counter = counters[index]
            quality.resets += counter.resets.count { start < $0 && $0 <= end }
            quality.implausible += counter.implausible.count { start < $0 && $0 <= end }
        }
        let level: Use.Level = hasContainerEnergy ? .container : .pod
        for consumer in consumers where consumer.level == .container || consumer.level == level {
            for index in consumer.energy {
                let counter = counters[index]
                if counter.isBorn, let first = counter.times.first, start <= first, first < end { quality.births += 1 }
                if counter.end == .gone, let last = counter.times.last, start < last, last <= end {
                    quality.deaths += 1
                }
            }
        }
        var whole = Part()
        for index in meteredCounters { whole += parts[index] }
        quality.interpolated = whole.value > 0 ? min(Double(whole.interpolated) / Double(whole.value), 1) : 0
        return quality
    }

    private var hasContainerEnergy: Bool { consumers.contains { $0.level == .container && !$0.energy.isEmpty } }

    /// The counters that add up to the nodes' energy: their own, or those of what runs on them.
    private var meteredCounters: [Int] {
        let nodes = consumers.filter { $0.level == .node }.flatMap(\.energy)
        guard nodes.isEmpty else { return nodes }
        let level: Use.Level = hasContainerEnergy ? .container : .pod
        return consumers.filter { $0.level == level }.flatMap(\.energy)
    }

    /// The longest time without a scrape that touches a span, in microseconds.
    private static func largestGap(_ scrapes: [Int64], from start: Int64, to end: Int64) -> Int64 {
        let first = scrapes.firstIndex(after: start)
        let after = scrapes.firstIndex(notBefore: end)
        var reached = first > 0 ? scrapes[first - 1] : start
        var gap: Int64 = 0
        for time in scrapes[first..<max(after, first)] {
            gap = max(gap, time - reached)
            reached = time
        }
        return max(gap, (after < scrapes.count ? scrapes[after] : end) - reached)
    }

    // MARK: Notes

    private func notes(on uses: [Use], _ quality: Quality, from start: Int64, to end: Int64) -> [String] {
        var notes: [String] = []
        if quality.implausible > 0 {
            notes.append("\(quality.implausible) increments above what the platform can draw were left out")
        }
        for station in metered.map({ stations[$0] }) {
            for restart in station.restarts where start < restart && restart <= end {
                notes.append(
                    "the exporter of \(station.node) began anew before \(Moment(milliseconds: restart / 1000))")
            }
            let margin = Instant.microseconds(station.interval)
            if station.times.first ?? .max > start + margin || station.times.last ?? .min < end - margin {
                notes.append("the recording of \(station.node) does not reach over the whole phase")
            }
        }
        let restarted = metered.contains { stations[$0].restarts.contains { start < $0 && $0 <= end } }
        if quality.resets > 0, !restarted {
            notes.append("\(quality.resets) counters fell without a restart of their exporter: they count from 0 again")
        }
        var told: Set<String> = []
        return (notes + unmoved(uses) + conservation(uses)).filter { told.insert($0).inserted }
    }

    /// A machine that runs draws power: a counter that stands still counts nothing.
    private func unmoved(_ uses: [Use]) -> [String] {
        uses.filter { $0.level == .node && $0.energy?.upper == 0 }.map { node in
            "the energy counters of \(node.labels["node", default: ""]) did not move: 0 J is no measurement"
        }
    }

    /// What runs on a node cannot have used more than the node.
    private func conservation(_ uses: [Use]) -> [String] {
        var lower: [String: UInt64] = [:]
        let level: Use.Level = hasContainerEnergy ? .container : .pod
        for use in uses where use.level == level || use.level == .cgroup {
            let node = use.labels["node", default: ""]
            lower[node] = lower[node, default: 0].addingOrFull(use.energy?.lower ?? 0)
        }
        return uses.filter { $0.level == .node }.compactMap { node in
            let name = node.labels["node", default: ""]
            guard let energy = node.energy, let least = lower[name], least > energy.upper else { return nil }
            let (joules, most) = (Double(least) / 1e6, Double(energy.upper) / 1e6)
            return "what runs on \(name) is charged \(joules) J at least, and the node used \(most) J at most"
        }
    }
}

extension Use {
    /// Its labels in the order of their names, as a sorting key.
    fileprivate var title: String {
        labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }
}

extension Station {
    /// When it was first asked in another life than before, in microseconds.
    var restarts: [Int64] {
        scrapes.indices.dropFirst().filter { lives[$0] != lives[$0 - 1] }.map { times[$0] }
    }
}

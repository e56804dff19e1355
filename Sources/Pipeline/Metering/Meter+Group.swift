package import Documents

extension Meter {
    /// What several consumers used together in a phase; a `Use` that is asked about has its level and labels only.
    ///
    /// Consumers of several levels overlap: ask for those of one. Bounds are those of the sum, so narrower than the sum of
    /// the bounds where one node is their limit; memory is that of all together at each time. What nothing measures is nil.
    package func use(of passes: (Use) -> Bool, in phase: Phase) -> Use {
        let start = Instant.microseconds(phase.start.milliseconds)
        let end = Instant.microseconds(phase.end.milliseconds)
        var all = Consumer(.node, [:])
        for consumer in members(passes) { all.absorb(consumer) }
        func sum(_ indices: [Int], limit: Double) -> Estimate? {
            let alive = Set(indices).filter { counters[$0].isAlive(from: start, to: end) }.sorted()
            var sums: [Int: Part] = [:]
            for index in alive {
                sums[places[index], default: Part()] += counters[index].part(from: start, to: end)
            }
            return alive.isEmpty ? nil : sums.values.reduce(.zero) { $0 + $1.estimate(limit: limit) }
        }
        var use = Use(.node, labels: [:])
        use.energy = sum(all.energy, limit: terms.platformMaxWatts)
        use.cpu = sum(all.cpu, limit: cpus)
        for (name, indices) in all.memory {
            use.memory[name] = Gauge.spread(of: indices.map { gauges[$0] }, from: start, to: end)
        }
        use.series = all.energy.isEmpty ? all.cpu.count : all.energy.count
        return use
    }

    /// What of a consumer is asked for.
    package enum Measure: Sendable {
        /// In microjoules.
        case energy
        /// CPU time, in microseconds.
        case cpu
    }

    /// By how much consumers rose from each time to the next; the sum of neighbours is what they rose by together.
    package func rises(_ measure: Measure, of passes: (Use) -> Bool, at times: [Moment]) -> [UInt64] {
        guard times.count > 1 else { return [] }
        let micro = times.map { Instant.microseconds($0.milliseconds) }
        var rises = [UInt64](repeating: 0, count: times.count - 1)
        for index in Set(members(passes).flatMap { measure == .energy ? $0.energy : $0.cpu }) {
            var before = counters[index].total(at: micro[0])
            for step in rises.indices {
                let after = max(counters[index].total(at: micro[step + 1]), before)
                rises[step] = rises[step].addingOrFull(after - before)
                before = after
            }
        }
        return rises
    }

    private func members(_ passes: (Use) -> Bool) -> [Consumer] {
        consumers.filter { passes(Use($0.level, labels: $0.labels)) }
    }
}

package import Documents

extension Meter {
    /// What consumers that pass used together in a phase, as `sum` has it, with the memory of all together at each time.
    package func use(of passes: (Use) -> Bool, in phase: Phase) -> Use {
        let start = Instant.microseconds(phase.start.milliseconds)
        let end = Instant.microseconds(phase.end.milliseconds)
        var use = Use(.node, labels: [:])
        (use.energy, use.cpu) = sum(of: passes, in: phase)
        var memory: [String: Set<Int>] = [:]
        for consumer in consumers where passes(Use(consumer.level, labels: consumer.labels)) {
            for (name, indices) in consumer.memory { memory[name, default: []].formUnion(indices) }
            use.series += consumer.energy.isEmpty ? consumer.cpu.count : consumer.energy.count
        }
        for (name, indices) in memory {
            use.memory[name] = Gauge.spread(of: indices.sorted().map { gauges[$0] }, from: start, to: end)
        }
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
        for index in indices(of: passes, measure == .energy ? \.energy : \.cpu) {
            var before = counters[index].total(at: micro[0])
            for step in rises.indices {
                let after = max(counters[index].total(at: micro[step + 1]), before)
                rises[step] = rises[step].addingOrFull(after - before)
                before = after
            }
        }
        return rises
    }
}

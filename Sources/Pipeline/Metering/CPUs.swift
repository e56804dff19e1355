package import Samples

extension Recording {
    /// How many CPUs its greatest node has: by Kepler's list of them, by cAdvisor's count, or by how fast the CPU time grows
    /// that our agent counts, idle included. Nil where none of them was recorded.
    package var cpus: Double? {
        var processors: [Station.Target: Set<String>] = [:]
        for series in self["kepler_node_cpu_info"] {
            processors[Station.Target(series.labels), default: []].insert(series.labels["processor", default: ""])
        }
        let machines = self["machine_cpu_cores"].compactMap { $0.samples.last?.value }.filter { $0.isFinite && $0 > 0 }
        return processors.values.map { Double($0.count) }.max() ?? machines.max() ?? growth
    }

    /// Seconds of CPU time per second, rounded to whole CPUs.
    private var growth: Double? {
        var seconds: [Station.Target: [Int64: Double]] = [:]
        for series in self["brahe_ledger_cpu_seconds"] {
            let target = Station.Target(series.labels)
            for sample in series.samples { seconds[target, default: [:]][sample.time, default: 0] += sample.value }
        }
        let stamps = Dictionary(
            self["brahe_sample_timestamp_seconds"].map { (Station.Target($0.labels), $0.samples) }
        ) { one, _ in one }
        let counts = seconds.compactMap { target, seconds -> Double? in
            var (grown, passed) = (0.0, 0.0)
            var last: (time: Double, value: Double)?
            for stamp in stamps[target] ?? [] {
                guard let value = seconds[stamp.time], value.isFinite, stamp.value.isFinite else { continue }
                // What has fallen has begun anew.
                if let last, value >= last.value, stamp.value > last.time {
                    grown += value - last.value
                    passed += stamp.value - last.time
                }
                last = (stamp.value, value)
            }
            let count = (grown / passed).rounded()
            return count >= 1 && count.isFinite ? count : nil
        }
        return counts.max()
    }
}

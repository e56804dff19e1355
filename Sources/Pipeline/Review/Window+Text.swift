extension Window {
    /// What a reader must know about the joules of this window, a sentence each.
    public var notes: [String] {
        var notes: [String] = []
        if source == "estimator" { notes.append("the joules are an estimate of a model, not a measurement.") }
        if source == "none" { notes.append("the agent found no energy counters; only CPU time was counted.") }
        if resets > 0 {
            notes.append("the agent or a counter started anew in this window; what was counted before is missing.")
        }
        if !vanishedNames.isEmpty {
            notes.append("left the page in this window and count as 0: \(vanishedNames.count) containers or cgroups.")
        }
        return notes
    }

    /// The container ids and cgroup paths that left the page inside the window, sorted; told from the families that
    /// have every one of them on one series, while others part with a series when a state changes or a process ends.
    public var vanishedNames: [String] {
        let families: Set = [
            "kepler_container_joules_total", "kepler_container_bpf_cpu_time_ms_total", "brahe_cgroup_joules_total",
            "brahe_cgroup_cpu_seconds_total",
        ]
        let gone = vanished.filter { families.contains($0.name) }
        return Set(gone.compactMap { $0.labels["container_id"] ?? $0.labels["path"] }).sorted()
    }

    /// Joules, mean watts over the window and share of the node's total, as a table's cells.
    func cells(microjoules: UInt64, node: NodeUse) -> [String] {
        guard source != "none" else { return ["-", "-", "-"] }
        return [
            Ratio.joules(microjoules).text(decimals: 3),
            Ratio(microjoules, per: microseconds).text(decimals: 3),
            Ratio(microjoules, per: node.total).percent,
        ]
    }
}

internal import Metering
internal import Samples

extension Assessment {
    /// How good the samples are.
    ///
    /// - Parameters:
    ///   - mode: `prometheus`, `agent` or `file`.
    ///   - warnings: what whoever collected them has to say.
    package func collection(
        mode: String, endpoint: String, serverVersion: String? = nil, warnings: [String] = []
    ) -> CollectionEntry {
        let quality = findings.quality
        return CollectionEntry(
            mode: mode, endpoint: endpoint, serverVersion: serverVersion, generation: meter.generation.rawValue,
            estimate: meter.generation.isEstimate, energySource: energySource,
            scrapeIntervalS: Double(quality.interval) / 1000,
            coverage: quality.coverage, maxGapS: Double(quality.largestGap) / 1000, resets: quality.resets,
            births: quality.births, deaths: quality.deaths, interpolated: quality.interpolated, gates: gates,
            warnings: findings.notes + self.warnings + warnings)
    }

    /// What the exporters say of where their joules come from: ours by a metric of its own, Kepler 0.5 to 0.9 on the node.
    private var energySource: String? {
        func told(_ name: String, _ label: String) -> [String] {
            recording[name].filter { $0.samples.contains { $0.value == 1 } }.compactMap { $0.labels[label] }.filter {
                !$0.isEmpty
            }
        }
        var sources = Set(told("brahe_energy_source", "source"))
        if sources.isEmpty { sources = Set(told("kepler_node_info", "components_power_source")) }
        return sources.isEmpty ? nil : sources.sorted().joined(separator: "+")
    }

    /// The limits that the measured window must keep, and whether it does.
    private var gates: [CollectionEntry.Gate] {
        let energy = groups.first { $0.scope == inputs.primary }.flatMap { meter.use(of: $0.contains, in: run).energy }
        // In the document gaps are seconds.
        let interval = Double(findings.quality.interval) / 1000
        return Gate.all(of: findings, energy: energy, terms: meter.terms).map { gate in
            guard gate.name == "largest_gap" else {
                return CollectionEntry.Gate(
                    name: gate.name, value: gate.value.isFinite ? gate.value : nil, limit: gate.limit,
                    passed: gate.passed)
            }
            return CollectionEntry.Gate(
                name: gate.name, value: Double(findings.quality.largestGap) / 1000, limit: gate.limit * interval,
                passed: gate.passed)
        }
    }

    /// What is missing of what was asked for.
    private var warnings: [String] {
        var warnings: [String] = []
        for group in groups where !group.unseen.isEmpty {
            warnings.append(
                "no series tells of \(group.unseen.count) of the \(group.pods.count) pods of the scope \(group.scope): "
                    + group.unseen.prefix(5).joined(separator: ", "))
        }
        for phase in unsampled {
            warnings.append("the recording tells nothing of the window \(phase.name): no net energy over it")
        }
        let blocks = inputs.bootstrap.blockS
        // Without a quiet window there is no net energy to be uncertain.
        for phase in quiet.isEmpty ? [] : quiet + [run] where Double(phase.milliseconds) / 1000 < 2 * blocks {
            warnings.append(
                "the window \(phase.name) is shorter than two blocks of \(blocks) s: its uncertainty is from shorter "
                    + "blocks, and too small where power drifts")
        }
        return warnings
    }
}

package import Documents
internal import Metering

extension Assessment {
    /// Everything that was measured and what follows from it.
    ///
    /// Throws where the score that the inputs ask for cannot be made: no energy, nothing to divide by.
    package func results() throws(Misread) -> ResultsEntry {
        let groups = groups
        let scopes = groups.map(entry)
        guard let primary = scopes.first(where: { $0.scope == inputs.primary }) else {
            throw Misread("inputs.primary", "\(inputs.primary) is not among the scopes")
        }
        return ResultsEntry(
            zone: meter.zone, primary: inputs.primary, platformMaxW: meter.terms.platformMaxWatts,
            metrics: zip(groups, scopes).flatMap(metrics) + projectMetrics, energy: primary.energy, scopes: scopes,
            consumers: consumers,
            power: curves, sci: try score(primary))
    }

    /// A group as the document has it.
    private func entry(_ group: Group) -> ScopeEntry {
        let use = meter.use(of: group.contains, in: run)
        return ScopeEntry(
            scope: group.scope, pods: group.pods, unseen: group.unseen, energy: energy(of: group, use.energy),
            cpuS: use.cpu.map { Self.units($0.value) }, cpuLowerS: use.cpu.map { Self.units($0.lower) },
            cpuUpperS: use.cpu.map { Self.units($0.upper) })
    }

    private func energy(of group: Group, _ energy: Estimate?) -> EnergyEntry? {
        guard let energy else { return nil }
        let gross = Self.units(energy.value)
        return EnergyEntry(
            grossJ: gross, lowerJ: Self.units(energy.lower), upperJ: Self.units(energy.upper), wattHours: gross / 3600,
            kilowattHours: gross / 3_600_000, meanW: gross / seconds, peakW: curve(of: group, in: run).peak,
            net: quiet.compactMap { net(of: group, gross: gross, $0) })
    }

    private var consumers: [ConsumerEntry] {
        let nodes = findings.uses.filter { $0.level == .node }.map { node in
            (name: node.labels["node"], joules: node.energy.map { Self.units($0.value) })
        }
        return findings.uses.map { use in
            var entry = ConsumerEntry(level: use.level.rawValue, labels: use.labels)
            if let energy = use.energy {
                let joules = Self.units(energy.value)
                entry.joules = joules
                entry.lowerJ = Self.units(energy.lower)
                entry.upperJ = Self.units(energy.upper)
                entry.meanW = joules / seconds
                entry.share = Self.share(joules, on: use.labels["node"], of: nodes)
            }
            entry.cpuS = use.cpu.map { Self.units($0.value) }
            entry.cpuLowerS = use.cpu.map { Self.units($0.lower) }
            entry.cpuUpperS = use.cpu.map { Self.units($0.upper) }
            return entry
        }
    }
}

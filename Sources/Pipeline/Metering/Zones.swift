internal import Samples

/// The zones whose energies are added for a node or a consumer, one choice for a whole recording.
struct Zones: Equatable, Sendable {
    /// Their names: `package`, `dram`, `other`, `gpu`, `core`, `uncore`, `psys`.
    let names: [String]
    /// Whether it is what the generation itself adds up: then its own sum may stand for the zones.
    let isDefault: Bool

    /// As the findings say it.
    var label: String { names.isEmpty ? "none" : names.joined(separator: "+") }

    /// The zones that do not lie within each other, in their order.
    static let disjoint = ["package", "dram", "other", "gpu"]

    /// The zones that the terms ask for, or all that make up a node; `live` are those that have counted anything.
    init(_ terms: Terms, known: Set<String>, live: Set<String>) throws(MeteringError) {
        // Kepler lists zones that it cannot meter; they stay at 0.
        let counting = live.isEmpty ? known : live
        let usual = Self.disjoint.filter(counting.contains)
        guard let wanted = terms.zone else {
            // Where a platform counts nothing but one zone, that one is the node.
            names =
                usual.isEmpty ? ["psys", "core", "uncore"].first(where: counting.contains).map { [$0] } ?? [] : usual
            isDefault = !usual.isEmpty
            return
        }
        let parts = wanted.split(separator: "+", omittingEmptySubsequences: false).map { Self.name(String($0)) }
        let inPackage = ["core", "uncore"]
        let overlaps =
            Set(parts).count < parts.count || parts.contains("psys") && parts.count > 1
            || parts.contains("package") && parts.contains(where: inPackage.contains)
        guard !overlaps else { throw .overlappingZones(wanted) }
        for part in parts where !known.contains(part) { throw .unknownZone(part, known: known.sorted()) }
        names = parts
        isDefault = Set(parts) == Set(usual)
    }

    /// One name for what the generations call differently.
    static func name(_ word: String) -> String {
        switch word {
        case "pkg": "package"
        case "platform": "psys"
        case "other_host_components": "other"
        default: word
        }
    }
}

extension Generation {
    /// The generation that a recording has; of several, that with the most exact names.
    static func found(in metrics: Set<String>) -> Generation? {
        for generation in [Generation.second, .third, .first] where generation.isIn(metrics) { return generation }
        // Our agent may be told to leave Kepler's families out; cAdvisor has containers and no energy.
        return metrics.contains { $0.hasPrefix("brahe_") || $0.hasPrefix("container_") } ? .second : nil
    }

    /// Whether a recording has any of its series.
    func isIn(_ metrics: Set<String>) -> Bool {
        switch self {
        case .first: metrics.contains(where: Self.isFirst)
        case .second: metrics.contains(where: Self.isSecond)
        case .third: metrics.contains(where: Self.isThird)
        }
    }

    /// The zone of a family of energies of this generation; nil if it is none.
    func zones(of series: Series) -> [String] {
        switch self {
        case .first:
            for (prefix, suffix) in [("pod_curr_energy_in_", "_millijoule"), ("node_curr_energy_in_", "_joule")] {
                if let zone = series.name.between(prefix, suffix) { return [Zones.name(zone)] }
            }
            guard series.name == "node_energy_stat" else { return [] }
            return series.labels.keys.compactMap { $0.between("node_curr_energy_in_", "_joule") }.map(Zones.name)
        case .second:
            if series.name == "brahe_zone_joules_total" { return series.labels["zone"].map { [$0] } ?? [] }
            for prefix in ["kepler_container_", "kepler_node_"] {
                guard let zone = series.name.between(prefix, "_joules_total") else { continue }
                return zone.hasPrefix("cpu") ? [] : [Zones.name(zone)]
            }
            return []
        case .third:
            if series.name.between("kepler_", "_gpu_joules_total") != nil { return ["gpu"] }
            let isEnergy =
                series.name.between("kepler_", "_cpu_joules_total") != nil || series.name == "brahe_zone_joules_total"
            return isEnergy ? series.labels["zone"].map { [$0] } ?? [] : []
        }
    }

    /// The zones that a series shows to have counted anything.
    func live(of series: Series) -> [String] {
        guard series.name == "node_energy_stat" else {
            return (series.samples.last?.value ?? 0) != 0 ? zones(of: series) : []
        }
        // Its numbers are labels.
        return series.labels.compactMap { name, value in
            (Double(value) ?? 0) != 0 ? name.between("node_curr_energy_in_", "_joule").map(Zones.name) : nil
        }
    }

    private static func isFirst(_ name: String) -> Bool {
        name.hasPrefix("pod_curr_") || name.hasPrefix("pod_total_energy") || name.hasPrefix("node_curr_energy")
            || name == "node_energy_stat"
    }

    private static func isSecond(_ name: String) -> Bool {
        guard
            let zone = name.between("kepler_container_", "_joules_total")
                ?? name.between("kepler_node_", "_joules_total")
        else { return name == "kepler_container_joules_total" || name.hasPrefix("kepler_container_bpf_cpu_time_") }
        // Both generations have the GPU's.
        return !zone.hasPrefix("cpu") && !zone.hasPrefix("gpu")
    }

    private static func isThird(_ name: String) -> Bool {
        name.hasPrefix("kepler_")
            && (name.hasSuffix("_cpu_joules_total") || name == "kepler_container_cpu_seconds_total")
    }
}

extension String {
    /// What is between a beginning and an end; nil if it has not both or nothing between.
    func between(_ prefix: String, _ suffix: String) -> String? {
        guard hasPrefix(prefix), hasSuffix(suffix), utf8.count > prefix.utf8.count + suffix.utf8.count else {
            return nil
        }
        return String(dropFirst(prefix.count).dropLast(suffix.count))
    }
}

internal import Documents

extension Verification {
    /// Every energy with what follows from it.
    static func checkEnergies(_ results: Field, _ facts: Facts, _ comparison: inout Comparison) {
        check(energy: results["energy"], facts, &comparison)
        for scope in (try? results["scopes"].given?.elements()) ?? [] {
            check(energy: scope["energy"], facts, &comparison)
            comparison.expectOrder(scope["cpu_lower_s"], scope["cpu_s"], scope["cpu_upper_s"])
            if scope["scope"].value.string == facts.primary, results["energy"].given != nil {
                comparison.expect(
                    results["energy"], tree: scope["energy"].value, "the energy of the scope that is scored")
            }
            check(parts: scope, results, &comparison)
        }
    }

    private static func check(energy: Field, _ facts: Facts, _ comparison: inout Comparison) {
        guard let gross = energy["gross_J"].value.number else { return }
        comparison.expect(energy["Wh"], gross / 3600, "gross_J / 3600")
        comparison.expect(energy["kWh"], gross / 3_600_000, "gross_J / 3600000")
        comparison.expectOrder(energy["lower_J"], energy["gross_J"], energy["upper_J"])
        guard let seconds = facts.seconds else { return }
        comparison.expect(energy["mean_W"], gross / seconds, "gross_J over the window's time")
        for net in (try? energy["net"].given?.elements()) ?? [] {
            guard let power = net["power_W"].value.number else { continue }
            comparison.expect(net["net_J"], gross - power * seconds, "gross_J - power_W x the window's time")
            guard let deviation = net["energy_sd_J"].value.number, let other = net["power_sd_W"].value.number else {
                continue
            }
            comparison.expect(
                net["uncertainty_J"], Assessment.uncertainty(deviation, other, seconds: seconds),
                "1.96 x sqrt(energy_sd_J^2 + time^2 x power_sd_W^2)")
        }
    }

    /// A scope is the sum of its pods, a node's of the nodes.
    private static func check(parts scope: Field, _ results: Field, _ comparison: inout Comparison) {
        let consumers = results["consumers"].value.array
        let isNode = scope["scope"].value == "node"
        let pods = Set(scope["pods"].value.array.compactMap(\.string))
        let parts = consumers.filter { consumer in
            guard !isNode else { return consumer["level"] == "node" }
            guard consumer["level"] == "pod" else { return false }
            return pods.contains(Assessment.podName(consumer["labels"].object.compactMapValues(\.string)))
        }
        guard !parts.isEmpty else { return }
        let joules = parts.compactMap { $0["J"].number }
        if !joules.isEmpty {
            comparison.expect(scope["energy"]["gross_J"], joules.reduce(0, +), "the sum of its parts")
        }
        let cpu = parts.compactMap { $0["cpu_s"].number }
        if !cpu.isEmpty { comparison.expect(scope["cpu_s"], cpu.reduce(0, +), "the sum of its parts") }
    }

    /// Every consumer's mean power, share and bounds.
    static func checkConsumers(_ results: Field, _ facts: Facts, _ comparison: inout Comparison) {
        let consumers = (try? results["consumers"].given?.elements()) ?? []
        let nodes = consumers.filter { $0["level"].value == "node" }.map {
            (name: $0["labels"]["node"].value.string, joules: $0["J"].value.number)
        }
        for consumer in consumers {
            comparison.expectOrder(consumer["lower_J"], consumer["J"], consumer["upper_J"])
            comparison.expectOrder(consumer["cpu_lower_s"], consumer["cpu_s"], consumer["cpu_upper_s"])
            guard let joules = consumer["J"].value.number else { continue }
            if let seconds = facts.seconds {
                comparison.expect(consumer["mean_W"], joules / seconds, "J over the window's time")
            }
            let share = Assessment.share(joules, on: consumer["labels"]["node"].value.string, of: nodes)
            comparison.expect(consumer["share"], share, "J over its node's J")
        }
    }

    /// Metrics that say again what a scope says, and those of the project.
    static func checkMetrics(_ root: Field, _ facts: Facts, _ comparison: inout Comparison) {
        let results = root["results"]
        let scopes = (try? results["scopes"].given?.elements()) ?? []
        let asked = root["inputs"]["metrics"].value.array.compactMap { try? $0.value(exactly: ProjectMetric.self) }
        for metric in (try? results["metrics"].given?.elements()) ?? [] {
            comparison.expectOrder(metric["lower"], metric["value"], metric["upper"])
            if metric["value"].given == nil, metric["reason"].given == nil {
                comparison.reject(metric["value"], "there is neither a value nor a reason why not")
            }
            let scope = metric["scope"].value.string
            let name = metric["name"].value.string ?? ""
            let aggregation = metric["aggregation"].value.string ?? ""
            if let own = asked.first(where: { $0.name == name && $0.aggregation.rawValue == aggregation }) {
                comparison.expect(metric["value"], own.result.value, "what the query's values give")
            }
            guard let of = scopes.first(where: { $0["scope"].value.string == scope }) else { continue }
            for (end, suffix) in [("value", "gross_J"), ("lower", "lower_J"), ("upper", "upper_J")]
            where Assessment.energyNames.contains(name) {
                comparison.expect(metric[end], of["energy"][suffix].value.number, "the scope's \(suffix)")
            }
            switch name {
            case Assessment.cpuName:
                for (end, suffix) in [("value", "cpu_s"), ("lower", "cpu_lower_s"), ("upper", "cpu_upper_s")] {
                    comparison.expect(metric[end], of[suffix].value.number, "the scope's \(suffix)")
                }
            case Assessment.coresName where aggregation == "mean":
                let cores = facts.seconds.flatMap { seconds in of["cpu_s"].value.number.map { $0 / seconds } }
                comparison.expect(metric["value"], cores, "the scope's cpu_s over the window's time")
            case Assessment.powerName:
                let key = aggregation == "mean" ? "mean_W" : "peak_W"
                comparison.expect(metric["value"], of["energy"][key].value.number, "the scope's \(key)")
            default: break
            }
        }
    }
}

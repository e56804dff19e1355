internal import Documents

extension Comparing {
    /// Throws where the runs' numbers are not the same quantity.
    static func refuseMixed(_ arms: [Arm]) throws(Misread) {
        if let first = differences(among: arms, \.meaning).first { throw Misread("", first) }
    }

    /// One line about each thing that is not the same in all runs, and should be.
    static func warnings(about arms: [Arm]) -> [String] {
        var warnings = differences(among: arms, \.traits)
        let estimated = arms.filter { arm in arm.runs.contains(where: \.isEstimated) }
        if !estimated.isEmpty {
            warnings.append(
                "joules of \(estimated.map(\.name).joined(separator: ", ")) are an estimate that a model made of CPU time, "
                    + "not a measurement")
        }
        let lengths = arms.flatMap(\.runs).compactMap(\.seconds)
        // A window that ends with a job is as long as the job; a hundredth is the clock's and the polling's.
        if let least = lengths.min(), let most = lengths.max(), most > least * 1.01 {
            warnings.append("the measured windows are not equally long: from \(least) to \(most) s")
        }
        return warnings
    }

    /// A line for each trait that not all runs have in common, with who has what: `zone differs: package in a; psys in b`.
    static func differences(among arms: [Arm], _ traits: KeyPath<ComparedRun, [ComparedRun.Trait]>) -> [String] {
        var names: [String] = []
        var holders: [String: [(value: String, arms: [String])]] = [:]
        for arm in arms {
            for trait in arm.runs.flatMap({ $0[keyPath: traits] }) {
                var values = holders[trait.name, default: []]
                if values.isEmpty { names.append(trait.name) }
                if let place = values.firstIndex(where: { $0.value == trait.value }) {
                    if values[place].arms.last != arm.name { values[place].arms.append(arm.name) }
                } else {
                    values.append((trait.value, [arm.name]))
                }
                holders[trait.name] = values
            }
        }
        return names.compactMap { name in
            let values = holders[name, default: []]
            guard values.count > 1 else { return nil }
            // Ten carbon intensities say no more than four.
            let said = values.prefix(4).map { "\($0.value) in \($0.arms.joined(separator: ", "))" }
            let rest = values.count > 4 ? "; and \(values.count - 4) more" : ""
            return "\(name) differs: \(said.joined(separator: "; "))\(rest)"
        }
    }
}

internal import Documents
internal import Metering
internal import Statistics

extension Assessment {
    /// Power of a group from scrape to scrape.
    func curve(of group: Group, in phase: Phase) -> PowerCurve {
        meter.curve(of: group.contains, from: phase.start, to: phase.end)
    }

    /// A group's energy less what it draws in a quiet window; nil where its uncertainty is not known.
    ///
    /// Before anything is deployed only the node draws power, so the baseline is the node's alone.
    func net(of group: Group, gross: Double, _ phase: Phase) -> EnergyEntry.Net? {
        guard group.isNode || phase.name == "idle" else { return nil }
        let quiet = meter.use(of: group.contains, in: phase).energy
        let quietSeconds = Double(phase.milliseconds) / 1000
        guard let deviation = deviation(of: group, in: run),
            // Who was not there drew nothing, and that is certain.
            let quietDeviation = quiet == nil ? 0 : self.deviation(of: group, in: phase)
        else { return nil }
        let power = Self.units(quiet?.value ?? 0) / quietSeconds
        let energyDeviation = deviation * seconds
        return EnergyEntry.Net(
            window: phase.name, powerW: power, powerSdW: quietDeviation, energySdJ: energyDeviation,
            netJ: gross - power * seconds,
            uncertaintyJ: Self.uncertainty(energyDeviation, quietDeviation, seconds: seconds))
    }

    /// The standard deviation of the mean power in a window, in watts; nil of fewer than two steps.
    private func deviation(of group: Group, in phase: Phase) -> Double? {
        let curve = curve(of: group, in: phase)
        var watts: [Double] = []
        var times: [Double] = []
        for (index, power) in curve.watts.enumerated() {
            guard let power else { continue }
            watts.append(power)
            times.append(Double(curve.times[index + 1] - curve.times[index]) / 1000)
        }
        let whole = times.reduce(0, +)
        let block = inputs.bootstrap.blockS
        return Bootstrap.meanDeviation(
            of: watts, weights: times, block: whole < 2 * block ? whole / 4 : block,
            resamples: inputs.bootstrap.resamples, seed: inputs.bootstrap.seed)
    }

    /// The power of each scope, and of the pods that used most.
    var curves: [PowerEntry] {
        let pods = findings.uses.filter { $0.level == .pod && $0.energy != nil }.prefix(Self.podCurves).map {
            let name = Self.podName($0.labels)
            return Group(scope: name, pods: [name], unseen: [], isNode: false)
        }
        return (groups + pods).compactMap { group in
            let curve = curve(of: group, in: run).thinned(to: Self.steps)
            guard !curve.energies.isEmpty else { return nil }
            return PowerEntry(
                name: group.scope, times: curve.times.map { Double($0.milliseconds) / 1000 }, watts: curve.watts)
        }
    }

    /// How many pods have a curve of their own, and how many steps a curve has at most: more than a plot can show.
    private static let podCurves = 10
    private static let steps = 1000
}

extension PowerCurve {
    /// The same energy in fewer steps; a step of which a part is not known is not known.
    fileprivate func thinned(to most: Int) -> PowerCurve {
        let group = (energies.count + most - 1) / max(most, 1)
        guard group > 1 else { return self }
        let starts = Array(stride(from: 0, to: energies.count, by: group))
        let sums = starts.map { start -> UInt64? in
            energies[start..<min(start + group, energies.count)].reduce(0 as UInt64?) { sum, energy in
                guard let sum, let energy else { return nil }
                let (whole, overflow) = sum.addingReportingOverflow(energy)
                return overflow ? nil : whole
            }
        }
        return PowerCurve(times: starts.map { times[$0] } + times.suffix(1), energies: sums)
    }
}

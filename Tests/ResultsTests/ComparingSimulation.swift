import Documents
import Results
import Statistics

/// Runs that never were.
struct SimulatedRuns {
    /// How the runs of one arm spread around their mean.
    enum Spread: CaseIterable {
        case normal, skewed, heavy

        /// A factor with mean 1.
        func factor(_ generator: inout Generator) -> Double {
            let z = generator.normal()
            return switch self {
            case .normal: 1 + 0.02 * z
            // Most runs are a little below the mean, few far above it.
            case .skewed: 0.98 + 0.02 * (z * z + generator.normal() * generator.normal() * 0.5)
            // One run in ten is disturbed.
            case .heavy: 1 + (generator.uniform() < 0.1 ? 0.08 : 0.02) * z
            }
        }
    }

    var generator: Generator
    private var count = 0

    init(seed: UInt64) { generator = Generator(seed: seed) }

    /// The document of a run.
    mutating func document(
        joules: Double?, cpu: Double = 60, change: (inout RunDocument) -> Void = { _ in }
    ) -> RunDocument {
        count += 1
        var document = RunDocument(runId: "run-\(count)", status: .succeeded)
        document.startTime = "2026-11-21T08:00:00.000Z"
        document.endTime = "2026-11-21T08:15:00.000Z"
        let energy = joules.map { joules in
            EnergyEntry(
                grossJ: joules, lowerJ: joules * 0.99, upperJ: joules * 1.01, wattHours: joules / 3600,
                kilowattHours: joules / 3.6e6, meanW: joules / 900, peakW: nil,
                net: [
                    EnergyEntry.Net(
                        window: "baseline", powerW: 2, powerSdW: 0.1, netJ: joules - 1800, uncertaintyJ: 200)
                ])
        }
        document.results = ResultsEntry(
            zone: "package+dram", primary: "project", platformMaxW: 100, metrics: [], energy: energy,
            scopes: [
                ScopeEntry(
                    scope: "project", pods: [], unseen: [], energy: energy, cpuS: cpu, cpuLowerS: cpu, cpuUpperS: cpu)
            ], consumers: [], power: [], sci: nil)
        change(&document)
        return document
    }

    /// An arm of runs around a mean energy; the CPU time goes its own way.
    mutating func arm(_ name: String, _ runs: Int, mean: Double, _ spread: Spread) -> Comparing.Arm {
        Comparing.Arm(
            name,
            runs: (0..<runs).map { _ in
                let joules = mean * spread.factor(&generator)
                return ComparedRun(document(joules: joules, cpu: 60 * spread.factor(&generator)))
            })
    }
}

package import Attribution

/// Where joules come from.
package enum EnergySource {
    /// RAPL, through powercap.
    case powercap(Powercap)
    /// An estimate, only ever by name.
    case estimator(Estimator)
    /// Nowhere: CPU time is all there is.
    case none

    /// For each zone, the most that it can draw, in microwatts.
    package var limits: [UInt64] {
        switch self {
        case .powercap(let powercap): powercap.limits
        case .estimator(let estimator): estimator.limits
        case .none: []
        }
    }

    /// The zones that it meters.
    package var zones: [Zone] {
        switch self {
        case .powercap(let powercap): powercap.zones
        case .estimator(let estimator): estimator.zones
        case .none: []
        }
    }

    /// Where a zone is read; empty for one that is not read anywhere.
    package func path(_ zone: Int) -> String {
        guard case .powercap(let powercap) = self, zone < powercap.paths.count else { return "" }
        return powercap.paths[zone]
    }

    /// The value of the label `source` on Kepler's component series.
    package var label: StaticString {
        switch self {
        case .powercap: "rapl-sysfs"
        case .estimator: "estimator"
        case .none: "none"
        }
    }

    /// The source's own name, as `--source` takes it.
    package var name: StaticString {
        switch self {
        case .powercap: "powercap"
        case .estimator: "estimator"
        case .none: "none"
        }
    }
}

/// Whose metrics a recording has: the exporters have changed their names and meanings over time.
package enum Generation: String, CaseIterable, Codable, Sendable {
    /// Kepler up to 0.3: gauges of the energy of the last three seconds, so any energy is an estimate.
    case first = "kepler 0.3"
    /// Kepler 0.4 to 0.9, and our agent: `kepler_container_joules_total` by mode.
    case second = "kepler 0.4 to 0.9"
    /// Kepler 0.10 and later, and our agent: `kepler_pod_cpu_joules_total` by zone and state.
    case third = "kepler 0.10"

    /// Whether its energies are estimates and have no rigorous bounds.
    package var isEstimate: Bool { self == .first }
}

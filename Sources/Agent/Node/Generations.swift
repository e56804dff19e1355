/// Generations of Kepler whose metrics a page has.
package struct Generations: NamedSet, Sendable {
    /// One bit for each generation.
    package let rawValue: UInt8

    /// The generations of these bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The eBPF generation, up to 0.9: `kepler_container_joules_total` and its family.
    package static let ebpf = Generations(rawValue: 1)
    /// The current generation, from 0.10 on: `kepler_container_cpu_joules_total{zone}` and its family.
    package static let current = Generations(rawValue: 2)
    /// The first generation of 2022: `pod_curr_energy_in_pkg_millijoule` and its family.
    package static let first = Generations(rawValue: 4)

    /// The names that `--compat` takes.
    package static var names: [(name: String, member: Generations)] {
        [("0.9", .ebpf), ("0.11", .current), ("0.3", .first)]
    }
}

package import Attribution

/// Energy where nothing meters it: watts for a CPU that is there, and more watts for one that works.
///
/// The defaults are the averages that Cloud Carbon Footprint derives from SPECpower_ssj2008 results for the servers of
/// a large provider: 0.74 W a virtual CPU idle, 3.5 W fully busy. An estimate, never a measurement: it cannot see
/// frequency, instruction mix or the neighbours on the host.
package final class Estimator {
    /// Microwatts of one idle CPU, by default 0.74 W.
    package static let idleMicrowatts: UInt64 = 740_000
    /// Microwatts more of one busy CPU, by default 3.5 W - 0.74 W.
    package static let busyMicrowatts: UInt64 = 2_760_000

    /// One `package` zone for each socket.
    package let zones: [Zone]
    /// For each zone, what it draws with all its CPUs busy, in microwatts.
    package let limits: [UInt64]
    private let idle: UInt64
    private let busy: UInt64
    private var rest: [UInt64]

    /// An estimator for a machine.
    ///
    /// - Parameters:
    ///   - idleMicrowatts: power of one CPU that does nothing.
    ///   - busyMicrowatts: what a CPU draws beyond that while it works.
    package init(topology: Topology, idleMicrowatts: UInt64, busyMicrowatts: UInt64) {
        let packages = Set(topology.domains.map(\.package)).sorted()
        zones = packages.compactMap { Zone(name: "package-\($0)", parent: nil, topology: topology) }
        limits = packages.map { package in
            let cpus = topology.domains.indices.filter { topology.domains[$0].package == package }
                .reduce(0) { $0 + topology.cpusInDomain[$1] }
            let (limit, overflow) = (idleMicrowatts &+ busyMicrowatts).multipliedReportingOverflow(by: UInt64(cpus))
            return overflow ? .max : limit
        }
        idle = idleMicrowatts
        busy = busyMicrowatts
        rest = zones.map { _ in 0 }
    }

    /// What so many CPUs draw while they do nothing.
    package func idleMicrowatts(cpus: Int) -> UInt64 { idle * UInt64(cpus) }

    /// The energy of a zone whose CPUs had `wall` nanoseconds in all and worked `busy` of them. What is less than a
    /// microjoule is kept for the next call.
    package func spend(zone: Int, wall: UInt64, busy time: UInt64) -> Energy {
        let atoms =
            UInt128(idle) * UInt128(wall) + UInt128(busy) * UInt128(time) + UInt128(rest[zone])
        let (microjoules, left) = atoms.quotientAndRemainder(dividingBy: 1_000_000_000)
        rest[zone] = UInt64(left)
        return Energy(microjoules: UInt64(microjoules))
    }
}

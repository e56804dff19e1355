package import Attribution

/// Takes samples: reads zones and probe at one instant and posts both to the ledger.
///
/// Owned by one thread. A steady sample (no cgroup made or removed) allocates nothing.
package final class Sampler {
    /// How long an account stays after its last cgroup went, nanoseconds.
    package static let retention: UInt64 = 60_000_000_000

    /// The accounts' energy and CPU time.
    package private(set) var ledger: Ledger
    /// Whose the accounts are.
    package private(set) var roster = Roster()
    /// Where joules come from.
    package let source: EnergySource
    /// The scheduler probe.
    package private(set) var probe: SchedProbe
    /// The machine's power domains.
    package let topology: Topology

    /// Full samples taken.
    package private(set) var samples: UInt64 = 0
    /// When the last sample was taken, nanoseconds since 1970; the first is the baseline.
    package private(set) var sampledAt: UInt64 = 0
    /// Nanoseconds that the last sample took.
    package private(set) var lastDuration: UInt64 = 0
    /// Nanoseconds that all samples took.
    package private(set) var totalDuration: UInt64 = 0
    /// Charges to cgroups whose path nobody could tell, cumulative.
    package private(set) var unnamed: UInt64 = 0

    private let tree: CgroupTree
    private var last: UInt64 = 0
    private var knownLosses: UInt64 = 0
    private var removed: [UInt64] = []
    private var leaving: [UInt64] = []
    private var busy: [UInt64]

    /// Takes the baseline reading: energy and CPU time count from here on.
    package init(source: EnergySource, probe: consuming SchedProbe, tree: CgroupTree, topology: Topology) {
        ledger = Ledger(zones: source.zones, domains: topology.domains.count)
        self.source = source
        self.probe = probe
        self.tree = tree
        self.topology = topology
        busy = topology.domains.map { _ in 0 }
        for (cgroup, path) in tree.walk() { roster.note(cgroup, path: path) }
        last = Clock.monotonic
        sampledAt = Clock.unix
        if case .powercap(let powercap) = source {
            for zone in powercap.zones.indices { _ = powercap.read(zone, at: last) }
        }
        self.probe.read(at: last)
    }

    /// Takes a sample now.
    package func sample() {
        let now = Clock.monotonic
        sampledAt = Clock.unix
        let elapsed = now - last
        last = now
        probe.read(at: now)
        // Whoever has time in the table was made before it was read, so after this every path is known.
        noteEvents()
        charge()
        for domain in topology.domains.indices {
            ledger.pass(domain: domain, nanoseconds: elapsed * UInt64(topology.cpusInDomain[domain]))
        }
        postZones(at: now, elapsed: elapsed)
        for cgroup in leaving { roster.remove(cgroup, at: now) }
        closeSlots(at: now)
        if now > Self.retention { roster.retire(goneBefore: now - Self.retention, from: &ledger) }
        samples += 1
        lastDuration = Clock.monotonic - now
        totalDuration += lastDuration
    }

    /// Notes cgroups made; keeps those removed for one sample more, for they may have worked after the table was read.
    private func noteEvents() {
        swap(&leaving, &removed)
        removed.removeAll(keepingCapacity: true)
        probe.events.receive()
        for event in probe.events.waiting {
            switch event {
            case .made(let cgroup, let path): roster.note(cgroup, path: path)
            case .removed(let cgroup): removed.append(cgroup)
            }
        }
        probe.events.waiting.removeAll(keepingCapacity: true)
        if probe.lostEvents != knownLosses {
            knownLosses = probe.lostEvents
            removed.append(contentsOf: roster.reconcile(with: tree.walk()))
        }
    }

    private func charge() {
        for domain in busy.indices { busy[domain] = 0 }
        var walked = false
        for index in probe.table.gains.indices {
            let gain = probe.table.gains[index]
            guard gain.nanoseconds > 0 else { continue }
            busy[gain.domain] += gain.nanoseconds
            guard gain.cgroup != 0 else {
                ledger.charge(Ledger.overflow, domain: gain.domain, nanoseconds: gain.nanoseconds)
                continue
            }
            if !roster.knows(gain.cgroup) {
                if !walked { removed.append(contentsOf: roster.reconcile(with: tree.walk())) }
                walked = true
                if !roster.knows(gain.cgroup) { unnamed += 1 }
            }
            let row = roster.row(of: gain.cgroup, in: &ledger)
            ledger.charge(row, domain: gain.domain, nanoseconds: gain.nanoseconds)
        }
    }

    private func postZones(at now: UInt64, elapsed: UInt64) {
        switch source {
        case .powercap(let powercap):
            for zone in powercap.zones.indices {
                if let spent = powercap.read(zone, at: now) { ledger.post(zone: zone, spent: spent) }
            }
        case .estimator(let estimator):
            for zone in estimator.zones.indices {
                var wall: UInt64 = 0
                var work: UInt64 = 0
                for domain in estimator.zones[zone].domains {
                    wall += elapsed * UInt64(topology.cpusInDomain[domain])
                    work += busy[domain]
                }
                ledger.post(zone: zone, spent: estimator.spend(zone: zone, wall: wall, busy: work))
            }
        case .none:
            break
        }
    }

    /// Gives back the slots of cgroups that are gone and did nothing since the last sample.
    private func closeSlots(at now: UInt64) {
        for index in probe.table.gains.indices {
            let gain = probe.table.gains[index]
            guard gain.nanoseconds == 0, gain.cgroup != 0, roster.isGone(gain.cgroup) else { continue }
            probe.table.close(slot: gain.slot, cgroup: gain.cgroup, at: now)
        }
    }
}

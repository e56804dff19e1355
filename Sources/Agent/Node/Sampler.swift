package import Attribution

/// Takes samples: reads zones and probe at one instant and posts both to the ledger.
///
/// Owned by one thread. A steady sample (no cgroup made or removed) allocates nothing.
package final class Sampler {
    /// How a sampler divides and how long it remembers.
    package struct Settings: Sendable {
        /// How long what is gone keeps its series.
        package var retention = Retention()
        /// Who carries idle energy.
        package var idle = IdlePolicy.none
        /// Whether the platform's rest is a zone of its own, `other`.
        package var hasRemainder = true
        /// How long a container's series is withheld for want of its name, nanoseconds.
        package var nameWait: UInt64 = 10_000_000_000
        /// Idle power that was given for zones, microwatts, by `package-0` and the like.
        package var idleMicrowatts: [String: UInt64] = [:]

        /// The defaults.
        package init() {}
    }

    /// The accounts' energy and CPU time.
    package private(set) var ledger: Ledger
    /// Whose the accounts are.
    package private(set) var roster: Roster
    /// The same by process; nil where processes are not measured.
    package private(set) var processes: ProcessBook?
    /// The idle power of each zone.
    package private(set) var idle: [IdleModel]
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
    /// The same instant, nanoseconds of `Clock.monotonic`.
    package private(set) var last: UInt64 = 0
    /// Nanoseconds that the last sample took.
    package private(set) var lastDuration: UInt64 = 0
    /// Nanoseconds that all samples took.
    package private(set) var totalDuration: UInt64 = 0
    /// Nanoseconds that the last sample found the CPUs at work, and that they had.
    package private(set) var usage: (busy: UInt64, available: UInt64) = (0, 1)
    /// Charges to cgroups whose path nobody could tell, cumulative.
    package private(set) var unnamed: UInt64 = 0
    /// Pages served, cumulative.
    package private(set) var pages: UInt64 = 0

    let settings: Settings
    /// Where names come from; nil where nobody is asked.
    let names: PodNames?
    private var online: OnlineCPUs?
    private let tree: CgroupTree
    private var knownLosses: UInt64 = 0
    private var removed: [UInt64] = []
    private var leaving: [UInt64] = []
    private var busy: [UInt64]
    private var knownRestarts: [UInt64]
    /// When each zone was last read, nanoseconds of `Clock.monotonic`.
    private var readAt: [UInt64]

    /// Takes the baseline reading: energy and CPU time count from here on.
    package init(
        source: EnergySource, probe: consuming SchedProbe, tree: CgroupTree, topology: Topology,
        online: consuming OnlineCPUs? = nil, names: PodNames? = nil, settings: Settings = Settings()
    ) {
        let zones = settings.hasRemainder ? Ledger.withRemainder(source.zones) : source.zones
        ledger = Ledger(zones: zones, domains: topology.domains.count, policy: settings.idle)
        roster = Roster(zones: zones.count, retention: settings.retention)
        idle = zones.map { Self.idleModel(of: $0, settings, source, topology) }
        self.source = source
        self.probe = probe
        self.tree = tree
        self.topology = topology
        self.names = names
        self.online = online
        self.settings = settings
        busy = topology.domains.map { _ in 0 }
        knownRestarts = zones.map { _ in 0 }
        readAt = knownRestarts
        if self.probe.processEvents != nil {
            processes = ProcessBook(
                zones: zones, domains: topology.domains.count, policy: settings.idle, retention: settings.retention)
        }
        for (cgroup, path) in self.probe.events.walk(tree) { roster.note(cgroup, path: path, in: &ledger) }
        last = Clock.monotonic
        sampledAt = Clock.unix
        if case .powercap(let powercap) = source {
            for zone in powercap.zones.indices { _ = powercap.read(zone, at: last) }
        }
        for zone in readAt.indices { readAt[zone] = Clock.monotonic }
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
        charge(at: now)
        _ = online?.read()
        let cpus = online?.inDomain ?? topology.cpusInDomain
        ledger.pass(nanoseconds: elapsed, cpus: cpus)
        if let events = probe.processEvents {
            processes?.sample(events, &probe.processes, roster: roster, at: now, unix: sampledAt, page: pages)
            processes?.ledger.pass(nanoseconds: elapsed, cpus: cpus)
        }
        noteUsage(elapsed, cpus)
        postZones(at: now, elapsed: elapsed, cpus: cpus)
        for cgroup in leaving { roster.remove(cgroup, in: &ledger, at: now, page: pages) }
        closeSlots(at: now)
        roster.retire(from: &ledger, at: now, page: pages)
        learnNames(at: now)
        samples += 1
        lastDuration = Clock.monotonic - now
        totalDuration += lastDuration
    }

    /// Looks for names between samples too: to ask a kubelet takes several steps.
    package func pollNames() { _ = names?.poll(at: Clock.monotonic) }

    /// A descriptor that turns readable when `pollNames` has something to do, or -1.
    package var namesDescriptor: Int32 { names?.descriptor ?? -1 }

    /// Where the cgroups are that count.
    package var hierarchies: CgroupTree { tree }

    /// Notes that a scraper has seen the accounts as they are.
    package func pageServed() { pages += 1 }

    /// Notes cgroups made; keeps those removed for one sample more, for they may have worked after the table was read.
    private func noteEvents() {
        swap(&leaving, &removed)
        removed.removeAll(keepingCapacity: true)
        probe.events.receive()
        for event in probe.events.waiting {
            switch event {
            case .made(let cgroup, let path): roster.note(cgroup, path: path, in: &ledger)
            case .removed(let cgroup): removed.append(cgroup)
            }
        }
        probe.events.waiting.removeAll(keepingCapacity: true)
        if probe.lostEvents != knownLosses {
            knownLosses = probe.lostEvents
            removed.append(contentsOf: roster.reconcile(with: probe.events.walk(tree), in: &ledger))
        }
    }

    private func charge(at now: UInt64) {
        for domain in busy.indices { busy[domain] = 0 }
        var walked = false
        for index in probe.table.gains.indices {
            let gain = probe.table.gains[index]
            guard gain.nanoseconds > 0 else { continue }
            busy[gain.domain] += gain.nanoseconds
            guard gain.owner != 0 else {
                ledger.charge(Ledger.overflow, domain: gain.domain, nanoseconds: gain.nanoseconds)
                continue
            }
            var row = roster.knownRow(of: gain.owner, in: &ledger, at: now, unix: sampledAt)
            if row == nil {
                if !walked {
                    removed.append(contentsOf: roster.reconcile(with: probe.events.walk(tree), in: &ledger))
                }
                walked = true
                row = roster.knownRow(of: gain.owner, in: &ledger, at: now, unix: sampledAt)
                if row == nil { unnamed += 1 }
            }
            ledger.charge(row ?? Ledger.system, domain: gain.domain, nanoseconds: gain.nanoseconds)
        }
    }

    private func noteUsage(_ elapsed: UInt64, _ cpus: [Int]) {
        usage = (0, 0)
        for domain in busy.indices {
            usage.busy += busy[domain]
            usage.available += elapsed * UInt64(cpus[domain])
        }
    }

    private func postZones(at now: UInt64, elapsed: UInt64, cpus: [Int]) {
        switch source {
        case .powercap(let powercap):
            for zone in powercap.zones.indices {
                if let spent = powercap.read(zone, at: now) { post(zone, spent, at: now) }
            }
        case .estimator(let estimator):
            for zone in estimator.zones.indices {
                var wall: UInt64 = 0
                var work: UInt64 = 0
                for domain in estimator.zones[zone].domains {
                    wall += elapsed * UInt64(cpus[domain])
                    work += busy[domain]
                }
                post(zone, estimator.spend(zone: zone, wall: wall, busy: work), at: now)
            }
        case .none:
            break
        }
        if let other = ledger.zones.lastIndex(where: { $0.kind == .other }) {
            post(other, ledger.remainder(zone: other), at: now)
        }
    }

    private func post(_ zone: Int, _ spent: Energy, at now: UInt64) {
        let read = Clock.monotonic
        let elapsed = read - readAt[zone]
        readAt[zone] = read
        let known = idle[zone].isReady ? idle[zone].microwatts : nil
        ledger.post(zone: zone, spent: spent, idleMicrowatts: known)
        processes?.ledger.post(zone: zone, spent: spent, following: ledger)
        let account = ledger.accounts[zone]
        if case .powercap(let powercap) = source, zone < powercap.zones.count,
            powercap.restarted[zone] != knownRestarts[zone]
        {
            // What a reset register lost is missing from `spent`, but not from the time.
            knownRestarts[zone] = powercap.restarted[zone]
            return idle[zone].discard()
        }
        idle[zone].observe(
            spent: spent, elapsed: elapsed, busy: account.recentBusy, busyElapsed: account.recentTime, at: now)
    }

    /// Gives back the slots of cgroups that are gone and did nothing since the last sample.
    private func closeSlots(at now: UInt64) {
        // Once, for whatever is asked of a class's member is copied to be asked.
        let roster = roster
        for index in probe.table.gains.indices {
            let gain = probe.table.gains[index]
            guard gain.nanoseconds == 0, gain.owner != 0, roster.isGone(gain.owner) else { continue }
            probe.table.close(slot: gain.slot, owner: gain.owner, at: now)
        }
    }

    private func learnNames(at now: UInt64) {
        // Before it is asked whether there are any: the first poll finds that out.
        _ = names?.poll(at: now)
        guard let names, names.isPresent else {
            return roster.learnNames(at: now, wait: 0) { _ in nil }
        }
        roster.learnNames(at: now, wait: settings.nameWait) { names.name(of: $0) }
    }

    private static func idleModel(
        of zone: Zone, _ settings: Settings, _ source: EnergySource, _ topology: Topology
    ) -> IdleModel {
        if let given = settings.idleMicrowatts[zone.name] { return IdleModel(givenMicrowatts: given) }
        let cpus = zone.domains.reduce(0) { $0 + topology.cpusInDomain[$1] }
        if case .estimator(let estimator) = source {
            return IdleModel(givenMicrowatts: estimator.idleMicrowatts(cpus: cpus))
        }
        return IdleModel(cpus: cpus)
    }
}

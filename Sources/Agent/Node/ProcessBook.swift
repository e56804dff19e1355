package import Attribution

/// The processes' side of the ledger, kept only where processes are measured.
package struct ProcessBook: Sendable {
    /// The same energy as in the sampler's own ledger, divided among processes.
    package internal(set) var ledger: Ledger
    /// Whose the accounts are.
    package private(set) var roster: ProcessRoster

    private var leaving: [UInt64] = []
    private var exited: [UInt64] = []

    /// An empty book beside a ledger of these zones, domains and this policy. What containers carry alike is theirs as a
    /// whole: no process has a part of it.
    init(zones: [Zone], domains: Int, policy: IdlePolicy, retention: Retention) {
        ledger = Ledger(zones: zones, domains: domains, policy: policy == .even ? .none : policy)
        roster = ProcessRoster(retention: retention)
    }

    /// Takes in what the probe has told and charged since the last sample. The table was read before.
    ///
    /// - Parameters:
    ///   - table: the probe's table of processes.
    ///   - cgroups: whose cgroups the processes are in.
    ///   - time: now, nanoseconds of the clock that only climbs; `unix`, the same since 1970.
    ///   - page: pages served so far.
    mutating func sample(
        _ events: ProcessEvents, _ table: inout SlotTable?, roster cgroups: Roster, at time: UInt64, unix: UInt64,
        page: UInt64
    ) {
        swap(&leaving, &exited)
        exited.removeAll(keepingCapacity: true)
        events.receive()
        for event in events.waiting {
            switch event {
            case .seen(let key, let process):
                let run = ProgramRun(
                    pid: UInt64(process.pid), comm: process.comm, exe: process.exe,
                    identity: cgroups.accounts.owner(of: process.cgroup) ?? .system(""))
                roster.note(key, run, in: &ledger, at: time, unix: unix, page: page)
            case .exited(let key): exited.append(key)
            }
        }
        events.waiting.removeAll(keepingCapacity: true)
        charge(&table, at: time)
        // Kept for one sample more, for they may have worked after the table was read.
        for key in leaving { roster.remove(key, at: time, page: page) }
        roster.retire(from: &ledger, at: time, page: page)
    }

    private mutating func charge(_ table: inout SlotTable?, at time: UInt64) {
        guard table != nil else { return }
        for index in table?.gains.indices ?? 0..<0 {
            guard let gain = table?.gains[index] else { continue }
            if gain.nanoseconds > 0 {
                let row = gain.owner == 0 ? Ledger.overflow : roster.row(of: gain.owner)
                ledger.charge(row, domain: gain.domain, nanoseconds: gain.nanoseconds)
            } else if gain.owner != 0, roster.isGone(gain.owner) {
                table?.close(slot: gain.slot, owner: gain.owner, at: time)
            }
        }
    }
}

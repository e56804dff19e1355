/// Who has which row of the ledger: cgroup ids in, accounts out.
///
/// A cgroup gets a row when it first spends CPU time; a container's cgroups share one. An account whose last cgroup
/// is gone stays for a while, so that every scraper sees its final value, and is then folded away.
public struct Roster: Sendable {
    /// One row's owner.
    public struct Account: Sendable {
        /// Whose it is.
        public let identity: Identity
        /// When the last one went, nanoseconds.
        var goneSince: UInt64?
    }

    /// The accounts by ledger row; nil for the ledger's own rows and for rows given back.
    public private(set) var accounts: [Account?] = Array(repeating: nil, count: Ledger.firstOpen)
    /// How many cgroups are known.
    public var cgroups: Int { identities.count }

    private var identities: [UInt64: Identity] = [:]
    /// How many cgroups of each are there, at work or not.
    private var living: [Identity: Int] = [:]
    private var rowOfCgroup: [UInt64: Ledger.Row] = [:]
    private var rowOfIdentity: [Identity: Ledger.Row] = [:]
    /// When each removed cgroup went, nanoseconds, until it is forgotten.
    private var gone: [UInt64: UInt64] = [:]

    /// An empty roster.
    public init() {}

    /// Whose a row is; nil for the ledger's own rows and for rows given back.
    public func identity(_ row: Ledger.Row) -> Identity? {
        row < accounts.count ? accounts[row]?.identity : nil
    }

    /// Notes the path of a cgroup that was made, or found.
    public mutating func note(_ cgroup: UInt64, path: String) {
        guard identities[cgroup] == nil else { return }
        let identity = Identity(path: path)
        identities[cgroup] = identity
        living[identity, default: 0] += 1
        if let row = rowOfIdentity[identity] { accounts[row]?.goneSince = nil }
    }

    /// Whether the cgroup's path is known.
    public func knows(_ cgroup: UInt64) -> Bool { identities[cgroup] != nil }

    /// Whether the cgroup was removed, though its account may still be there.
    public func isGone(_ cgroup: UInt64) -> Bool { identities[cgroup] == nil || gone[cgroup] != nil }

    /// The row to charge a cgroup's work to. A cgroup whose path nobody knows is charged to the system.
    public mutating func row(of cgroup: UInt64, in ledger: inout Ledger) -> Ledger.Row {
        if let row = rowOfCgroup[cgroup] { return row }
        guard let identity = identities[cgroup] else { return Ledger.system }
        let row = row(of: identity, in: &ledger)
        rowOfCgroup[cgroup] = row
        return row
    }

    private mutating func row(of identity: Identity, in ledger: inout Ledger) -> Ledger.Row {
        if identity == .kernel { return Ledger.kernel }
        if let row = rowOfIdentity[identity] { return row }
        let row = ledger.open()
        while accounts.count <= row { accounts.append(nil) }
        accounts[row] = Account(identity: identity)
        rowOfIdentity[identity] = row
        return row
    }

    /// Notes that a cgroup was removed at `time`, nanoseconds.
    public mutating func remove(_ cgroup: UInt64, at time: UInt64) {
        guard let identity = identities[cgroup], gone[cgroup] == nil else { return }
        let left = (living[identity] ?? 1) - 1
        living[identity] = left > 0 ? left : nil
        if let row = rowOfIdentity[identity], left == 0 { accounts[row]?.goneSince = time }
        // One that never worked has nothing to be remembered for.
        if rowOfCgroup[cgroup] == nil { identities[cgroup] = nil } else { gone[cgroup] = time }
    }

    /// Folds the accounts that went before `time`: a container's into `retired`, others into `system`.
    public mutating func retire(goneBefore time: UInt64, from ledger: inout Ledger) {
        for row in accounts.indices {
            guard let account = accounts[row], let since = account.goneSince, since < time else { continue }
            if case .container = account.identity {
                ledger.fold(row, into: Ledger.retired)
            } else {
                ledger.fold(row, into: Ledger.system)
            }
            rowOfIdentity[account.identity] = nil
            accounts[row] = nil
        }
        // An account outlives each of its cgroups, so none that is still needed is forgotten.
        for (cgroup, since) in gone where since < time {
            gone[cgroup] = nil
            rowOfCgroup[cgroup] = nil
            identities[cgroup] = nil
        }
    }

    /// Holds the known cgroups against those that a walk of the tree found: notes the new, and returns those gone.
    public mutating func reconcile(with found: [UInt64: String]) -> [UInt64] {
        for (cgroup, path) in found { note(cgroup, path: path) }
        return identities.keys.filter { found[$0] == nil && gone[$0] == nil }
    }
}

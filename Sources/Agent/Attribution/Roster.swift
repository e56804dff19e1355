/// Who has which row of the ledger: cgroup ids in, accounts out.
///
/// A container's cgroups share an account; so do those of a pod's containers a pod.
public struct Roster: Sendable {
    /// The accounts.
    public private(set) var accounts: Accounts<Identity>
    /// The pods of the accounts.
    public private(set) var pods: Pods

    /// The path of what has cgroups, of the one nearest to the root.
    private var paths: [Identity: String] = [:]

    /// An empty roster of accounts with so many zones.
    public init(zones: Int, retention: Retention = Retention()) {
        accounts = Accounts(retention: retention)
        pods = Pods(zones: zones)
    }

    /// Whose a row is; nil for the ledger's own rows and for rows given back.
    public func identity(_ row: Ledger.Row) -> Identity? { accounts[row]?.owner }

    /// The path of what has that identity, of its cgroup nearest to the root; nil once it is gone.
    public func path(of identity: Identity) -> String? { paths[identity] }

    /// Whether the cgroup's path is known.
    public func knows(_ cgroup: UInt64) -> Bool { accounts.knows(cgroup) }

    /// Whether the cgroup went, though its account may still be there.
    public func isGone(_ cgroup: UInt64) -> Bool { accounts.isGone(cgroup) }

    /// Notes the path of a cgroup that was made, or found.
    public mutating func note(_ cgroup: UInt64, path: String, in ledger: inout Ledger) {
        guard !knows(cgroup) else { return }
        let identity = Identity(path: path)
        if path.utf8.count < paths[identity]?.utf8.count ?? .max { paths[identity] = path }
        guard let row = accounts.note(cgroup, of: identity) else { return }
        ledger.setCarries(row, identity.isContainer)
        if let pod = accounts[row]?.detail.pod { pods.member(of: pod, isAlive: true) }
    }

    /// The row to charge a cgroup's work to. A cgroup whose path nobody knows is charged to the system.
    ///
    /// - Parameters:
    ///   - time: now, nanoseconds of any clock that only climbs.
    ///   - unix: now, nanoseconds since 1970.
    public mutating func row(of cgroup: UInt64, in ledger: inout Ledger, at time: UInt64, unix: UInt64) -> Ledger.Row {
        knownRow(of: cgroup, in: &ledger, at: time, unix: unix) ?? Ledger.system
    }

    /// The same; nil for a cgroup whose path nobody knows.
    public mutating func knownRow(
        of cgroup: UInt64, in ledger: inout Ledger, at time: UInt64, unix: UInt64
    ) -> Ledger.Row? {
        if let row = accounts.row(of: cgroup) { return row }
        guard let identity = accounts.owner(of: cgroup) else { return nil }
        if identity == .kernel { return Ledger.kernel }
        var opened: Ledger.Row?
        let row = accounts.open(cgroup, of: identity, in: &ledger, unix: unix) { row in
            opened = row
            var pod: Int?
            if case .container(let container) = identity, !container.podUID.isEmpty {
                pod = pods.join(container.podUID, at: unix)
            }
            return Identity.Detail(naming: Naming(since: time), pod: pod)
        }
        if let opened { ledger.setCarries(opened, identity.isContainer) }
        return row
    }

    /// Notes that a cgroup was removed at `time`, nanoseconds, after so many pages.
    public mutating func remove(_ cgroup: UInt64, in ledger: inout Ledger, at time: UInt64, page: UInt64) {
        let identity = accounts.owner(of: cgroup)
        let row = accounts.remove(cgroup, at: time, page: page)
        if let identity, !accounts.hasMembers(identity) { paths[identity] = nil }
        guard let row else { return }
        ledger.setCarries(row, false)
        if let pod = accounts[row]?.detail.pod { pods.member(of: pod, isAlive: false) }
    }

    /// Folds the accounts whose retention is over: a container's into `retired`, a machine's into `retiredMachines`,
    /// others into `system`.
    public mutating func retire(from ledger: inout Ledger, at time: UInt64, page: UInt64) {
        accounts.retire(from: &ledger, at: time, page: page) { row, account, ledger in
            if let pod = account.detail.pod { pods.leave(pod, row: row, of: ledger) }
        }
    }

    /// Looks for the names of those accounts that lack one.
    ///
    /// - Parameters:
    ///   - time: now, nanoseconds.
    ///   - wait: how long a series may be withheld for want of its name; 0 where nobody could tell.
    ///   - name: what is known now.
    public mutating func learnNames(at time: UInt64, wait: UInt64, name: (Container) -> ContainerName?) {
        for row in accounts.all.indices where accounts.all[row]?.detail.naming.isOpen == true {
            guard case .container(let container) = identity(row) else { continue }
            let known = name(container)
            accounts.update(row) { $0.naming.learn(known, at: time, wait: wait) }
            if let detail = accounts[row]?.detail, let pod = detail.pod, let settled = detail.naming.settled {
                pods.settle(pod, settled)
            }
        }
    }

    /// Holds the known cgroups against those that a walk of the tree found: notes the new, and returns those gone.
    public mutating func reconcile(with found: [UInt64: String], in ledger: inout Ledger) -> [UInt64] {
        for (cgroup, path) in found { note(cgroup, path: path, in: &ledger) }
        return accounts.present.filter { found[$0] == nil }
    }
}

extension Identity: AccountOwner {
    /// What is known of an account's owner.
    public struct Detail: Sendable {
        /// A container's name, or the search for it.
        public internal(set) var naming: Naming
        /// A container's pod; nil for what is in none.
        public let pod: Int?
    }

    /// The row that inherits what an account had.
    public var heir: Ledger.Row {
        switch self {
        case .kernel: Ledger.kernel
        case .container: Ledger.retired
        case .machine: Ledger.retiredMachines
        case .system: Ledger.system
        }
    }

    /// Whether it is a container.
    var isContainer: Bool { heir == Ledger.retired }
}

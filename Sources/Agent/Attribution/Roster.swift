/// Who has which row of the ledger: cgroup ids in, accounts out.
///
/// A cgroup gets a row when it first spends CPU time; a container's cgroups share one. An account whose last cgroup
/// is gone is retained for a while and then folded away.
public struct Roster: Sendable {
    /// One row's owner.
    public struct Account: Sendable {
        /// Whose it is.
        public let identity: Identity
        /// A number that no other account had.
        public let serial: UInt64
        /// When it was opened, nanoseconds since 1970.
        public let openedAt: UInt64
        /// Whether one of its cgroups is there still.
        public var isAlive: Bool { goneSince == nil }
        /// When the last one went, nanoseconds.
        var goneSince: UInt64?
        /// A container's name, or the search for it.
        public internal(set) var naming: Naming
        /// A container's pod; nil for what is in none.
        public let pod: Int?
    }

    /// How long a cgroup that was removed is remembered, nanoseconds: what its last tasks do while they end is its own.
    static let memory: UInt64 = 10_000_000_000

    /// How many cgroups of an identity are there, at work or not, and the path of the one nearest to the root.
    private struct Living {
        var count = 0
        var path: String
    }

    /// A row while it was a certain account's.
    private struct Place {
        let row: Ledger.Row
        let serial: UInt64
    }

    /// The accounts by ledger row; nil for the ledger's own rows and for rows given back.
    public private(set) var accounts: [Account?] = Array(repeating: nil, count: Ledger.firstOpen)
    /// The pods of the accounts.
    public private(set) var pods: Pods
    /// How many cgroups are known.
    public var cgroups: Int { identities.count }

    private let retention: Retention
    private var identities: [UInt64: Identity] = [:]
    private var living: [Identity: Living] = [:]
    private var placeOfCgroup: [UInt64: Place] = [:]
    private var rowOfIdentity: [Identity: Ledger.Row] = [:]
    /// When each removed cgroup went, nanoseconds, until it is forgotten.
    private var gone: [UInt64: UInt64] = [:]
    private var lastSerial: UInt64 = 0
    /// Containers and machines that are gone, and all the rest: neither crowds the other out.
    private var departures = [Departures(), Departures()]

    /// An empty roster of accounts with so many zones.
    public init(zones: Int, retention: Retention = Retention()) {
        self.retention = retention
        pods = Pods(zones: zones)
    }

    /// Whose a row is; nil for the ledger's own rows and for rows given back.
    public func identity(_ row: Ledger.Row) -> Identity? {
        row < accounts.count ? accounts[row]?.identity : nil
    }

    /// Whose a cgroup is; nil for one that nobody knows.
    public func identity(ofCgroup cgroup: UInt64) -> Identity? { identities[cgroup] }

    /// The path of what has that identity, of its cgroup nearest to the root; nil once it is gone.
    public func path(of identity: Identity) -> String? { living[identity]?.path }

    /// Notes the path of a cgroup that was made, or found.
    public mutating func note(_ cgroup: UInt64, path: String, in ledger: inout Ledger) {
        guard identities[cgroup] == nil else { return }
        let identity = Identity(path: path)
        identities[cgroup] = identity
        living[identity, default: Living(path: path)].count += 1
        if let known = living[identity], path.utf8.count < known.path.utf8.count { living[identity]?.path = path }
        guard let row = rowOfIdentity[identity], accounts[row]?.isAlive == false else { return }
        accounts[row]?.goneSince = nil
        if identity.isContainer { ledger.setCarries(row, true) }
        if let pod = accounts[row]?.pod { pods.member(of: pod, isAlive: true) }
        departures[identity.queue].forgetOne()
    }

    /// Whether the cgroup's path is known.
    public func knows(_ cgroup: UInt64) -> Bool { identities[cgroup] != nil }

    /// Whether the cgroup was removed, though its account may still be there.
    public func isGone(_ cgroup: UInt64) -> Bool { identities[cgroup] == nil || gone[cgroup] != nil }

    /// The row to charge a cgroup's work to. A cgroup whose path nobody knows is charged to the system.
    ///
    /// - Parameters:
    ///   - time: now, nanoseconds of any clock that only climbs.
    ///   - unix: now, nanoseconds since 1970.
    public mutating func row(of cgroup: UInt64, in ledger: inout Ledger, at time: UInt64, unix: UInt64) -> Ledger.Row {
        let place = placeOfCgroup[cgroup]
        if let place, place.row < Ledger.firstOpen || accounts[place.row]?.serial == place.serial { return place.row }
        guard let identity = identities[cgroup] else { return Ledger.system }
        // Its account was folded away before its last tasks were done.
        if place != nil, gone[cgroup] != nil { return identity.heir }
        let row = row(of: identity, in: &ledger, at: time, unix: unix)
        placeOfCgroup[cgroup] = Place(row: row, serial: accounts[row]?.serial ?? 0)
        return row
    }

    private mutating func row(
        of identity: Identity, in ledger: inout Ledger, at time: UInt64, unix: UInt64
    ) -> Ledger.Row {
        if identity == .kernel { return Ledger.kernel }
        if let row = rowOfIdentity[identity] { return row }
        let row = ledger.open()
        while accounts.count <= row { accounts.append(nil) }
        lastSerial += 1
        var pod: Int?
        if case .container(let container) = identity {
            ledger.setCarries(row, true)
            if !container.podUID.isEmpty { pod = pods.join(container.podUID, at: unix) }
        }
        accounts[row] = Account(
            identity: identity, serial: lastSerial, openedAt: unix, naming: Naming(since: time), pod: pod)
        rowOfIdentity[identity] = row
        return row
    }

    /// Notes that a cgroup was removed at `time`, nanoseconds, after so many pages.
    public mutating func remove(_ cgroup: UInt64, in ledger: inout Ledger, at time: UInt64, page: UInt64) {
        guard let identity = identities[cgroup], gone[cgroup] == nil else { return }
        let left = (living[identity]?.count ?? 1) - 1
        living[identity]?.count = left
        if left == 0 { living[identity] = nil }
        if let row = rowOfIdentity[identity], left == 0, let account = accounts[row], account.isAlive {
            accounts[row]?.goneSince = time
            if let pod = account.pod { pods.member(of: pod, isAlive: false) }
            ledger.setCarries(row, false)
            departures[identity.queue].append(
                Departures.Departure(row: row, serial: account.serial, time: time, page: page))
        }
        // One that never worked has nothing to be remembered for.
        if placeOfCgroup[cgroup] == nil { identities[cgroup] = nil } else { gone[cgroup] = time }
    }

    /// Folds the accounts whose retention is over: a container's into `retired`, a machine's into `retiredMachines`,
    /// others into `system`.
    public mutating func retire(from ledger: inout Ledger, at time: UInt64, page: UInt64) {
        for queue in departures.indices { retire(queue, from: &ledger, at: time, page: page) }
        guard !gone.isEmpty else { return }
        for (cgroup, since) in gone where since &+ Self.memory < time {
            gone[cgroup] = nil
            placeOfCgroup[cgroup] = nil
            identities[cgroup] = nil
        }
    }

    private mutating func retire(_ queue: Int, from ledger: inout Ledger, at time: UInt64, page: UInt64) {
        while let departure = departures[queue].first, departures[queue].isDue(at: time, page: page, by: retention) {
            guard let account = accounts[departure.row], account.serial == departure.serial,
                account.goneSince == departure.time
            else {
                departures[queue].removeFirst(stillGone: false)
                continue
            }
            departures[queue].removeFirst(stillGone: true)
            if let pod = account.pod { pods.leave(pod, row: departure.row, of: ledger) }
            ledger.fold(departure.row, into: account.identity.heir)
            rowOfIdentity[account.identity] = nil
            accounts[departure.row] = nil
        }
    }

    /// Looks for the names of those accounts that lack one.
    ///
    /// - Parameters:
    ///   - time: now, nanoseconds.
    ///   - wait: how long a series may be withheld for want of its name; 0 where nobody could tell.
    ///   - name: what is known now.
    public mutating func learnNames(at time: UInt64, wait: UInt64, name: (Container) -> ContainerName?) {
        for row in accounts.indices {
            guard let account = accounts[row], account.naming.isOpen, case .container(let container) = account.identity,
                accounts[row]?.naming.learn(name(container), at: time, wait: wait) == true, let pod = account.pod,
                let settled = accounts[row]?.naming.settled
            else { continue }
            pods.settle(pod, settled)
        }
    }

    /// Holds the known cgroups against those that a walk of the tree found: notes the new, and returns those gone.
    public mutating func reconcile(with found: [UInt64: String], in ledger: inout Ledger) -> [UInt64] {
        for (cgroup, path) in found { note(cgroup, path: path, in: &ledger) }
        return identities.keys.filter { found[$0] == nil && gone[$0] == nil }
    }
}

extension Identity {
    /// The row that inherits what an account had.
    var heir: Ledger.Row {
        switch self {
        case .kernel: Ledger.kernel
        case .container: Ledger.retired
        case .machine: Ledger.retiredMachines
        case .system: Ledger.system
        }
    }

    /// Which queue of departures it waits in.
    fileprivate var queue: Int { heir == Ledger.system ? 1 : 0 }

    /// Whether it is a container.
    var isContainer: Bool { heir == Ledger.retired }
}

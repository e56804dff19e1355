/// Someone who can have an account: whose cgroups, or processes, come and go.
public protocol AccountOwner: Hashable, Sendable {
    /// What is known of an owner besides.
    associatedtype Detail: Sendable
    /// The row that inherits what the owner's account had.
    var heir: Ledger.Row { get }
}

/// Who has which row of a ledger: the ids that the probe charges in, accounts out.
///
/// An owner has members, each with an id that is never given twice. It gets a row when a member first works; an
/// account whose last member is gone is retained for a while and then folded into its heir.
public struct Accounts<Owner: AccountOwner>: Sendable {
    /// One row's owner.
    public struct Account: Sendable {
        /// Whose it is.
        public let owner: Owner
        /// A number that no other account had.
        public let serial: UInt64
        /// When it was opened, nanoseconds since 1970.
        public let openedAt: UInt64
        /// What is known of the owner besides.
        public internal(set) var detail: Owner.Detail
        /// Whether one of its members is there still.
        public var isAlive: Bool { goneSince == nil }
        /// When the last one went, nanoseconds.
        var goneSince: UInt64?
    }

    /// How long a member that is gone is remembered, nanoseconds: what its last tasks do while they end is its own.
    static var memory: UInt64 { 10_000_000_000 }

    /// A row while it was a certain account's.
    private struct Place {
        let row: Ledger.Row
        let serial: UInt64
    }

    /// The accounts by ledger row; nil for the ledger's own rows and for rows given back.
    public private(set) var all: [Account?] = Array(repeating: nil, count: Ledger.firstOpen)
    /// How many members are known.
    public var members: Int { owners.count }

    private let retention: Retention
    /// The number of each row's account, 0 where there is none; to look it up there is cheaper than in an account, which
    /// would be copied.
    private var serials: [UInt64] = Array(repeating: 0, count: Ledger.firstOpen)
    private var owners: [UInt64: Owner] = [:]
    /// How many members each owner has, at work or not.
    private var living: [Owner: Int] = [:]
    private var places: [UInt64: Place] = [:]
    private var rowOfOwner: [Owner: Ledger.Row] = [:]
    /// The members that are gone, until they are forgotten.
    private var gone: Set<UInt64> = []
    /// When each of them went, nanoseconds.
    private var goneSince = Queue<(member: UInt64, time: UInt64)>()
    private var lastSerial: UInt64 = 0
    /// The accounts that are gone, by heir: those of one do not crowd out those of another.
    private var departures = [Departures](repeating: Departures(), count: Ledger.firstOpen)

    /// No accounts.
    init(retention: Retention) { self.retention = retention }

    /// Whose account a row is; nil for the ledger's own rows and for rows given back.
    public subscript(row: Ledger.Row) -> Account? { row < all.count ? all[row] : nil }

    /// Whose a member is; nil for one that nobody knows.
    public func owner(of member: UInt64) -> Owner? { owners[member] }

    /// Whether the member went, though its account may still be there.
    public func isGone(_ member: UInt64) -> Bool { !knows(member) || gone.contains(member) }

    /// Whether it is known whose a member is.
    func knows(_ member: UInt64) -> Bool { owners.index(forKey: member) != nil }

    /// Whether any member of an owner is there.
    func hasMembers(_ owner: Owner) -> Bool { living[owner] != nil }

    /// The ids of the members that are there.
    var present: [UInt64] { owners.keys.filter { !gone.contains($0) } }

    /// Changes what is known of a row's owner.
    mutating func update(_ row: Ledger.Row, _ change: (inout Owner.Detail) -> Void) {
        if row < all.count, all[row] != nil { change(&all[row]!.detail) }
    }

    /// Notes a member that came. Returns the row of an account that it brought back to life.
    mutating func note(_ member: UInt64, of owner: Owner) -> Ledger.Row? {
        guard owners[member] == nil else { return nil }
        owners[member] = owner
        living[owner, default: 0] += 1
        guard let row = rowOfOwner[owner], all[row]?.isAlive == false else { return nil }
        all[row]?.goneSince = nil
        departures[owner.heir].forgetOne()
        return row
    }

    /// The row to charge a member's work to, where it has one or its owner has; nil where one must be opened first.
    func row(of member: UInt64) -> Ledger.Row? {
        let place = places[member]
        if let place, serials[place.row] == place.serial { return place.row }
        // Its account was folded away before its last tasks were done.
        if place != nil, gone.contains(member) { return owners[member]?.heir }
        return nil
    }

    /// The row of a member whose owner is known, opened now if there is none.
    ///
    /// - Parameters:
    ///   - unix: now, nanoseconds since 1970.
    ///   - detail: what is known of a new account's owner, in its row.
    mutating func open(
        _ member: UInt64, of owner: Owner, in ledger: inout Ledger, unix: UInt64, detail: (Ledger.Row) -> Owner.Detail
    ) -> Ledger.Row {
        let row: Ledger.Row
        if let known = rowOfOwner[owner] {
            row = known
        } else {
            row = ledger.open()
            while all.count <= row {
                all.append(nil)
                serials.append(0)
            }
            lastSerial += 1
            rowOfOwner[owner] = row
            serials[row] = lastSerial
            all[row] = Account(owner: owner, serial: lastSerial, openedAt: unix, detail: detail(row))
        }
        places[member] = Place(row: row, serial: serials[row])
        return row
    }

    /// Notes that a member went at `time`, nanoseconds, after so many pages. Returns the row of an account that went
    /// with it.
    mutating func remove(_ member: UInt64, at time: UInt64, page: UInt64) -> Ledger.Row? {
        guard let owner = owners[member], !gone.contains(member) else { return nil }
        // One that never worked has nothing to be remembered for.
        if places[member] == nil {
            owners[member] = nil
        } else {
            gone.insert(member)
            goneSince.append((member, time))
        }
        return leave(owner, at: time, page: page)
    }

    /// Makes a member another owner's from now on; returns the row of an account that went with that.
    mutating func move(_ member: UInt64, to owner: Owner, at time: UInt64, page: UInt64) -> Ledger.Row? {
        guard let former = owners[member], former != owner, !gone.contains(member) else { return nil }
        owners[member] = nil
        places[member] = nil
        return leave(former, at: time, page: page)
    }

    private mutating func leave(_ owner: Owner, at time: UInt64, page: UInt64) -> Ledger.Row? {
        let left = (living[owner] ?? 1) - 1
        living[owner] = left > 0 ? left : nil
        guard left == 0, let row = rowOfOwner[owner], let account = all[row], account.isAlive else { return nil }
        all[row]?.goneSince = time
        departures[owner.heir].append(
            Departures.Departure(row: row, serial: account.serial, time: time, page: page))
        return row
    }

    /// Folds the accounts whose retention is over into their heirs; `willFold` sees each before.
    mutating func retire(
        from ledger: inout Ledger, at time: UInt64, page: UInt64, willFold: (Ledger.Row, Account, Ledger) -> Void
    ) {
        for queue in departures.indices {
            while let departure = departures[queue].first, departures[queue].isDue(at: time, page: page, by: retention)
            {
                guard let account = all[departure.row], account.serial == departure.serial,
                    account.goneSince == departure.time
                else {
                    departures[queue].removeFirst(stillGone: false)
                    continue
                }
                departures[queue].removeFirst(stillGone: true)
                willFold(departure.row, account, ledger)
                ledger.fold(departure.row, into: account.owner.heir)
                rowOfOwner[account.owner] = nil
                all[departure.row] = nil
                serials[departure.row] = 0
            }
        }
        while let (member, since) = goneSince.first, since &+ Self.memory < time {
            goneSince.removeFirst()
            gone.remove(member)
            places[member] = nil
            owners[member] = nil
        }
    }
}

/// A program in a process: what its series are called.
///
/// Runs of one process id and one name in one place share an account, one after the other, and are equal: no
/// generation's labels tell them apart, and two series of one name would be one too many. The executable is in some
/// labels only, as is which cgroup outside of containers: a wrapper `app` that becomes `/opt/app` is one account still.
public struct ProgramRun: Hashable, Sendable {
    /// The process id, as the host counts.
    public let pid: UInt64
    /// The name that the kernel has for it, at most 15 bytes.
    public let comm: String
    /// The path of its executable when it began; empty for kernel threads.
    public let exe: String
    /// Whose cgroup it is in.
    public let identity: Identity

    /// A program's run as given.
    public init(pid: UInt64, comm: String, exe: String, identity: Identity) {
        self.pid = pid
        self.comm = comm
        self.exe = exe
        self.identity = identity
    }

    /// Whether they share an account.
    public static func == (left: ProgramRun, right: ProgramRun) -> Bool {
        left.pid == right.pid && left.comm == right.comm && left.place == right.place
    }

    /// Hashes what equality looks at.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(pid)
        hasher.combine(comm)
        hasher.combine(place)
    }

    /// The container or machine; nil for what is in none.
    private var place: Identity? {
        switch identity {
        case .container, .machine: identity
        case .kernel, .system: nil
        }
    }

    /// Whether series of both have the same labels, in every generation.
    fileprivate func isCalled(as other: ProgramRun) -> Bool {
        self == other && exe == other.exe && (identity == .kernel) == (other.identity == .kernel)
    }
}

extension ProgramRun: AccountOwner {
    /// What is known of an account's owner.
    public struct Detail: Sendable {
        /// The last of the runs that share the account, whose labels its series have.
        public internal(set) var last: ProgramRun
        /// A number for those labels that no others had.
        public internal(set) var serial: UInt64
    }

    /// Processes that are gone.
    public var heir: Ledger.Row { Ledger.retired }
}

/// Who has which row of the processes' ledger: the probe's process keys in, accounts out.
///
/// The processes' ledger divides the same energy as the containers', by the same rules, among processes instead.
public struct ProcessRoster: Sendable {
    /// The accounts.
    public private(set) var accounts: Accounts<ProgramRun>
    private var lastSerial: UInt64 = 0

    /// An empty roster.
    public init(retention: Retention = Retention()) { accounts = Accounts(retention: retention) }

    /// The row to charge a process's work to; one that was never announced is charged to `Ledger.system`.
    public func row(of key: UInt64) -> Ledger.Row { accounts.row(of: key) ?? Ledger.system }

    /// Whether a process ended, though its account may still be there.
    public func isGone(_ key: UInt64) -> Bool { accounts.isGone(key) }

    /// Notes a process that was seen at `time` nanoseconds (since 1970, `unix`), after so many pages; one that is known
    /// under another name, or in another cgroup, goes on in an account of that name.
    public mutating func note(
        _ key: UInt64, _ run: ProgramRun, in ledger: inout Ledger, at time: UInt64, unix: UInt64, page: UInt64
    ) {
        _ = accounts.move(key, to: run, at: time, page: page)
        if accounts.owner(of: key) == nil {
            _ = accounts.note(key, of: run)
            lastSerial += 1
            _ = accounts.open(key, of: run, in: &ledger, unix: unix) { [lastSerial] _ in
                ProgramRun.Detail(last: run, serial: lastSerial)
            }
        }
        guard let row = accounts.row(of: key), let known = accounts[row]?.detail, !known.last.isCalled(as: run) else {
            return
        }
        lastSerial += 1
        accounts.update(row) { [lastSerial] in $0 = ProgramRun.Detail(last: run, serial: lastSerial) }
    }

    /// Notes that a process ended at `time`, nanoseconds, after so many pages.
    public mutating func remove(_ key: UInt64, at time: UInt64, page: UInt64) {
        _ = accounts.remove(key, at: time, page: page)
    }

    /// Folds the accounts whose retention is over into `Ledger.retired`.
    public mutating func retire(from ledger: inout Ledger, at time: UInt64, page: UInt64) {
        accounts.retire(from: &ledger, at: time, page: page) { _, _, _ in }
    }
}

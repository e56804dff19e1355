/// A program in a process: what its series are called. Runs that have all of it in common share an account, one after
/// the other, for two series of one name would be one too many.
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
}

extension ProgramRun: AccountOwner {
    public typealias Detail = Void
    /// Processes that are gone.
    public var heir: Ledger.Row { Ledger.retired }
}

/// Who has which row of the processes' ledger: the probe's process keys in, accounts out.
///
/// The processes' ledger divides the same energy as the containers', by the same rules, among processes instead.
public struct ProcessRoster: Sendable {
    /// The accounts.
    public private(set) var accounts: Accounts<ProgramRun>

    /// An empty roster.
    public init(retention: Retention = Retention()) { accounts = Accounts(retention: retention) }

    /// The row to charge a process's work to; one that was never announced is charged to `Ledger.system`.
    public func row(of key: UInt64) -> Ledger.Row { accounts.row(of: key) ?? Ledger.system }

    /// Notes a process that was seen at `time` nanoseconds (since 1970, `unix`), after so many pages; one that is known
    /// under another name, or in another cgroup, goes on in an account of that name.
    public mutating func note(
        _ key: UInt64, _ run: ProgramRun, in ledger: inout Ledger, at time: UInt64, unix: UInt64, page: UInt64
    ) {
        _ = accounts.move(key, to: run, at: time, page: page)
        guard accounts.owner(of: key) == nil else { return }
        _ = accounts.note(key, of: run)
        _ = accounts.open(key, of: run, in: &ledger, unix: unix) { _ in }
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

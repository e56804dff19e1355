/// One program in one process, from exec (or fork) to exec or exit.
public struct ProgramRun: Sendable {
    /// The process id, as the host counts.
    public let pid: UInt64
    /// The name that the kernel has for it, at most 15 bytes.
    public let comm: String
    /// The path of its executable when it began; empty for kernel threads.
    public let exe: String
    /// Whose cgroup it began in.
    public let identity: Identity

    /// A program's run as given.
    public init(pid: UInt64, comm: String, exe: String, identity: Identity) {
        self.pid = pid
        self.comm = comm
        self.exe = exe
        self.identity = identity
    }
}

/// Who has which row of the processes' ledger: the probe's process keys in, accounts out.
///
/// The processes' ledger divides the same energy as the containers', by the same rules, among processes instead.
public struct ProcessRoster: Sendable {
    /// One row's owner.
    public struct Account: Sendable {
        /// What ran.
        public let run: ProgramRun
        /// A number that no other account had.
        public let serial: UInt64
        /// When it was opened, nanoseconds since 1970.
        public let openedAt: UInt64
        /// Whether it runs still.
        public var isAlive: Bool { goneSince == nil }
        /// When it ended, nanoseconds.
        var goneSince: UInt64?
        let key: UInt64
    }

    /// The accounts by ledger row; nil for the ledger's own rows and for rows given back.
    public private(set) var accounts: [Account?] = Array(repeating: nil, count: Ledger.firstOpen)

    private let retention: Retention
    private var rowOfKey: [UInt64: Ledger.Row] = [:]
    private var departures = Departures()
    private var lastSerial: UInt64 = 0

    /// An empty roster.
    public init(retention: Retention = Retention()) { self.retention = retention }

    /// The row to charge a process's work to; one that was never announced is charged to `Ledger.system`.
    public func row(of key: UInt64) -> Ledger.Row { rowOfKey[key] ?? Ledger.system }

    /// Whether the process ended, or was never announced.
    public func isGone(_ key: UInt64) -> Bool { rowOfKey[key].map { accounts[$0]?.isAlive != true } ?? true }

    /// Opens an account for a process that was seen for the first time, at `unix` nanoseconds since 1970.
    public mutating func note(_ key: UInt64, _ run: ProgramRun, in ledger: inout Ledger, unix: UInt64) {
        guard rowOfKey[key] == nil else { return }
        let row = ledger.open()
        while accounts.count <= row { accounts.append(nil) }
        lastSerial += 1
        accounts[row] = Account(run: run, serial: lastSerial, openedAt: unix, key: key)
        rowOfKey[key] = row
        if run.identity.isContainer { ledger.setCarries(row, true) }
    }

    /// Notes that a process ended at `time`, nanoseconds, after so many pages.
    public mutating func remove(_ key: UInt64, in ledger: inout Ledger, at time: UInt64, page: UInt64) {
        guard let row = rowOfKey[key], let account = accounts[row], account.isAlive else { return }
        accounts[row]?.goneSince = time
        ledger.setCarries(row, false)
        departures.append(Departures.Departure(row: row, serial: account.serial, time: time, page: page))
    }

    /// Folds the accounts whose retention is over into `Ledger.retired`.
    public mutating func retire(from ledger: inout Ledger, at time: UInt64, page: UInt64) {
        while let departure = departures.first, departures.isDue(at: time, page: page, by: retention) {
            departures.removeFirst(stillGone: true)
            guard let account = accounts[departure.row], account.serial == departure.serial else { continue }
            ledger.fold(departure.row, into: Ledger.retired)
            rowOfKey[account.key] = nil
            accounts[departure.row] = nil
        }
    }
}

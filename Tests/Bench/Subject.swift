import Attribution
import Node

/// What is measured: a sampler as the agent makes one, on this machine's cgroups and a synthetic sysfs.
struct Subject {
    let sampler: Sampler

    /// A sampler at its baseline.
    ///
    /// - Parameters:
    ///   - isMetered: whether there is energy, and not CPU time alone.
    ///   - processes: whether processes are measured too.
    init(_ workplace: Workplace, isMetered: Bool = true, processes: Bool = false) throws {
        let topology = Topology(sysfs: workplace.sysfs)
        let tree = CgroupTree(mount: workplace.mount)
        sampler = Sampler(
            source: isMetered ? .powercap(try Powercap(sysfs: workplace.sysfs, topology: topology)) : .none,
            probe: try SchedProbe(processSlots: processes ? 16384 : nil, topology: topology, tree: tree), tree: tree,
            topology: topology, names: try PodNames(podLogs: workplace.podLogs, kubelet: nil))
    }

    /// Who has an account. Where that changes from one sample to the next, the sample was none of the steady ones that
    /// allocate nothing.
    struct Members: Equatable {
        let cgroups: Int, processes: Int
        let accounts: UInt64, processAccounts: UInt64
        let gone: Int
    }

    /// Who has an account now.
    var members: Members {
        let accounts = sampler.roster.accounts
        let processes = sampler.processes?.roster.accounts
        return Members(
            cgroups: accounts.members, processes: processes?.members ?? 0,
            accounts: Self.lastSerial(accounts), processAccounts: processes.map(Self.lastSerial) ?? 0,
            gone: accounts.all.count { $0?.isAlive == false }
                + (processes?.all.count { $0?.isAlive == false } ?? 0))
    }

    private static func lastSerial<Owner>(_ accounts: Accounts<Owner>) -> UInt64 {
        accounts.all.reduce(0) { max($0, $1?.serial ?? 0) }
    }

    /// How many containers have their name from the log tree.
    var named: Int { sampler.roster.accounts.all.count { $0?.detail.naming.settled?.isComplete == true } }

    /// The CPU time of each row of the ledger.
    var times: [UInt64] { (0..<sampler.ledger.rows).map { sampler.ledger.cpuTime($0) } }

    /// How many containers have more CPU time than they had.
    func worked(since before: [UInt64]) -> Int {
        let after = times
        return after.indices.count { row in
            guard case .container = sampler.roster.identity(row) else { return false }
            return after[row] > (row < before.count ? before[row] : 0)
        }
    }
}

import Attribution
import Exposition

/// The list of processes.
extension Listings {
    mutating func refreshProcesses(_ sampler: Sampler) {
        processes.clear()
        guard let book = sampler.processes else { return }
        for (row, name) in [(Ledger.system, "unnamed"), (Ledger.overflow, "overflow"), (Ledger.retired, "retired")] {
            let labels = processes.labels(at: row, serial: 0) {
                Self.name(&$0, pid: name, comm: name, exe: "", container: "", bucket: "system_processes", machine: "")
            }
            append(labels, row, isRunning: row != Ledger.retired, created: startedAt, book.ledger)
        }
        let accounts = book.roster.accounts.all
        for row in accounts.indices {
            guard let account = accounts[row] else { continue }
            let labels = processes.labels(at: row, serial: account.detail.serial) {
                Self.name(&$0, account.detail.last)
            }
            append(labels, row, isRunning: account.isAlive, created: account.openedAt, book.ledger)
        }
    }

    private mutating func append(
        _ labels: Int, _ row: Ledger.Row, isRunning: Bool, created: UInt64, _ ledger: Ledger
    ) {
        processes.append(labels, isRunning: isRunning, created: created, cpuTime: ledger.cpuTime(row))
        for kind in kinds { processes.add(figures(row, kind, ledger), kind) }
    }

    private static func name(_ labels: inout Listing.Labels, _ run: ProgramRun) {
        var container = ""
        var bucket = "system_processes"
        var machine = ""
        switch run.identity {
        case .kernel: bucket = "kernel_processes"
        case .container(let known): container = known.id
        case .machine(let known): machine = known.id
        case .system: break
        }
        name(
            &labels, pid: String(run.pid), comm: run.comm, exe: run.exe, container: container, bucket: bucket,
            machine: machine)
    }

    /// The eBPF generation has a bucket for a process in no container, the current one has none.
    private static func name(
        _ labels: inout Listing.Labels, pid: String, comm: String, exe: String, container: String, bucket: String,
        machine: String
    ) {
        labels.ebpf.add("pid", pid)
        labels.ebpf.add("container_id", container.isEmpty ? bucket : container)
        labels.ebpf.add("vm_id", machine)
        labels.ebpf.add("command", comm)
        labels.current.add("pid", pid)
        labels.current.add("comm", comm)
        labels.current.add("exe", exe)
        labels.current.add("type", !container.isEmpty ? "container" : !machine.isEmpty ? "vm" : "regular")
        labels.current.add("container_id", container)
        labels.current.add("vm_id", machine)
    }
}

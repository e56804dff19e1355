import Attribution
import Exposition

/// Everybody on a page: each level's list, made from the ledger once for all families.
struct Listings {
    /// Kepler's buckets, then containers.
    var containers: Listing
    /// Virtual machines.
    var machines: Listing
    /// Pods.
    var pods: Listing
    /// Pods by name alone, and what is in none; for the first generation.
    var named: Listing
    /// Processes, where they are measured.
    var processes: Listing
    /// Cgroups that are no container, by path.
    var cgroups: Listing
    /// For each kind, its zones.
    let zonesOfKind: [[Int]]
    /// The kinds that any zone is of.
    let kinds: [Zone.Kind]
    /// For each kind, where it is read; Kepler has a word for several places.
    let paths: [String]

    private let content: PageContent
    let startedAt: UInt64
    var podTimes: [UInt64] = []
    var podFigures: [Listing.Figures] = []
    var groupTimes: [UInt64] = []
    var groupFigures: [Listing.Figures] = []
    /// All work that is in no pod with a name.
    var outside = [Listing.Figures](repeating: .init(), count: Zone.Kind.allCases.count)
    /// All work outside of containers.
    private var system = [Listing.Figures](repeating: .init(), count: Zone.Kind.allCases.count)
    private var systemTime: UInt64 = 0

    /// Lists of nobody yet, of what `sampler` measures on the node that `about` describes.
    init(_ sampler: Sampler, about: NodeFacts, content: PageContent) {
        let empty = Listing(node: LabelSet(("node_name", about.name)))
        (containers, machines, pods, named, processes, cgroups) = (empty, empty, empty, empty, empty, empty)
        let zones = sampler.ledger.zones
        let zonesOfKind = Zone.Kind.allCases.map { kind in zones.indices.filter { zones[$0].kind == kind } }
        paths = Zone.Kind.allCases.map { kind in
            let places = zonesOfKind[kind.index]
            return places.count == 1 ? sampler.source.path(places[0]) : "aggregated-\(kind.rawValue)"
        }
        self.zonesOfKind = zonesOfKind
        kinds = Zone.Kind.allCases.filter { !zonesOfKind[$0.index].isEmpty }
        self.content = content
        startedAt = about.startedAt
    }

    /// Whether any zone is of a kind.
    func has(_ kind: Zone.Kind) -> Bool { !zonesOfKind[kind.index].isEmpty }

    /// Makes the lists anew.
    mutating func refresh(_ sampler: Sampler) {
        let ledger = sampler.ledger
        let roster = sampler.roster
        containers.clear()
        machines.clear()
        pods.clear()
        cgroups.clear()
        systemTime = ledger.cpuTime(Ledger.system) + ledger.cpuTime(Ledger.retiredMachines)
        for kind in kinds {
            system[kind.index] = figures(Ledger.system, kind, ledger)
            system[kind.index] += figures(Ledger.retiredMachines, kind, ledger)
        }
        clearPods(roster.pods.all.count)
        bucket("kernel_processes", "kernel", Ledger.kernel, ledger)
        bucket("overflow", "system", Ledger.overflow, ledger)
        bucket("retired", "system", Ledger.retired, ledger)
        let accounts = roster.accounts.all
        for row in accounts.indices {
            guard let account = accounts[row] else { continue }
            switch account.owner {
            case .kernel: break
            case .container(let container): add(container, account, row, ledger)
            case .machine(let machine): add(machine, account, row, ledger)
            case .system(let path): add(path, account, row, ledger)
            }
        }
        bucket("system_processes", "system", Ledger.system, ledger)
        addRetiredMachines(ledger)
        if content.cgroups { addRetiredCgroups(ledger) }
        if content.levels.contains(.pod) {
            listPods(roster.pods)
            if content.generations.contains(.first) { listNamed(roster.pods, ledger) }
        }
        if content.levels.contains(.process) { refreshProcesses(sampler) }
    }

    // MARK: Rows

    /// What a row has of a kind.
    func figures(_ row: Ledger.Row, _ kind: Zone.Kind, _ ledger: Ledger) -> Listing.Figures {
        var sum = Listing.Figures()
        for zone in zonesOfKind[kind.index] {
            sum.add(ledger.share(row, zone: zone), over: ledger.accounts[zone].recentTime)
        }
        return sum
    }

    /// One of Kepler's names for what is no container.
    private mutating func bucket(
        _ name: String, _ namespace: String, _ row: Ledger.Row, _ ledger: Ledger
    ) {
        let labels = containers.labels(at: row, serial: 0) { labels in
            labels.ebpf.add("container_id", name)
            labels.ebpf.add("pod_name", name)
            labels.ebpf.add("container_name", name)
            labels.ebpf.add("container_namespace", namespace)
            // The current generation has no bucket, but what was in its family stays there.
            guard row == Ledger.retired else { return }
            labels.current.add("container_id", name)
            labels.current.add("container_name", name)
            labels.current.add("runtime", Runtime.unknown.rawValue)
            labels.current.add("pod_id", "")
        }
        let isSystem = row == Ledger.system
        containers.append(
            labels, isRunning: row != Ledger.retired, created: startedAt,
            cpuTime: isSystem ? systemTime : ledger.cpuTime(row))
        for kind in kinds {
            containers.add(isSystem ? system[kind.index] : figures(row, kind, ledger), kind)
        }
    }

    private mutating func add(
        _ container: Container, _ account: Accounts<Identity>.Account, _ row: Ledger.Row, _ ledger: Ledger
    ) {
        let cpuTime = ledger.cpuTime(row)
        if let pod = account.detail.pod { podTimes[pod] += cpuTime }
        let isListed = account.detail.naming.settled != nil
        if let name = account.detail.naming.settled {
            let labels = containers.labels(at: row, serial: account.serial) { labels in
                labels.ebpf.add("container_id", container.id)
                labels.ebpf.add("pod_name", name.pod)
                labels.ebpf.add("container_name", name.container)
                labels.ebpf.add("container_namespace", name.namespace)
                labels.current.add("container_id", container.id)
                labels.current.add("container_name", name.container)
                labels.current.add("runtime", container.runtime.rawValue)
                labels.current.add("pod_id", container.podUID)
            }
            containers.append(labels, isRunning: account.isAlive, created: account.openedAt, cpuTime: cpuTime)
        }
        for kind in kinds {
            let figures = figures(row, kind, ledger)
            if let pod = account.detail.pod { podFigures[pod * Zone.Kind.allCases.count + kind.index] += figures }
            if isListed { containers.add(figures, kind) }
        }
    }

    private mutating func add(
        _ machine: Machine, _ account: Accounts<Identity>.Account, _ row: Ledger.Row, _ ledger: Ledger
    ) {
        addToSystem(row, ledger)
        let labels = machines.labels(at: row, serial: account.serial) { labels in
            labels.ebpf.add("vm_id", machine.id)
            labels.current.add("vm_id", machine.id)
            labels.current.add("vm_name", machine.name)
            labels.current.add("hypervisor", "kvm")
        }
        machines.append(
            labels, isRunning: account.isAlive, created: account.openedAt, cpuTime: ledger.cpuTime(row))
        for kind in kinds { machines.add(figures(row, kind, ledger), kind) }
    }

    /// Machines that are gone; absent on a node that never had one.
    private mutating func addRetiredMachines(_ ledger: Ledger) {
        let cpuTime = ledger.cpuTime(Ledger.retiredMachines)
        guard cpuTime > 0 || !machines.entries.isEmpty else { return }
        let labels = machines.labels(at: Ledger.retiredMachines, serial: 0) { labels in
            labels.ebpf.add("vm_id", "retired")
            labels.current.add("vm_id", "retired")
            labels.current.add("vm_name", "retired")
            labels.current.add("hypervisor", "kvm")
        }
        machines.append(labels, isRunning: false, created: startedAt, cpuTime: cpuTime)
        for kind in kinds {
            machines.add(figures(Ledger.retiredMachines, kind, ledger), kind)
        }
    }

    private mutating func add(
        _ path: String, _ account: Accounts<Identity>.Account, _ row: Ledger.Row, _ ledger: Ledger
    ) {
        addToSystem(row, ledger)
        guard content.cgroups else { return }
        let labels = cgroups.labels(at: row, serial: account.serial) { $0.ebpf.add("path", path) }
        cgroups.append(
            labels, isRunning: account.isAlive, created: account.openedAt, cpuTime: ledger.cpuTime(row))
        for kind in kinds { cgroups.add(figures(row, kind, ledger), kind) }
    }

    /// Cgroups that are gone, and work in such as nobody knew; no path is called so.
    private mutating func addRetiredCgroups(_ ledger: Ledger) {
        let labels = cgroups.labels(at: Ledger.system, serial: 0) { $0.ebpf.add("path", "retired") }
        cgroups.append(labels, isRunning: false, created: startedAt, cpuTime: ledger.cpuTime(Ledger.system))
        for kind in Zone.Kind.allCases where has(kind) { cgroups.add(figures(Ledger.system, kind, ledger), kind) }
    }

    private mutating func addToSystem(_ row: Ledger.Row, _ ledger: Ledger) {
        systemTime += ledger.cpuTime(row)
        for kind in kinds { system[kind.index] += figures(row, kind, ledger) }
    }
}

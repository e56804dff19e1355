import Attribution
import Exposition
import Glibc

/// The three families of cAdvisor that the Green Reviews queries need, for where no cAdvisor is scraped: its names,
/// labels and meanings, for containers that are there.
extension MetricsPage {
    mutating func renderCadvisor(_ sampler: Sampler) {
        guard content.cadvisor else { return }
        usages.refresh(sampler)
        page.family(
            "container_cpu_usage_seconds_total", .counter, unit: "seconds",
            "CPU time of a container, as its cgroup has it.")
        for entry in usages.entries {
            guard let cpuTime = entry.usage.cpuTime else { continue }
            page.begin()
            page.label(entry.labels)
            page.label("cpu", "total")
            page.value(cpuTime, decimals: 9, created: entry.created)
        }
        page.family("container_memory_rss", .gauge, "Anonymous memory of a container, in bytes.")
        for entry in usages.entries {
            if let bytes = entry.usage.residentMemory { memory(entry, bytes) }
        }
        page.family(
            "container_memory_working_set_bytes", .gauge, unit: "bytes",
            "Memory of a container without the file pages that would be reclaimed first, in bytes.")
        for entry in usages.entries {
            if let bytes = entry.usage.workingSet { memory(entry, bytes) }
        }
    }

    private mutating func memory(_ entry: ContainerUsages.Entry, _ bytes: UInt64) {
        page.begin()
        page.label(entry.labels)
        page.value(bytes)
    }
}

/// What the cgroup files of all containers say; each container's are opened once.
struct ContainerUsages {
    /// One container.
    struct Entry {
        let labels: LabelSet
        let created: UInt64
        let usage: ContainerUsage
    }

    /// The containers that are there, as of the last `refresh`.
    private(set) var entries: [Entry] = []

    private struct Opened {
        let serial: UInt64
        let files: ContainerFiles
        let labels: LabelSet
    }

    private let mounts: CgroupMounts
    private var opened: [Opened?] = []

    /// None yet, of a tree's groups.
    init(_ tree: CgroupTree) { mounts = CgroupMounts(of: tree) }

    /// Reads everything anew; allocates nothing where no container came or went.
    mutating func refresh(_ sampler: Sampler) {
        entries.removeAll(keepingCapacity: true)
        let roster = sampler.roster
        let accounts = roster.accounts.all
        for row in accounts.indices {
            while opened.count <= row { opened.append(nil) }
            guard let account = accounts[row], account.isAlive, case .container(let container) = account.owner,
                let name = account.detail.naming.settled
            else {
                opened[row] = nil
                continue
            }
            if opened[row]?.serial != account.serial {
                guard let path = roster.path(of: account.owner) else { continue }
                opened[row] = open(path, container, name, account.serial, sampler.hierarchies)
            }
            guard let opened = opened[row] else { continue }
            entries.append(
                Entry(labels: opened.labels, created: account.openedAt, usage: opened.files.read()))
        }
    }

    private func open(
        _ path: String, _ container: Container, _ name: ContainerName, _ serial: UInt64, _ tree: CgroupTree
    ) -> Opened {
        var labels = LabelSet()
        labels.add("container", name.container)
        labels.add("id", path)
        labels.add("image", "")
        labels.add("name", container.id)
        labels.add("namespace", name.namespace)
        labels.add("pod", name.pod)
        let hierarchy: ContainerFiles.Hierarchy
        switch tree.hierarchy {
        case .v2: hierarchy = .v2
        case .v1: hierarchy = .v1
        // A pair's path is the one that names the container; where v2 has no such directory, it is v1's.
        case .hybrid: hierarchy = access(tree.mount + path, F_OK) == 0 ? .v2 : .v1
        }
        let files = ContainerFiles(path: path, foundIn: hierarchy, mounts: mounts)
        return Opened(serial: serial, files: files, labels: labels)
    }
}

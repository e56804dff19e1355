import Foundation

/// Everything that an agent's ledger went through, sample by sample, worked out again from first principles: what the
/// zones counted, the idle watts that the agent was given, and who had how much CPU time. None of Kepler's energies or
/// powers is read for it.
struct LedgerHistory: Sendable {
    /// The kinds of zones; `other` is what psys has beyond package and dram.
    static let kinds = ["package", "core", "uncore", "dram", "psys", "other"]

    /// Who accounts are for.
    enum Level: CaseIterable, Sendable { case node, container, pod, vm, process }

    /// What somebody has at one sample: joules and, over the last sample, watts in each kind of zone.
    struct Account: Sendable {
        /// Seconds of CPU time.
        var cpu = 0.0
        var joules = [Double](repeating: 0, count: kinds.count)
        var watts = [Double](repeating: 0, count: kinds.count)

        static func + (a: Account, b: Account) -> Account {
            Account(
                cpu: a.cpu + b.cpu, joules: zip(a.joules, b.joules).map { $0 + $1 },
                watts: zip(a.watts, b.watts).map { $0 + $1 })
        }
    }

    /// The ledger as of one sample.
    struct State: Sendable {
        /// When the sample was taken, Unix time.
        let at: Double
        /// What each kind of zone counted in all, joules.
        var zones = [Double](repeating: 0, count: kinds.count)
        /// By the place in `owners`.
        var accounts: [Level: [Int: Account]] = [:]
        /// Of all CPUs, seconds: worked, and in all.
        var busy = 0.0, available = 0.0
        /// The share of the last sample that was worked.
        var usage = 0.0
    }

    /// The labels of everybody who ever had an account.
    private(set) var owners: [[String: String]] = []
    private(set) var states: [State] = []
    private var places: [String: Int] = [:]
    private let idleWatts: [Double]
    private let containers: [String: [String: String]]

    /// No samples yet, of an agent that was given these idle watts by kind, on a node with these containers.
    init(idleWatts: [String: Double], containers: [TestNode.Workload]) {
        self.idleWatts = Self.kinds.map { idleWatts[$0] ?? 0 }
        self.containers = Dictionary(
            uniqueKeysWithValues: containers.map {
                (
                    $0.id,
                    [
                        "container_id": $0.id, "pod_name": $0.pod, "container_name": $0.container,
                        "container_namespace": $0.namespace, "pod_id": $0.uid,
                    ]
                )
            })
    }

    /// The families that are read, and no others.
    static let families = [
        "brahe_sample_timestamp_seconds", "process_start_time_seconds", "brahe_zone_joules_total",
        "brahe_ledger_cpu_seconds", "kepler_container_bpf_cpu_time_ms_total", "kepler_vm_bpf_cpu_time_ms_total",
        "kepler_process_cpu_seconds_total", "kepler_container_cpu_seconds_total",
    ]

    /// The place of the sample that was taken at a time. One that was scraped and not polled, because the machine was
    /// short of time, is taken to lie on the line between its neighbours.
    mutating func place(ofSampleAt time: Double) -> Int? {
        guard let next = states.firstIndex(where: { $0.at > time - 1e-4 }) else { return nil }
        guard next > 0, abs(states[next].at - time) > 1e-4 else { return next }
        let (a, b) = (states[next - 1], states[next])
        let part = (time - a.at) / (b.at - a.at)
        var state = State(at: time)
        state.usage = b.usage
        state.zones = zip(a.zones, b.zones).map { $0 + ($1 - $0) * part }
        for (level, accounts) in b.accounts {
            state.accounts[level] = accounts.reduce(into: [:]) { between, entry in
                guard let before = a.accounts[level]?[entry.key] else { return }
                var account = entry.value
                account.cpu = before.cpu + (account.cpu - before.cpu) * part
                account.joules = zip(before.joules, account.joules).map { $0 + ($1 - $0) * part }
                between[entry.key] = account
            }
        }
        states.insert(state, at: next)
        return next
    }

    /// Adds the sample of a page, unless it is the last one's.
    mutating func append(_ page: PageText) {
        guard let at = page.series(of: "brahe_sample_timestamp_seconds").first?.value else { return }
        if states.isEmpty {
            states.append(State(at: page.series(of: "process_start_time_seconds").first?.value ?? at))
        }
        let before = states[states.count - 1]
        guard at > before.at else { return }
        var state = State(at: at)
        for (labels, value) in page.series(of: "brahe_zone_joules_total") {
            let kind = Self.kinds.firstIndex { labels.contains("zone=\"\($0)\"") && $0 != "other" }
            if let kind { state.zones[kind] += value }
        }
        // Kinds in the order of `kinds`; meters read a moment apart may take it back, a counter does not.
        state.zones[5] = max(before.zones[5], state.zones[4] - state.zones[0] - state.zones[3])
        for (labels, value) in page.series(of: "brahe_ledger_cpu_seconds") {
            state.available += value
            if !labels.contains("idle") { state.busy += value }
        }
        state.usage = (state.busy - before.busy) / max(1e-9, state.available - before.available)
        let time = at - before.at
        let spent = zip(state.zones, before.zones).map { $0 - $1 }
        let idle = zip(spent, idleWatts).map { min($0, $1 * time) }
        let dynamic = zip(spent, idle).map { $0 - $1 }
        state.accounts[.node] = node(before.accounts[.node] ?? [:], dynamic, idle, time)
        // Of containers that are not ours, the page is all there is to ask.
        let podIDs = page.series(of: "kepler_container_cpu_seconds_total").map { PageText.labels($0.labels) }
            .reduce(into: [:]) { $0[$1["container_id"]] = $1["pod_id"] }
        let ours = containers
        let inContainers = cpu(.container, page, "kepler_container_bpf_cpu_time_ms_total", 1000) { labels in
            ours[labels["container_id"] ?? ""]
                ?? labels.merging(["pod_id": podIDs[labels["container_id"]] ?? ""]) { $1 }
        }
        let inMachines = cpu(.vm, page, "kepler_vm_bpf_cpu_time_ms_total", 1000)
        let inProcesses = cpu(.process, page, "kepler_process_cpu_seconds_total", 1)
        let busy = state.busy - before.busy
        state.accounts[.container] = share(before.accounts[.container] ?? [:], inContainers, busy, dynamic, time)
        state.accounts[.vm] = share(before.accounts[.vm] ?? [:], inMachines, busy, dynamic, time)
        state.accounts[.process] = share(before.accounts[.process] ?? [:], inProcesses, busy, dynamic, time)
        state.accounts[.pod] = podAccounts(state)
        states.append(state)
    }

    private mutating func place(_ labels: [String: String], _ level: Level) -> Int {
        let key = "\(level) \(labels.sorted { $0.key < $1.key })"
        if let known = places[key] { return known }
        owners.append(labels)
        places[key] = owners.count - 1
        return owners.count - 1
    }

    private mutating func node(
        _ before: [Int: Account], _ dynamic: [Double], _ idle: [Double], _ time: Double
    ) -> [Int: Account] {
        var accounts: [Int: Account] = [:]
        for (mode, gain) in [("dynamic", dynamic), ("idle", idle), ("all", zip(dynamic, idle).map { $0 + $1 })] {
            let place = place(["mode": mode], .node)
            accounts[place] = Self.gained(before[place] ?? Account(), gain, time)
        }
        return accounts
    }

    private static func gained(_ before: Account, _ gain: [Double], _ time: Double) -> Account {
        Account(cpu: before.cpu, joules: zip(before.joules, gain).map { $0 + $1 }, watts: gain.map { $0 / time })
    }

    /// The CPU time of everybody in a family, seconds.
    private mutating func cpu(
        _ level: Level, _ page: PageText, _ family: String, _ unit: Double,
        _ labels: ([String: String]) -> [String: String] = { $0 }
    ) -> [Int: Double] {
        var times: [Int: Double] = [:]
        for (text, value) in page.series(of: family) {
            let key = family + text
            let owner = places[key] ?? place(labels(PageText.labels(text)), level)
            places[key] = owner
            times[owner] = value / unit
        }
        return times
    }

    /// Divides a sample's dynamic energy by CPU time, of which all together had `busy`. Who is gone from the page left
    /// all to `retired`.
    private func share(
        _ before: [Int: Account], _ cpu: [Int: Double], _ busy: Double, _ dynamic: [Double], _ time: Double
    ) -> [Int: Account] {
        var before = before
        if let retired = cpu.keys.first(where: { owners[$0].values.contains("retired") }) {
            for (owner, account) in before where cpu[owner] == nil {
                before[retired] = (before[retired] ?? Account()) + account
            }
        }
        return cpu.reduce(into: [:]) { accounts, entry in
            let known = before[entry.key] ?? Account()
            let part = busy > 0 ? max(0, entry.value - known.cpu) / busy : 0
            var account = Self.gained(known, dynamic.map { $0 * part }, time)
            account.cpu = entry.value
            accounts[entry.key] = account
        }
    }

    /// Pods are their containers; beside them are those that are gone and, in the first generation, whatever is in none.
    private mutating func podAccounts(_ state: State) -> [Int: Account] {
        var accounts: [Int: Account] = [:]
        accounts[place(["pod_id": "retired", "pod_name": "retired", "pod_namespace": "system"], .pod)] = Account()
        var podless = Account()
        for (owner, account) in state.accounts[.container] ?? [:] {
            let labels = owners[owner]
            if let pod = labels["pod_id"], !pod.isEmpty {
                let place = place(
                    [
                        "pod_id": pod, "pod_name": labels["pod_name"] ?? "",
                        "pod_namespace": labels["container_namespace"] ?? "",
                    ], .pod)
                accounts[place] = (accounts[place] ?? Account()) + account
            } else {
                podless = podless + account
            }
        }
        accounts[place(["pod_name": "system_processes", "pod_namespace": "system"], .pod)] = podless
        return accounts
    }
}

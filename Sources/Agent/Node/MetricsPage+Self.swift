import Attribution
import Exposition

/// The agent's account of itself: the ledger's terms, and what measuring costs and misses.
extension MetricsPage {
    mutating func renderSelf(_ sampler: Sampler) {
        if !zones.isEmpty {
            terms(sampler)
            readings(sampler)
            idle(sampler)
        }
        times(sampler)
        if content.levels.contains(.container) { laterNames(sampler) }
        count("brahe_samples_total", "Samples taken.", sampler.samples)
        gauge(
            "brahe_sample_timestamp_seconds", unit: "seconds", "When the sample on this page was taken, Unix time.",
            sampler.sampledAt, decimals: 9)
        gauge(
            "process_start_time_seconds", unit: "seconds", "When this agent began to count, Unix time.",
            about.startedAt, decimals: 9)
        gauge(
            "brahe_name_wait_seconds", unit: "seconds", "How long a container's series waits for its name at most.",
            sampler.settings.nameWait, decimals: 9)
        gauge(
            "brahe_last_sample_seconds", unit: "seconds", "Time the last sample took.", sampler.lastDuration,
            decimals: 9)
        count(
            "brahe_sample_duration_seconds_total", unit: "seconds", "Time all samples took.", sampler.totalDuration,
            decimals: 9)
        gauge("brahe_tracked_cgroups", "Cgroups known.", UInt64(sampler.roster.accounts.members))
        gauge("brahe_used_slots", "Places of the probe's table in use; it has 8192.", UInt64(sampler.probe.usedSlots))
        count(
            "brahe_dropped_events_total", "Cgroup events lost to a full buffer; the tree was walked instead.",
            sampler.probe.lostEvents)
        count(
            "brahe_unplaced_charges_total", "Charges of CPU time to the overflow, the slot table being full.",
            sampler.probe.unplaced)
        count(
            "brahe_unnamed_charges_total", "Charges of CPU time to cgroups whose path could not be told.",
            sampler.unnamed)
        if sampler.processes != nil { processes(sampler) }
        if let names = sampler.names { nameSources(names) }
        count("brahe_probe_runs_total", "Scheduler events that the probe charged.", sampler.probe.runs)
        if let nanoseconds = sampler.probe.nanoseconds {
            count(
                "brahe_probe_seconds_total", unit: "seconds",
                "Time the probe took, as far as the kernel's BPF statistics were on.", nanoseconds, decimals: 9)
        }
        page.family("brahe_energy_source", .gauge, "Where joules come from: powercap, estimator, or none.")
        page.begin()
        page.label("source", sampler.source.name)
        page.value(1)
        page.family("brahe_build_info", .gauge, "The agent's version.")
        page.begin()
        page.label("version", about.version)
        page.value(1)
    }

    private mutating func processes(_ sampler: Sampler) {
        gauge("brahe_tracked_processes", "Processes known.", UInt64(sampler.processes?.roster.accounts.members ?? 0))
        count(
            "brahe_unplaced_process_charges_total",
            "Charges of CPU time to the process overflow, the table of processes being full.",
            sampler.probe.unplacedByProcess)
        count(
            "brahe_delayed_processes_total", "Times a process had to wait for its place, the buffer being full.",
            sampler.probe.delayedProcesses)
    }

    private mutating func nameSources(_ names: PodNames) {
        count(
            "brahe_failed_log_readings_total", "Readings of the kubelet's log tree that failed.", names.failedReadings)
        guard let failed = names.failedRequests, let answered = names.answeredRequests else { return }
        count("brahe_failed_kubelet_requests_total", "Requests to the kubelet that failed.", failed)
        count("brahe_answered_kubelet_requests_total", "Requests to the kubelet that were answered.", answered)
    }

    private mutating func terms(_ sampler: Sampler) {
        page.family("brahe_zone_joules_total", .counter, unit: "joules", "Energy that a zone counted, in joules.")
        for zone in zones.indices {
            page.begin()
            zoneLabels(zone)
            joules(sampler.ledger.accounts[zone].total, created: about.startedAt)
        }
        // A gauge: rounding goes up and down, and what an account had moves to retired with it.
        page.family(
            "brahe_ledger_joules", .gauge, unit: "joules",
            "The terms that add up to a zone's energy, exactly, in joules.")
        for zone in zones.indices {
            let account = sampler.ledger.accounts[zone]
            term(zone, "idle", account.kept)
            term(zone, "accounts", sampler.ledger.openAccounts(zone: zone))
            term(zone, "overflow", sampler.ledger.share(Ledger.overflow, zone: zone).energy)
            term(zone, "retired", sampler.ledger.former(zone: zone))
            term(zone, "rounding", account.rounding)
        }
    }

    private mutating func term(_ zone: Int, _ name: StaticString, _ energy: Energy) {
        page.begin()
        zoneLabels(zone)
        page.label("term", name)
        page.value(energy.microjoules, decimals: 6)
    }

    private mutating func readings(_ sampler: Sampler) {
        page.family(
            "brahe_zone_limit_watts", .gauge, unit: "watts",
            "The most that a zone can draw; no reading beyond it counts.")
        for (zone, limit) in sampler.source.limits.enumerated() where limit < .max {
            page.begin()
            zoneLabels(zone)
            page.value(limit, decimals: 6)
        }
        guard case .powercap(let powercap) = sampler.source else { return }
        page.family("brahe_failed_readings_total", .counter, "Readings of a zone that the kernel refused.")
        for zone in powercap.zones.indices { reading(zone, powercap.failed[zone]) }
        page.family("brahe_rejected_readings_total", .counter, "Readings of a zone beyond its possible power.")
        for zone in powercap.zones.indices { reading(zone, powercap.rejected[zone]) }
        page.family("brahe_restarted_counters_total", .counter, "Times a zone's register was found reset.")
        for zone in powercap.zones.indices { reading(zone, powercap.restarted[zone]) }
    }

    private mutating func reading(_ zone: Int, _ count: UInt64) {
        page.begin()
        zoneLabels(zone)
        page.value(count, created: about.startedAt)
    }

    private mutating func idle(_ sampler: Sampler) {
        page.family(
            "brahe_idle_ready", .gauge, "Whether a zone's idle power is known; until then idle is a share of time.")
        for zone in zones.indices {
            page.begin()
            zoneLabels(zone)
            page.value(sampler.idle[zone].isReady ? 1 : 0)
        }
        page.family("brahe_idle_watts", .gauge, unit: "watts", "What a zone draws with nothing to do, once known.")
        for zone in zones.indices where sampler.idle[zone].isReady {
            page.begin()
            zoneLabels(zone)
            page.value(sampler.idle[zone].microwatts, decimals: 6)
        }
        page.family(
            "brahe_idle_age_seconds", .gauge, unit: "seconds", "Age of the evidence nearest to idle, once it is known.")
        for zone in zones.indices where sampler.idle[zone].isReady {
            page.begin()
            zoneLabels(zone)
            page.value(sampler.idle[zone].age(at: sampler.last), decimals: 9)
        }
    }

    /// Names that came after their series had appeared without.
    private mutating func laterNames(_ sampler: Sampler) {
        page.family("brahe_container_info", .gauge, "Names that were learned after a container's series appeared.")
        let accounts = sampler.roster.accounts.all
        for row in accounts.indices where accounts[row]?.detail.naming.later != nil {
            guard let later = accounts[row]?.detail.naming.later,
                case .container(let container) = sampler.roster.identity(row)
            else { continue }
            page.begin()
            page.label("container_id", container.id)
            page.label("pod_name", later.pod)
            page.label("container_name", later.container)
            page.label("container_namespace", later.namespace)
            page.value(1)
        }
    }

    private mutating func zoneLabels(_ zone: Int) {
        page.label("zone", zones[zone].kind.label)
        page.label("package", zones[zone].package)
    }

    private mutating func times(_ sampler: Sampler) {
        // A gauge, as the ledger's joules are: what an account had moves to retired with it.
        page.family(
            "brahe_ledger_cpu_seconds", .gauge, unit: "seconds", "CPU time of the node by who spent it, in seconds.")
        let ledger = sampler.ledger
        var idle: UInt64 = 0
        for domain in sampler.topology.domains.indices { idle += ledger.idleTime[domain] }
        var accounts: UInt64 = 0
        for row in 0..<ledger.rows where !Ledger.isFormer(row) { accounts += ledger.cpuTime(row) }
        time("idle", idle)
        time("accounts", accounts)
        time("overflow", ledger.cpuTime(Ledger.overflow))
        time("retired", ledger.cpuTime(Ledger.retired) + ledger.cpuTime(Ledger.retiredMachines))
    }

    private mutating func time(_ name: StaticString, _ nanoseconds: UInt64) {
        page.begin()
        page.label("term", name)
        page.value(nanoseconds, decimals: 9)
    }

    private mutating func count(
        _ name: StaticString, unit: StaticString = "", _ help: StaticString, _ number: UInt64, decimals: Int = 0
    ) {
        page.family(name, .counter, unit: unit, help)
        page.begin()
        page.value(number, decimals: decimals, created: about.startedAt)
    }

    private mutating func gauge(
        _ name: StaticString, unit: StaticString = "", _ help: StaticString, _ number: UInt64, decimals: Int = 0
    ) {
        page.family(name, .gauge, unit: unit, help)
        page.begin()
        page.value(number, decimals: decimals)
    }
}

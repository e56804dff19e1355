import Attribution
import Exposition

/// The agent's account of itself: the ledger's terms, and what measuring costs and misses.
extension MetricsPage {
    mutating func renderSelf(_ sampler: Sampler) {
        if !zones.isEmpty {
            terms(sampler)
            readings(sampler)
        }
        times(sampler)
        single("brahe_samples_total", "counter", "Samples taken.", sampler.samples)
        single(
            "brahe_sample_timestamp_seconds", "gauge", "When the sample on this page was taken, Unix time.",
            sampler.sampledAt, decimals: 9)
        single(
            "process_start_time_seconds", "gauge", "When this agent began to count, Unix time.", about.startedAt,
            decimals: 9)
        single(
            "brahe_sample_duration_seconds", "gauge", "Time the last sample took.", sampler.lastDuration, decimals: 9)
        single(
            "brahe_sample_duration_seconds_total", "counter", "Time all samples took.", sampler.totalDuration,
            decimals: 9)
        single("brahe_tracked_cgroups", "gauge", "Cgroups known.", UInt64(sampler.roster.cgroups))
        single(
            "brahe_used_slots", "gauge", "Places of the probe's table in use; it has 8192.",
            UInt64(sampler.probe.usedSlots))
        single(
            "brahe_dropped_events_total", "counter",
            "Cgroup events lost to a full buffer; the tree was walked instead.",
            sampler.probe.lostEvents)
        single(
            "brahe_unplaced_charges_total", "counter",
            "Charges of CPU time to the overflow, the slot table being full.",
            sampler.probe.unplaced)
        single(
            "brahe_unnamed_charges_total", "counter", "Charges of CPU time to cgroups whose path could not be told.",
            sampler.unnamed)
        single("brahe_probe_runs_total", "counter", "Scheduler events that the probe charged.", sampler.probe.runs)
        if let nanoseconds = sampler.probe.nanoseconds {
            single(
                "brahe_probe_seconds_total", "counter",
                "Time the probe took, as far as the kernel's BPF statistics were on.", nanoseconds, decimals: 9)
        }
        page.family("brahe_energy_source", "gauge", "Where joules come from: powercap, estimator, or none.")
        page.begin("brahe_energy_source")
        page.label("source", sampler.source.name)
        page.value(1)
        page.family("brahe_build_info", "gauge", "The agent's version.")
        page.begin("brahe_build_info")
        page.label("version", about.version)
        page.value(1)
    }

    private mutating func terms(_ sampler: Sampler) {
        page.family("brahe_zone_joules_total", "counter", "Energy that a zone counted, in joules.")
        for zone in zones.indices {
            page.begin("brahe_zone_joules_total")
            zoneLabels(zone)
            page.value(sampler.ledger.total[zone].microjoules, decimals: 6)
        }
        // A gauge: rounding goes up and down, and what an account had moves to retired with it.
        page.family(
            "brahe_ledger_joules", "gauge", "The terms that add up to a zone's energy, exactly, in joules.")
        for zone in zones.indices {
            let ledger = sampler.ledger
            term(zone, "idle", ledger.idle[zone])
            term(zone, "accounts", ledger.accounts(zone: zone))
            term(zone, "overflow", ledger.energy(Ledger.overflow, zone: zone))
            term(zone, "retired", ledger.energy(Ledger.retired, zone: zone))
            term(zone, "rounding", ledger.rounding[zone])
        }
    }

    private mutating func term(_ zone: Int, _ name: StaticString, _ energy: Energy) {
        page.begin("brahe_ledger_joules")
        zoneLabels(zone)
        page.label("term", name)
        page.value(energy.microjoules, decimals: 6)
    }

    private mutating func readings(_ sampler: Sampler) {
        guard case .powercap(let powercap) = sampler.source else { return }
        page.family("brahe_failed_readings_total", "counter", "Readings of a zone that the kernel refused.")
        for zone in zones.indices { reading("brahe_failed_readings_total", zone, powercap.failed[zone]) }
        page.family("brahe_rejected_readings_total", "counter", "Readings of a zone beyond its possible power.")
        for zone in zones.indices { reading("brahe_rejected_readings_total", zone, powercap.rejected[zone]) }
        page.family("brahe_restarted_counters_total", "counter", "Times a zone's register was found reset.")
        for zone in zones.indices { reading("brahe_restarted_counters_total", zone, powercap.restarted[zone]) }
    }

    private mutating func reading(_ name: StaticString, _ zone: Int, _ count: UInt64) {
        page.begin(name)
        zoneLabels(zone)
        page.value(count)
    }

    private mutating func zoneLabels(_ zone: Int) {
        page.label("zone", zones[zone].kind.label)
        page.label("package", zones[zone].package)
    }

    private mutating func times(_ sampler: Sampler) {
        // A gauge, as the ledger's joules are: what an account had moves to retired with it.
        page.family("brahe_ledger_cpu_seconds", "gauge", "CPU time of the node by who spent it, in seconds.")
        var idle: UInt64 = 0
        for domain in sampler.topology.domains.indices { idle += sampler.ledger.idleTime[domain] }
        var accounts: UInt64 = 0
        for row in 0..<sampler.ledger.rows where row != Ledger.overflow && row != Ledger.retired {
            accounts += sampler.ledger.cpuTime(row)
        }
        time("idle", idle)
        time("accounts", accounts)
        time("overflow", sampler.ledger.cpuTime(Ledger.overflow))
        time("retired", sampler.ledger.cpuTime(Ledger.retired))
    }

    private mutating func time(_ name: StaticString, _ nanoseconds: UInt64) {
        page.begin("brahe_ledger_cpu_seconds")
        page.label("term", name)
        page.value(nanoseconds, decimals: 9)
    }

    private mutating func single(
        _ name: StaticString, _ type: StaticString, _ help: StaticString, _ number: UInt64, decimals: Int = 0
    ) {
        page.family(name, type, help)
        page.begin(name)
        page.value(number, decimals: decimals)
    }
}

package import Attribution
import CAgent
import Glibc

/// The scheduler probe: on-CPU nanoseconds per cgroup, and per process where that is asked for, counted in the kernel
/// while this value lives.
package struct SchedProbe: ~Copyable {
    /// Why the probe cannot run here, in one line.
    package struct Unavailable: Error, CustomStringConvertible {
        package let description: String
    }

    /// The table of CPU time by cgroup.
    var table: SlotTable
    /// Cgroups made and removed since the probe was attached.
    let events: CgroupEvents
    /// The table of CPU time by process; nil where it was not asked for.
    var processes: SlotTable?
    /// The processes that the table's keys stand for.
    let processEvents: ProcessEvents?
    /// Charges that found no slot, cumulative.
    package var unplaced: UInt64 { losses[0] }
    /// Cgroup events that a full ring buffer lost, cumulative.
    package var lostEvents: UInt64 { losses[1] }
    /// Charges that found no slot in the table of processes, cumulative.
    package var unplacedByProcess: UInt64 { losses[2] }
    /// How often a process had to wait for its slot because the ring buffer was full, cumulative.
    package var delayedProcesses: UInt64 { losses[3] }

    private let losses: MappedArray
    private let object: LoadedObject
    private let program: Int32
    /// Where the event leaves real-time work out: the program that catches up with it.
    private let flush: Int32?
    private let possibleCPUs: Int

    /// Loads and attaches the probe; the time of every task that runs from here on is counted.
    ///
    /// - Parameters:
    ///   - slots: how many cgroups may have CPU time at once; the rest shares the overflow.
    ///   - processSlots: how many processes may, those included that ended a sample ago; nil for no such table.
    ///   - topology: which CPU belongs to which domain.
    ///   - tree: the hierarchies that count; v2 alone where it is nil.
    /// - Throws: `Unavailable` or `SystemError`, either of which says why the probe cannot run here.
    package init(slots: Int = 8192, processSlots: Int? = nil, topology: Topology, tree: CgroupTree? = nil) throws {
        LoadedObject.hushLibbpf()
        let arity = tracepointArity("sched_stat_runtime")
        guard arity > 0 else { throw Unavailable(description: Self.withoutTracepoint(-arity)) }
        let cpus = Int(libbpf_num_possible_cpus())
        // It had a third argument, vruntime, until 6.7 (commit 5fe6ec8f6ab5), and fired for the fair class only until
        // 5.15. Between these two there is nothing left to catch up with.
        let settings = probe_settings(slots: slots, processSlots: processSlots, fairOnly: arity > 2, tree: tree)
        if settings.has(PROBE_PROCESSES | PROBE_HYBRID), Directory.text("/sys/kernel/realtime") == "1",
            ringBufferSleeps()
        {
            let what = settings.has(PROBE_HYBRID) ? "tell pairs of cgroups" : "tell of processes"
            throw Unavailable(description: "\(what): this real-time kernel's BPF ring buffer sleeps (needs Linux 6.12)")
        }
        let programs = Self.programs(settings)
        let object = try LoadedObject(image: schedObject, name: "sched") { object throws(SystemError) in
            try object.resize("cpu_time_ns", to: cpus * slots)
            try object.resize("slot_ids", to: slots)
            try object.resize("turns", to: cpus)
            if let processSlots {
                try object.resize("process_time_ns", to: cpus * processSlots)
                try object.resize("process_ids", to: processSlots)
                try object.resize("process_events", to: Self.ringSize(processSlots))
            }
            try object.setConstants(settings)
            for program in programs.unused { try object.leaveOut(program) }
        }
        let table = try Self.table(object, "slot_ids", "cpu_time_ns", slots: slots, topology)
        let losses = try MappedArray(map: object.map("losses"), count: MemoryLayout<probe_losses>.size / 8)
        let events = try CgroupEvents(map: object.map("cgroup_events"), isHybrid: settings.has(PROBE_HYBRID))
        let processes = try processSlots.map {
            try Self.table(object, "process_ids", "process_time_ns", slots: $0, topology)
        }
        let processEvents = try processSlots.map { _ in try ProcessEvents(map: object.map("process_events")) }
        try object.attach(programs.attached + [programs.charging])
        return_freed_memory()
        self.table = table
        self.losses = losses
        self.events = events
        self.processes = processes
        self.processEvents = processEvents
        program = object.program(programs.charging)
        flush = settings.has(PROBE_FAIR_ONLY) ? object.program("sched_flush") : nil
        possibleCPUs = cpus
        self.object = object
    }

    private static func table(
        _ object: LoadedObject, _ ids: String, _ cells: String, slots: Int, _ topology: Topology
    ) throws(SystemError) -> SlotTable {
        let cpus = Int(libbpf_num_possible_cpus())
        let known = topology.domainOfCPU
        return SlotTable(
            ids: try MappedArray(map: object.map(ids), count: slots),
            cells: try MappedArray(map: object.map(cells), count: cpus * slots), slots: slots,
            domainOfCPU: (0..<cpus).map { $0 < known.count ? known[$0] : 0 }, domains: topology.domains.count)
    }

    /// The programs to attach first, in order, the one that charges, and those to leave out. What tells of cgroups and
    /// processes comes first, so that none is born or ends unseen.
    private static func programs(_ settings: probe_settings) -> (attached: [String], charging: String, unused: [String])
    {
        let ofProcesses = ["process_exit", "process_moved", "process_exec"]
        var attached = ["cgroup_mkdir", "cgroup_rmdir"]
        var unused: [String] = []
        if settings.has(PROBE_PROCESSES) { attached += ofProcesses } else { unused += ofProcesses }
        if settings.has(PROBE_FAIR_ONLY) {
            attached.append("sched_switch")
        } else {
            unused += ["sched_switch", "sched_flush"]
        }
        let charges = ["sched_stat_runtime", "runtime_extras"]
        let charging = settings.extras == 0 ? 0 : 1
        return (attached, charges[charging], unused + [charges[1 - charging]])
    }

    /// Bytes for a ring of processes: an end of each, and some sixty bytes more. The kernel wants a power of two pages.
    private static func ringSize(_ slots: Int) -> Int {
        var size = 65536
        while size < slots * 128 { size *= 2 }
        return size
    }

    /// Reads the table at `time`, nanoseconds, no task more than a tick behind.
    mutating func read(at time: UInt64) {
        if let flush { for cpu in 0..<possibleCPUs { run(flush, on: UInt32(cpu)) } }
        table.read(at: time)
        processes?.read(at: time)
    }

    /// Runs a program on one CPU; on one that is offline there is nothing to do. The corresponding C function is
    /// `bpf_prog_test_run_opts`.
    private func run(_ program: Int32, on cpu: UInt32) {
        var options = bpf_test_run_opts()
        options.sz = MemoryLayout<bpf_test_run_opts>.size
        options.flags = UInt32(BPF_F_TEST_RUN_ON_CPU)
        options.cpu = cpu
        _ = bpf_prog_test_run_opts(program, &options)
    }

    /// How often the probe ran, cumulative, as of the last reading of the table.
    package var runs: UInt64 { table.runs }

    /// How many cgroups had a slot, as of the last reading of the table.
    package var usedSlots: Int { table.usedSlots }

    /// Whether the kernel lets this process run the probe's programs and ask about them.
    package var isReachable: Bool { information != nil }

    /// Nanoseconds that the probe took, cumulative; nil where the kernel's BPF statistics never were on.
    package var nanoseconds: UInt64? { information.flatMap { $0.run_time_ns > 0 ? $0.run_time_ns : nil } }

    /// Bytes of the program that charges, as the verifier left it; nil where the kernel does not say.
    package var programLength: Int? { information.map { Int($0.xlated_prog_len) } }

    private var information: bpf_prog_info? {
        var info = bpf_prog_info()
        var size = UInt32(MemoryLayout<bpf_prog_info>.size)
        return bpf_obj_get_info_by_fd(program, &info, &size) == 0 ? info : nil
    }

    private static func withoutTracepoint(_ errno: Int32) -> String {
        let btf = "/sys/kernel/btf/vmlinux"
        // libbpf's own errno is of the last place that it looked for BTF in; the first is the one that matters.
        guard access(btf, R_OK) == 0 else {
            return "\(SystemError("read kernel BTF \(btf)")) (needs a kernel built with CONFIG_DEBUG_INFO_BTF)"
        }
        guard errno == ENOENT else { return "\(SystemError("read kernel BTF \(btf)", errno: errno))" }
        return "the kernel has no tracepoint sched_stat_runtime"
    }
}

extension probe_settings {
    /// The settings for tables of so many slots and a kernel of one kind or the other.
    fileprivate init(slots: Int, processSlots: Int?, fairOnly: Bool, tree: CgroupTree?) {
        self.init()
        self.slots = UInt32(slots)
        if fairOnly { extras |= UInt32(PROBE_FAIR_ONLY) }
        if let processSlots {
            extras |= UInt32(PROBE_PROCESSES)
            process_slots = UInt32(processSlots)
            // An end is a record of 16 bytes behind a header of 8.
            process_room = UInt32(processSlots) * 24
        }
        guard let tree, let v1 = tree.v1 else { return }
        if case .v1 = tree.hierarchy { extras |= UInt32(PROBE_V1) } else { extras |= UInt32(PROBE_HYBRID) }
        v1_subsystem = v1.subsystem ?? -1
        v1_hierarchy = v1.number
    }

    /// Whether any of some extras is on.
    fileprivate func has(_ some: Int32) -> Bool { extras & UInt32(some) != 0 }
}

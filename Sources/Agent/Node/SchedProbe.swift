package import Attribution
import CAgent
import Glibc

/// The scheduler probe: on-CPU nanoseconds per cgroup, counted in the kernel while this value lives.
package struct SchedProbe: ~Copyable {
    /// Why the probe cannot run here, in one line.
    package struct Unavailable: Error, CustomStringConvertible {
        package let description: String
    }

    /// The table of CPU time.
    var table: SlotTable
    /// Cgroups made and removed since the probe was attached.
    let events: CgroupEvents
    /// Charges that found no slot, cumulative.
    package var unplaced: UInt64 { losses[0] }
    /// Cgroup events that a full ring buffer lost, cumulative.
    package var lostEvents: UInt64 { losses[1] }

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
    ///   - topology: which CPU belongs to which domain.
    /// - Throws: `Unavailable` or `SystemError`, either of which says why the probe cannot run here.
    package init(slots: Int = 8192, topology: Topology) throws {
        LoadedObject.hushLibbpf()
        let arity = tracepointArity("sched_stat_runtime")
        guard arity > 0 else { throw Unavailable(description: Self.withoutTracepoint(-arity)) }
        let cpus = Int(libbpf_num_possible_cpus())
        // One argument of three, vruntime, went in 6.8 together with the old habit to fire for the fair class only
        // (commits 5fe6ec8f6ab5 and 5d69eca542ee).
        let settings = probe_settings(slots: UInt32(slots), fair_only: arity > 2 ? 1 : 0)
        let object = try LoadedObject(image: schedObject, name: "sched") { object throws(SystemError) in
            try object.resize("cpu_time_ns", to: cpus * slots)
            try object.resize("slot_ids", to: slots)
            try object.resize("turns", to: cpus)
            try object.setConstants(settings)
            if settings.fair_only == 0 {
                try object.leaveOut("sched_switch")
                try object.leaveOut("sched_flush")
            }
        }
        let ids = try MappedArray(map: object.map("slot_ids"), count: slots)
        let cells = try MappedArray(map: object.map("cpu_time_ns"), count: cpus * slots)
        let losses = try MappedArray(map: object.map("losses"), count: MemoryLayout<probe_losses>.size / 8)
        let events = try CgroupEvents(map: object.map("cgroup_events"))
        // Cgroups first, so that none is born unseen between the two.
        try object.attach(["cgroup_mkdir", "cgroup_rmdir"])
        try object.attach(settings.fair_only == 0 ? ["sched_stat_runtime"] : ["sched_switch", "sched_stat_runtime"])
        let known = topology.domainOfCPU
        table = SlotTable(
            ids: ids, cells: cells, slots: slots,
            domainOfCPU: (0..<cpus).map { $0 < known.count ? known[$0] : 0 }, domains: topology.domains.count)
        self.losses = losses
        self.events = events
        return_freed_memory()
        program = object.program("sched_stat_runtime")
        flush = settings.fair_only == 0 ? nil : object.program("sched_flush")
        possibleCPUs = cpus
        self.object = object
    }

    /// Reads the table at `time`, nanoseconds, no task more than a tick behind.
    mutating func read(at time: UInt64) {
        if let flush { for cpu in 0..<possibleCPUs { run(flush, on: UInt32(cpu)) } }
        table.read(at: time)
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

    /// Nanoseconds that the probe took, cumulative; nil where the kernel's BPF statistics never were on.
    package var nanoseconds: UInt64? {
        var info = bpf_prog_info()
        var size = UInt32(MemoryLayout<bpf_prog_info>.size)
        guard bpf_obj_get_info_by_fd(program, &info, &size) == 0, info.run_time_ns > 0 else { return nil }
        return info.run_time_ns
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

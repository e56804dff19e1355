import CAgent
import Glibc

/// What the kernel's own statistics say of a BPF program: how often it ran, and how long.
///
/// Counted only while `bpf_enable_stats` is on. The corresponding C function is `bpf_prog_get_info_by_fd`.
struct ProgramStatistics {
    /// How often it ran, cumulative.
    let runs: UInt64
    /// Nanoseconds that it took, cumulative, reading the clock included.
    let nanoseconds: UInt64
    private let name: String

    /// The statistics of an open program; nil where the kernel does not give them.
    init?(_ program: Int32) {
        var info = bpf_prog_info()
        var size = UInt32(MemoryLayout<bpf_prog_info>.size)
        guard bpf_obj_get_info_by_fd(program, &info, &size) == 0 else { return nil }
        runs = info.run_cnt
        nanoseconds = info.run_time_ns
        name = withUnsafeBytes(of: &info.name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// Opens the youngest program of a name, of which the kernel keeps 15 bytes; -1 where there is none.
    static func openYoungest(_ name: String) -> Int32 {
        var youngest: Int32 = -1
        var id: UInt32 = 0
        while bpf_prog_get_next_id(id, &id) == 0 {
            let program = bpf_prog_get_fd_by_id(id)
            guard program >= 0 else { continue }
            if ProgramStatistics(program)?.name == String(name.prefix(15)) {
                swap(&youngest, with: program)
            } else {
                close(program)
            }
        }
        return youngest
    }

    private static func swap(_ kept: inout Int32, with newer: Int32) {
        if kept >= 0 { close(kept) }
        kept = newer
    }
}

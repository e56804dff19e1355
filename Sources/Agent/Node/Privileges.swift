import CAgent
import Glibc

/// What the process may do beyond others, which the probe needs to be attached and hardly anything after that.
package enum Privileges {
    /// capabilities(7): to read what others may not; what lets an agent that is not root read pods' logs.
    private static let readAll: UInt64 = 1 << 2
    /// capabilities(7): to call bpf(2).
    private static let bpf: UInt64 = 1 << 39

    /// Gives up every capability for good, but those without which the agent could not go on.
    ///
    /// From 5.19 on the kernel lets whoever has a BPF program's descriptor run it and ask about it (commit c8644cd0efe7);
    /// before that bpf(2) is closed to all others where `kernel.unprivileged_bpf_disabled` is set. So it is tried, not
    /// told by a version. A user that is not root keeps `CAP_DAC_READ_SEARCH`, if it has it.
    ///
    /// - Parameter isReachable: whether the probe still answers.
    /// - Returns: the names of those kept.
    /// - Throws: where the kernel, or a seccomp profile, does not let go.
    package static func giveUp(whileReachable isReachable: () -> Bool) throws(SystemError) -> [String] {
        let had = permitted_capabilities()
        var kept = geteuid() == 0 ? 0 : had & readAll
        guard forgo_new_privileges(), set_capabilities(kept, had) else {
            throw SystemError("give up capabilities")
        }
        if !isReachable() { kept |= had & bpf }
        guard set_capabilities(kept, kept) else { throw SystemError("give up capabilities") }
        return [(readAll, "CAP_DAC_READ_SEARCH"), (bpf, "CAP_BPF")].filter { kept & $0.0 != 0 }.map(\.1)
    }
}

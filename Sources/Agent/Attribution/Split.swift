/// How much of a zone's energy is idle, and how much belongs to the work. The one place that decides it; docs/idle.md
/// has the formulas and their limits.
struct Split: Equatable {
    /// What the zone would have spent had nothing run.
    let idle: Energy
    /// For the accounts, by their CPU time.
    let dynamic: Energy

    /// Splits `pool` where the CPUs worked `busy` nanoseconds.
    ///
    /// - Parameters:
    ///   - available: nanoseconds that the CPUs had, wall clock times CPUs. The share of it that nobody worked is the
    ///     first approximation of idle, for as long as the idle power is not known.
    ///   - floor: idle power times wall clock, once it is known; idle is never more than all there was.
    init(of pool: Energy, busy: UInt64, available: UInt64, floor: Energy?) {
        if busy == 0 {
            idle = pool
        } else if let floor {
            idle = min(pool, floor)
        } else {
            // Charges lag by up to a tick, so a busy interval may hold more work than time.
            idle = available > busy ? pool.share(available - busy, of: available) : .zero
        }
        dynamic = pool - idle
    }

    /// Splits `pool` where the idle part is known.
    init(of pool: Energy, idle: Energy) {
        self.idle = min(pool, idle)
        dynamic = pool - self.idle
    }
}

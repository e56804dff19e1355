import Glibc

/// The clocks of the node.
package enum Clock {
    /// Nanoseconds of CLOCK_MONOTONIC: time between samples.
    package static var monotonic: UInt64 { now(CLOCK_MONOTONIC) }

    /// Nanoseconds since 1970, CLOCK_REALTIME: time on the page.
    package static var unix: UInt64 { now(CLOCK_REALTIME) }

    /// Nanoseconds of CPU that this process has used.
    package static var process: UInt64 { now(CLOCK_PROCESS_CPUTIME_ID) }

    private static func now(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

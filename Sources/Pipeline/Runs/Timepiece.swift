package import Documents
internal import Glibc
package import Host

/// What tells a run the time and lets it wait; another one in tests.
package struct Timepiece {
    /// The time of day.
    package var now: () -> Moment
    /// Milliseconds since some instant, which no setting of the clock touches.
    package var elapsed: () -> Int64
    private let sleep: (UInt32) throws(Failure) -> Void

    package init(
        now: @escaping () -> Moment, elapsed: @escaping () -> Int64, pause: @escaping (UInt32) throws(Failure) -> Void
    ) {
        self.now = now
        self.elapsed = elapsed
        sleep = pause
    }

    /// Sleeps for so many milliseconds; throws the signal that came meanwhile, or before, once.
    package func pause(_ milliseconds: UInt32) throws(Failure) { try sleep(milliseconds) }

    /// The machine's clocks; signals must be held by `Interruption`.
    package static var real: Timepiece {
        Timepiece(now: { .now }, elapsed: monotonic, pause: Interruption.pause(milliseconds:))
    }

    private static func monotonic() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

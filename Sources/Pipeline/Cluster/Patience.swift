internal import Glibc
package import Host

/// How the cluster is waited for: by looking again and again, with a limit, and never in silence.
package struct Patience {
    /// From one look to the next.
    package var everyMilliseconds: UInt32 = 2000
    /// How long all of it may take.
    package var limitMilliseconds: Int64
    /// How long a pod may be in trouble that it can get out of by itself, such as an image that cannot be pulled yet.
    package var graceMilliseconds: Int64 = 60_000
    /// Called at least once a second: it renews what must be renewed, and throws if the waiting is to end.
    package var tick: () throws(Failure) -> Void = {}
    /// Told what is waited for and why, whenever that changes.
    package var say: (String) -> Void = { _ in }

    package init(limitMilliseconds: Int64) { self.limitMilliseconds = limitMilliseconds }

    /// What a look found.
    package enum Look<Result> {
        case done(Result)
        /// Not yet, and why.
        case waiting(String)
        /// It is of no use to wait any longer.
        case failed(String)
    }

    /// What a refusal is taken for while something is waited for.
    package static let passing: Set<Kubectl.Refusal> = [.unreachable, .conflict, .other]

    /// The instant until which waiting is allowed that begins now.
    package var deadline: ContinuousClock.Instant { .now + .milliseconds(limitMilliseconds) }

    /// Looks until it is done; ends with the exit code given and the last reason when the deadline is past.
    ///
    /// A refusal among those that pass is one more reason to wait: an API server that is away for a while is waited for.
    package func wait<Result>(
        until deadline: ContinuousClock.Instant, or exit: Failure.Exit, passing: Set<Kubectl.Refusal> = Self.passing,
        look: () throws(Kubectl.Refused) -> Look<Result>
    ) throws(Failure) -> Result {
        let start = ContinuousClock.now
        var said = ""
        while true {
            try tick()
            var found: Look<Result>
            do {
                found = try look()
            } catch {
                guard passing.contains(error.refusal) else { throw Failure(exit, error.message) }
                let away = error.refusal == .unreachable ? "the API server does not answer: " : ""
                found = .waiting(away + error.message)
            }
            switch found {
            case .done(let result): return result
            case .failed(let why): throw Failure(exit, why)
            case .waiting(let why):
                if why != said { say(why) }
                said = why
                guard ContinuousClock.now < deadline else {
                    let seconds = (ContinuousClock.now - start).components.seconds
                    throw Failure(exit, "\(why); given up after \(seconds) s")
                }
            }
            try nap()
        }
    }

    private func nap() throws(Failure) {
        var left = everyMilliseconds
        while left > 0 {
            let part = min(left, 1000)
            usleep(part * 1000)
            left -= part
            if left > 0 { try tick() }
        }
    }
}

internal import Cluster
internal import Course
internal import Documents
internal import Host
internal import Runs

/// What keeps other runs away: the lock of this machine, and the lease in the cluster.
final class Hold {
    let parts: Parts
    fileprivate var lock: RunLock?

    init(_ parts: Parts) { self.parts = parts }

    /// Renews the lease while it is had.
    var duty: Duty { Duty(every: 1000) { () throws(Failure) in } }
}
struct Locking: Stage {
    let step = Step.lock
    let hold: Hold
    init(_ hold: Hold) { self.hold = hold }
    func perform(_ context: Context) throws(Failure) -> JSON { [:] }
}
struct Unlocking: Stage {
    let step = Step.unlock
    let hold: Hold
    init(_ hold: Hold) { self.hold = hold }
    func perform(_ context: Context) throws(Failure) -> JSON { [:] }
}

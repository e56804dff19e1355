internal import Cluster
internal import Course
internal import Documents
internal import Host
internal import Runs

/// What keeps other runs away while this one lives: the lock of the machine, and the lease in the cluster.
final class Hold {
    fileprivate let parts: Parts
    fileprivate let lease: Lease
    fileprivate var lock: RunLock?

    init(_ parts: Parts) {
        self.parts = parts
        lease = Lease(
            kubectl: parts.kubectl, namespace: parts.request.lock.leaseNamespace, holder: parts.request.run,
            durationSeconds: Int64(parts.request.lock.leaseSeconds))
    }

    /// Renews the lease while it is had.
    var duty: Duty { Duty(every: 1000) { [lease] () throws(Failure) in try lease.renew() } }
}

/// Takes the lock of the machine, then the lease.
struct Locking: Stage {
    let step = Step.lock
    let hold: Hold

    func perform(_ context: Context) throws(Failure) -> JSON {
        let asked = hold.parts.request.lock
        let wait = { (reason: String) throws(Failure) in
            context.waits(for: reason)
            try context.pause(milliseconds: 500)
        }
        // Once it began, a run waits for its turn to clean up.
        let waits = asked.queue || !context.journal.isUntouched
        hold.lock = try RunLock(asked.file, run: hold.parts.request.run, wait: waits ? wait : nil)
        if context.journal.isUntouched {
            try RunFolder.refuseUnclean(in: hold.parts.folder.runs, except: hold.parts.folder.id)
        }
        guard asked.lease != "off" else { return ["lease": "off"] }
        while true {
            switch try hold.lease.take(again: mayHaveTaken(context.journal)) {
            case .taken, .retaken: return ["lease": .string("\(hold.lease.namespace)/\(Lease.name)")]
            case .forbidden(let why):
                guard asked.lease == "auto" else { throw Failure(.configuration, "take the lease: \(why)") }
                context.say("no lease, only this machine's lock: \(why)")
                return ["lease": "forbidden"]
            case .heldByAnother(let holding):
                let failure = holding.failure(namespace: hold.lease.namespace)
                guard waits, !holding.hasExpired(at: context.time.now()) else { throw failure }
                try wait(failure.message)
            }
        }
    }

    /// Whether a lease in the run's name can be its own: a run of another machine may have the same name, and one that was
    /// refused never had it.
    private func mayHaveTaken(_ journal: Journal) -> Bool {
        let ends = journal.entries.filter { $0.step == step && $0.phase != .intent }
        return journal.attempt > 1 && (ends.isEmpty || ends.contains { $0.phase == .result })
    }

    func plan() -> [String] {
        let asked = hold.parts.request.lock
        guard asked.lease != "off" else { return ["lock \(asked.file)"] }
        return [
            "lock \(asked.file)", hold.parts.words(["create", "--validate=false", "--filename", "-"]) + "  # a Lease",
        ]
    }
}

/// Gives the lease back, then the lock.
struct Unlocking: Stage {
    let step = Step.unlock
    let hold: Hold

    func perform(_ context: Context) throws(Failure) -> JSON {
        if hold.parts.request.lock.lease != "off", context.detail(of: .lock)["lease"].string != "forbidden" {
            try hold.lease.release(hold.parts.patience(hold.parts.request.durations.cleanup, context))
        }
        hold.lock = nil
        return [:]
    }

    func plan() -> [String] {
        let asked = hold.parts.request.lock
        guard asked.lease != "off" else { return ["unlock \(asked.file)"] }
        let path = "/apis/coordination.k8s.io/v1/namespaces/\(hold.lease.namespace)/leases/\(Lease.name)"
        return [hold.parts.words(["delete", "--raw", path, "--filename", "-"]), "unlock \(asked.file)"]
    }
}

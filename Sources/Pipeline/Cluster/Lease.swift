package import Documents
package import Host

/// The lock that the whole cluster sees: one `Lease` of `coordination.k8s.io/v1`, held by one run at a time.
///
/// Only one `kubectl create` of a name succeeds, and each replacement names the version that it replaces: whoever comes
/// second is refused by the API server. A holder renews it while it lives. One that has run out is not taken from a run
/// that may have left something in the cluster: who asks is told which run that is.
package final class Lease {
    /// The name of the object in its namespace.
    package static let name = "brahe-pipeline"
    package let namespace: String
    /// The run.
    package let holder: String
    /// For how long it is held without being renewed.
    package let durationSeconds: Int64
    private let kubectl: Kubectl
    /// The object as the API server last confirmed it; nil while it is not ours.
    private var object: JSON?
    private var renewed = Moment(milliseconds: 0)
    private var due = Moment(milliseconds: 0)

    package init(kubectl: Kubectl, namespace: String, holder: String, durationSeconds: Int64 = 60) {
        var kubectl = kubectl
        // One request that hangs must not use up the time that several have.
        kubectl.timeoutSeconds = min(kubectl.timeoutSeconds, max(Int(clamping: durationSeconds / 6), 2))
        self.kubectl = kubectl
        self.namespace = namespace
        self.holder = holder
        self.durationSeconds = max(durationSeconds, 1)
    }

    /// What came of taking it.
    package enum Taking: Equatable, Sendable {
        case taken
        /// It was ours already.
        case retaken
        case heldByAnother(Holding)
        /// The credentials do not allow a lease; why.
        case forbidden(String)
    }

    /// True while it is ours as far as we know.
    package var isHeld: Bool { object != nil }

    /// Takes it, or says who has it. Throws if the cluster does not answer or refuses for another reason.
    ///
    /// What a run takes for the first time cannot be its own already, whatever the holder's name: two machines may give
    /// the same name in the same second. Then `again` is false.
    package func take(now: Moment = .now, again: Bool = true) throws(Failure) -> Taking {
        var last = ""
        // Between two requests it may be released, or taken by somebody else.
        for _ in 0..<5 {
            do {
                object = try put("create", acquired: now, now: now, over: nil)
                return .taken
            } catch {
                switch error.refusal {
                case .alreadyExists: break
                case .forbidden: return .forbidden(error.message)
                case .notFound:
                    throw Failure(.configuration, "take the lease: the cluster has no namespace \(namespace)")
                default: throw error.failure
                }
            }
            do {
                guard let found = try read() else { continue }
                let holding = Holding(found)
                let isOurs = again && holding.holder == holder
                guard isOurs || holding.holder.isEmpty else { return .heldByAnother(holding) }
                let since = holding.holder.isEmpty ? now : holding.since ?? now
                object = try put("replace", acquired: since, now: now, over: found)
                return holding.holder.isEmpty ? .taken : .retaken
            } catch {
                switch error.refusal {
                case .conflict, .notFound: last = error.message
                case .forbidden: return .forbidden(error.message)
                default: throw error.failure
                }
            }
        }
        throw Failure(.locked, "take the lease \(namespace)/\(Self.name): it keeps changing: \(last)")
    }

    /// Renews it when a third of its time is over; to be called often.
    ///
    /// Throws with `locked` if it is no longer ours, and with `deploy` if no answer came until it ran out.
    package func renew(now: Moment = .now) throws(Failure) {
        guard let held = object, now >= due else { return }
        let lease = "the lease \(namespace)/\(Self.name)"
        do {
            object = try put("replace", acquired: Holding(held).since ?? now, now: now, over: held)
        } catch {
            switch error.refusal {
            case .conflict, .notFound:
                let found = try? read()
                // Something else about it may have changed, such as a label.
                if let found, Holding(found).holder == holder {
                    object = found
                    return
                }
                object = nil
                let owner = found.map { "run \(Holding($0).holder) has it" } ?? "somebody has deleted it"
                throw Failure(.locked, "renew \(lease): it is lost, \(owner)")
            default:
                guard now - renewed < durationSeconds * 1000 else {
                    throw Failure(.deploy, "renew \(lease): it ran out meanwhile: \(error.message)")
                }
                due = now + max(durationSeconds * 1000 / 12, 100)
            }
        }
    }

    /// Deletes it if it is ours, in whichever process it was taken; true if it was.
    ///
    /// An API server that is away meanwhile is waited for. Throws with `cleanup` if it cannot be deleted.
    @discardableResult
    package func release(_ patience: Patience = Lease.patience) throws(Failure) -> Bool {
        object = nil
        do {
            // What has changed since we looked is looked at again.
            let passing = Patience.passing.union([.notFound])
            return try patience.wait(until: patience.deadline, or: .cleanup, passing: passing) {
                () throws(Kubectl.Refused) in
                guard let found = try read(), Holding(found).holder == holder else { return .done(false) }
                try delete(found)
                return .done(true)
            }
        } catch {
            guard error.exit == .cleanup else { throw error }
            throw Failure(.cleanup, "release the lease: \(error.message)")
        }
    }

    /// How long it is tried to release it.
    package static var patience: Patience {
        var patience = Patience(limitMilliseconds: 10_000)
        patience.everyMilliseconds = 200
        return patience
    }

    /// Deletes this version of it and no other.
    private func delete(_ found: JSON) throws(Kubectl.Refused) {
        let options: JSON = [
            "apiVersion": "v1", "kind": "DeleteOptions",
            "preconditions": [
                "uid": found["metadata"]["uid"], "resourceVersion": found["metadata"]["resourceVersion"],
            ],
        ]
        let path = "/apis/coordination.k8s.io/v1/namespaces/\(namespace)/leases/\(Self.name)"
        try kubectl.run(["delete", "--raw", path, "--filename", "-"], input: options.line)
    }

    /// Who has it; nil if nobody has.
    package func holding() throws(Kubectl.Refused) -> Holding? {
        guard let found = try read() else { return nil }
        let holding = Holding(found)
        return holding.holder.isEmpty ? nil : holding
    }

    private func read() throws(Kubectl.Refused) -> JSON? {
        try kubectl.get("leases.coordination.k8s.io", Self.name, namespace: namespace)
    }

    private func put(_ verb: String, acquired: Moment, now: Moment, over old: JSON?) throws(Kubectl.Refused) -> JSON {
        var metadata: JSON = [
            "name": .string(Self.name), "namespace": .string(namespace),
            "labels": ["greenreview/run-id": .string(holder)],
        ]
        if let old, case .object(var members) = metadata {
            members["resourceVersion"] = old["metadata"]["resourceVersion"]
            metadata = .object(members)
        }
        let lease: JSON = [
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": metadata,
            "spec": [
                "holderIdentity": .string(holder), "leaseDurationSeconds": .integer(durationSeconds),
                "acquireTime": .string(acquired.microseconds), "renewTime": .string(now.microseconds),
            ],
        ]
        let answer = try kubectl.run(
            [verb, "--validate=false", "--filename", "-", "--output", "json"], input: lease.line)
        renewed = now
        due = now + durationSeconds * 1000 / 3
        do {
            return try JSON(parsing: answer)
        } catch {
            throw Kubectl.Refused(refusal: .other, message: "kubectl \(verb) lease: its answer is no JSON: \(error)")
        }
    }
}

extension Moment {
    /// As the API wants its instants with microseconds: with all six digits.
    fileprivate var microseconds: String { String(description.dropLast()) + "000Z" }
}

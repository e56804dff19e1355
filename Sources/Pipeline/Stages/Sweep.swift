internal import Cluster
internal import Deployment
internal import Documents
package import Host

/// Clearing away what any run has left in a cluster, found by the label on its objects.
package struct Sweep {
    private let kubectl: Kubectl
    private let leaseNamespace: String
    private let sparing: Set<String>
    private let limit: Int64

    /// `sparing` are runs that are at work; `limit` is in milliseconds.
    package init(_ cluster: Request.Cluster, leaseNamespace: String, sparing: Set<String>, limit: Int64) {
        kubectl = Kubectl(cluster)
        self.leaseNamespace = leaseNamespace
        self.sparing = sparing
        self.limit = limit
    }

    /// Deletes it run by run, and waits until it is gone; throws with `cleanup` what stays, once all runs had their turn.
    package func perform(_ tell: @escaping (String) -> Void) throws(Failure) {
        let found: (runs: [String: [Reference]], unseen: [String])
        do {
            found = try kubectl.labelled()
        } catch {
            throw Failure(.cleanup, "look for what runs have left: \(error.message)")
        }
        if !found.unseen.isEmpty {
            tell("not looked at, for this user may not list them: \(found.unseen.joined(separator: ", "))")
        }
        let holding = try holding()
        let isAlive = holding.map { !$0.hasExpired(at: .now) } ?? false
        var first: Failure?
        for (run, objects) in found.runs.sorted(by: { $0.key < $1.key }) where !sparing.contains(run) {
            guard !isAlive || holding?.holder != run else {
                tell("run \(run) is at work: it holds the lease")
                continue
            }
            tell("clearing run \(run), which \(objects.count) objects in the cluster are labelled with")
            var patience = Patience(limitMilliseconds: limit)
            patience.tick = { () throws(Failure) in try Interruption.check() }
            patience.say = { tell("waits for \($0)") }
            do {
                let cleanup = Cleanup(kubectl: kubectl, objects: objects, run: run, patience: patience)
                try cleanup.remove(cleanup.survey())
            } catch {
                guard error.exit == .cleanup else { throw error }
                tell("run \(run): \(error.message)")
                first = first ?? error
            }
        }
        if let first { throw first }
        guard let holding, !isAlive, !sparing.contains(holding.holder) else { return }
        tell("releasing the lease of run \(holding.holder), which has not renewed it")
        try Lease(kubectl: kubectl, namespace: leaseNamespace, holder: holding.holder).release()
    }

    /// Who has the lease; nil if nobody has, or if this user may not look.
    private func holding() throws(Failure) -> Lease.Holding? {
        do {
            return try Lease(kubectl: kubectl, namespace: leaseNamespace, holder: "").holding()
        } catch {
            guard error.refusal == .forbidden else { throw Failure(.cleanup, "look at the lease: \(error.message)") }
            return nil
        }
    }
}

extension Kubectl {
    /// The cluster that a request names.
    init(_ cluster: Request.Cluster) {
        self.init(kubeconfig: cluster.kubeconfig)
        program = cluster.kubectl
        context = cluster.context
        timeoutSeconds = cluster.timeoutSeconds
    }
}

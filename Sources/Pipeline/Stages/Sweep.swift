internal import Cluster
internal import Deployment
package import Host

/// Clearing away what any run has left in a cluster, found by the label on its objects.
package struct Sweep {
    private let kubectl: Kubectl
    private let sparing: Set<String>
    private let limit: Int64

    /// `sparing` are runs that are at work; `limit` is in milliseconds.
    package init(_ cluster: Request.Cluster, sparing: Set<String>, limit: Int64) {
        kubectl = Kubectl(cluster)
        self.sparing = sparing
        self.limit = limit
    }

    /// Deletes it run by run, and waits until it is gone; throws with `cleanup` what stays.
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
        for (run, objects) in found.runs.sorted(by: { $0.key < $1.key }) where !sparing.contains(run) {
            tell("clearing run \(run), which \(objects.count) objects in the cluster are labelled with")
            var patience = Patience(limitMilliseconds: limit)
            patience.tick = { () throws(Failure) in try Interruption.check() }
            patience.say = { tell("waits for \($0)") }
            let cleanup = Cleanup(kubectl: kubectl, objects: objects, run: run, patience: patience)
            try cleanup.remove(cleanup.survey())
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

package import Deployment
package import Documents

/// What one release has made in the cluster; or what the manifest itself has, without a release.
package struct Made {
    package let release: Reference?
    package let objects: [Reference]
    package let workloads: [Workload]
}

extension Kubectl {
    /// What a Kustomization or HelmRelease has made: what its inventory names, and the workloads that carry its labels,
    /// for a first attempt that failed half-way has no inventory, nor has a HelmRelease before Flux 2.8.
    package func made(by reference: Reference, _ release: JSON) throws(Refused) -> Made {
        var objects = Footprint.inventory(of: release) ?? []
        var workloads: [Workload] = []
        for (_, object) in try self.objects(objects.filter(\.isWorkload)) {
            if let workload = Workload(object) { workloads.append(workload) }
        }
        if let labels = Footprint.labels(of: reference), let namespace = Footprint.targetNamespace(of: release) {
            for object in try list(Self.workloads, namespace: namespace, selector: labels) {
                guard let workload = Workload(object),
                    !workloads.contains(where: { $0.reference.means(workload.reference) })
                else { continue }
                workloads.append(workload)
                if !objects.contains(where: { $0.means(workload.reference) }) { objects.append(workload.reference) }
            }
        }
        workloads.sort { $0.reference.description < $1.reference.description }
        return Made(release: reference, objects: objects, workloads: workloads)
    }

    /// The kinds that charts and kustomizations make pods with.
    private static let workloads = [
        "Deployment.v1.apps", "DaemonSet.v1.apps", "StatefulSet.v1.apps", "Job.v1.batch",
    ]
}

package import Deployment
package import Documents

/// What one release has made in the cluster; or what the manifest itself has, without a release.
package struct Made {
    /// The release and how the API server shows it; nil for the manifest itself.
    package var release: (reference: Reference, object: JSON)?
    package var objects: [Reference] = []
    package var workloads: [Workload] = []

    /// What a Kustomization makes of images' names; none for others.
    package var rules: [ImageRule] {
        guard let release, release.reference.isKustomization else { return [] }
        return release.object["spec"]["images"].array.compactMap(ImageRule.init)
    }
}

extension Kubectl {
    /// What a Kustomization or HelmRelease has made, and after it what those releases have made that it has made.
    ///
    /// That is what its inventory names, and the workloads that carry its labels: a first attempt that failed half-way
    /// has no inventory, nor has a HelmRelease before Flux 2.8.
    package func made(by reference: Reference, _ release: JSON, depth: Int = 0) throws(Refused) -> [Made] {
        var made = Made(release: (reference, release), objects: Footprint.inventory(of: release) ?? [])
        for (_, object) in try objects(made.objects.filter(\.isWorkload)) {
            if let workload = Workload(object) { made.workloads.append(workload) }
        }
        if let labels = Footprint.labels(of: reference), let namespace = Footprint.targetNamespace(of: release) {
            for object in try list(Self.workloads, namespace: namespace, selector: labels) {
                guard let workload = Workload(object),
                    !made.workloads.contains(where: { $0.reference.means(workload.reference) })
                else { continue }
                made.workloads.append(workload)
                if !made.objects.contains(where: { $0.means(workload.reference) }) {
                    made.objects.append(workload.reference)
                }
            }
        }
        made.workloads.sort { $0.reference.description < $1.reference.description }
        var all = [made]
        guard depth < Self.deepest else { return all }
        for (inner, object) in try objects(made.objects.filter(\.isRelease)) where !inner.means(reference) {
            all += try self.made(by: inner, object, depth: depth + 1)
        }
        return all
    }

    /// The kinds that charts and kustomizations make pods with.
    private static let workloads = [
        "Deployment.v1.apps", "DaemonSet.v1.apps", "StatefulSet.v1.apps", "Job.v1.batch",
    ]
    /// How many releases may make one another.
    private static let deepest = 4
}

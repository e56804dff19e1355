package import Documents

/// What a run's objects have made in the cluster and what must be gone with them.
///
/// It is found before anything is deleted, for afterwards there is nothing to find it by; it has a JSON so that a
/// journal can keep it.
package struct Footprint: Equatable, Sendable {
    /// What Flux made, by the inventories and labels of Kustomizations and HelmReleases.
    package var objects: [Reference] = []
    /// Whose pods must be gone.
    package var pods: [Pods] = []

    /// The pods that a workload selects in its namespace.
    package struct Pods: Hashable, Sendable {
        package let namespace: String
        /// As kubectl takes it.
        package let selector: String

        package init(namespace: String, selector: String) {
            self.namespace = namespace
            self.selector = selector
        }
    }

    package init() {}

    /// Adds what is not in it yet.
    package mutating func add(objects: [Reference] = [], workloads: [Workload] = []) {
        for object in objects where !self.objects.contains(where: { $0.means(object) }) { self.objects.append(object) }
        for workload in workloads {
            guard let selector = workload.selector, let namespace = workload.reference.namespace else { continue }
            add(pods: [Pods(namespace: namespace, selector: selector)])
        }
    }

    /// Adds what another one has.
    package mutating func add(_ other: Footprint) {
        add(objects: other.objects)
        add(pods: other.pods)
    }

    private mutating func add(pods: [Pods]) {
        for one in pods where !self.pods.contains(one) { self.pods.append(one) }
    }

    package var json: JSON {
        [
            "objects": .array(objects.map(\.json)),
            "pods": .array(pods.map { ["namespace": .string($0.namespace), "selector": .string($0.selector)] }),
        ]
    }

    /// From its JSON; what is no reference in it is left out.
    package init(json: JSON) {
        add(objects: json["objects"].array.compactMap { Reference(json: $0) })
        add(
            pods: json["pods"].array.compactMap {
                guard let namespace = $0["namespace"].string, let selector = $0["selector"].string else { return nil }
                return Pods(namespace: namespace, selector: selector)
            })
    }
}

extension Footprint {
    /// What the inventory in a Kustomization's or HelmRelease's status names; nil if it has none.
    package static func inventory(of release: JSON) -> [Reference]? {
        guard case .object(let inventory) = release["status"]["inventory"] else { return nil }
        return (inventory["entries"] ?? .null).array.compactMap { Reference(inventoryEntry: $0) }
    }

    /// Where a release deploys to if its objects do not say otherwise.
    package static func targetNamespace(of release: JSON) -> String? {
        release["spec"]["targetNamespace"].string ?? release["metadata"]["namespace"].string
    }

    /// The labels that Flux puts on everything a release makes; nil for other objects.
    package static func labels(of release: Reference) -> String? {
        guard release.isRelease, let namespace = release.namespace else { return nil }
        return "\(release.group)/name=\(release.name),\(release.group)/namespace=\(namespace)"
    }

    /// True if an object carries the labels of one of these releases.
    package static func isMade(_ object: JSON, by releases: [Reference]) -> Bool {
        let labels = object["metadata"]["labels"]
        return releases.contains {
            $0.isRelease && labels["\($0.group)/name"].string == $0.name
                && labels["\($0.group)/namespace"].string == $0.namespace
        }
    }

    /// True if Flux was told to leave an object where it is when its Kustomization goes.
    package static func isKept(_ object: JSON) -> Bool {
        let annotations = object["metadata"]["annotations"]
        return ["prune", "reconcile"].contains {
            annotations["kustomize.toolkit.fluxcd.io/\($0)"].string?.lowercased() == "disabled"
        } || annotations["helm.sh/resource-policy"].string == "keep"
    }
}

extension Reference {
    /// The place in an order of applying, for objects whose manifest is not known: a namespace before what is in it,
    /// and what makes things run last, so that it is deleted first.
    package var rank: Int {
        if kind == "Namespace" || kind == "CustomResourceDefinition" { return 0 }
        if isRelease { return 4 }
        if isSource { return 2 }
        return isWorkload ? 3 : 1
    }
}

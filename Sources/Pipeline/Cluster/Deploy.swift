package import Deployment
internal import Documents
package import Host

/// Putting a manifest into the cluster: what is asked before, applying, and waiting until it runs.
package struct Deploy {
    package let kubectl: Kubectl
    package let manifest: Manifest
    /// The run, as the label on its objects says.
    package let run: String
    /// The version that must run; nil if any will do.
    package let version: String?
    package let patience: Patience

    package init(kubectl: Kubectl, manifest: Manifest, run: String, version: String?, patience: Patience) {
        self.kubectl = kubectl
        self.manifest = manifest
        self.run = run
        self.version = version
        self.patience = patience
    }

    /// Asks the cluster whether the manifest can be applied, and changes nothing.
    ///
    /// Throws with `deploy` if the API server does not answer, `configuration` if kubectl cannot ask it, or if it refuses
    /// this user, does not serve a kind, has no such namespace, or has an object already that no run has put there,
    /// `locked` if an earlier run has left something.
    /// Returns what is strange and no obstacle.
    package func preflight() throws(Failure) -> [String] {
        let references = manifest.objects.map(\.reference)
        do {
            _ = try kubectl.raw("/version")
            let served = try kubectl.served(for: references)
            let refusals = manifest.objects.compactMap(served.refusal)
            if let first = refusals.first {
                let more = refusals.count > 1 ? " (and \(refusals.count - 1) more like it)" : ""
                throw Failure(.configuration, first + more)
            }
            try refuseMissingNamespaces()
            try refuseLeftovers(served)
            return manifest.objects.compactMap(served.warning)
        } catch let error as Kubectl.Refused {
            let isOurs = error.refusal == .forbidden || error.refusal == .unauthorized
            throw isOurs ? Failure(.configuration, error.message) : error.failure
        } catch let error as Failure {
            throw error
        } catch {
            throw Failure(.deploy, "\(error)")
        }
    }

    /// kubectl's arguments for applying a file: it is the API server that validates.
    package static func applying(_ file: String) -> [String] { ["apply", "--validate=false", "--filename", file] }

    /// Applies the file that the manifest was rendered to; a conflict or an API server that is away is tried again.
    package func apply(file: String) throws(Failure) {
        try patience.wait(
            until: patience.deadline, or: .deploy, passing: [.unreachable, .conflict, .alreadyExists]
        ) { () throws(Kubectl.Refused) in
            try kubectl.run(Self.applying(file))
            return .done(())
        }
    }

    private func refuseMissingNamespaces() throws {
        let made = Set(manifest.objects.filter { $0.reference.kind == "Namespace" }.map(\.reference.name))
        var places: [String: String] = [:]
        for object in manifest.objects {
            for namespace in [object.reference.namespace, object.targetNamespace].compactMap(\.self)
            where !made.contains(namespace) {
                places[namespace] = places[namespace] ?? object.place
            }
        }
        let wanted = places.keys.sorted().map {
            Reference(group: "", version: "v1", kind: "Namespace", namespace: nil, name: $0)
        }
        do {
            let there = try kubectl.objects(wanted)
            for namespace in wanted {
                guard let object = there[namespace] else {
                    throw Failure(
                        .configuration,
                        "\(places[namespace.name] ?? ""): the cluster has no namespace \(namespace.name)")
                }
                if object["status"]["phase"].string == "Terminating" {
                    throw Failure(.configuration, "\(namespace) is being deleted")
                }
            }
        } catch let error as Kubectl.Refused where error.refusal == .forbidden {
            // Whoever may not look at namespaces finds out when applying.
        }
    }

    /// Refuses to apply over what is there already: it would be measured too, and deleted at the end.
    private func refuseLeftovers(_ served: ServedKinds) throws {
        let references = manifest.objects.map(\.reference)
        for (reference, object) in try kubectl.objects(references).sorted(by: { $0.key.name < $1.key.name }) {
            guard let owner = object["metadata"]["labels"][Manifest.label].string else {
                throw Failure(
                    .configuration,
                    "\(reference) is in the cluster already, and no run has put it there; delete it, or "
                        + "leave it out of the manifest")
            }
            if owner != run { throw leftover(reference, of: owner) }
        }
        // What another project's run has left disturbs as well.
        var resources = Set(references.map(\.resource))
        for (group, kind) in [
            ("kustomize.toolkit.fluxcd.io", "Kustomization"), ("helm.toolkit.fluxcd.io", "HelmRelease"),
        ] {
            guard let version = served.versions(of: kind, in: group).first else { continue }
            if !references.contains(where: { $0.group == group && $0.kind == kind }) {
                resources.insert("\(kind).\(version).\(group)")
            }
        }
        let labelled = try Set(references.compactMap(\.namespace)).sorted().flatMap {
            try kubectl.list(resources.sorted(), namespace: $0, selector: "\(Manifest.label),\(Manifest.label)!=\(run)")
        }
        for object in labelled {
            guard let reference = Reference(of: object), let owner = object["metadata"]["labels"][Manifest.label].string
            else { continue }
            throw leftover(reference, of: owner)
        }
    }

    private func leftover(_ reference: Reference, of owner: String) -> Failure {
        Failure(
            .locked,
            "\(reference) of the run \(owner) is still in the cluster; clean up after it first: "
                + "brahe cleanup \(owner)")
    }
}

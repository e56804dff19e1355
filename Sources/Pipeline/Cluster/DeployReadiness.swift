package import Deployment
internal import Documents
package import Host

extension Deploy {
    /// Waits until everything runs: the objects are ready by `Readiness`, then each pod of their workloads is, with the
    /// images that the manifest and the version ask for.
    ///
    /// Throws with `deploy` as soon as something cannot get ready any more, and when the limit is over.
    package func awaitReady() throws(Failure) -> Deployed {
        // When a pod was first seen in a trouble that may pass.
        var troubles: [String: ContinuousClock.Instant] = [:]
        var served: ServedKinds?
        let references = manifest.objects.map(\.reference)
        return try patience.wait(until: patience.deadline, or: .deploy) { () throws(Kubectl.Refused) in
            var deployed = Deployed()
            deployed.objects = references
            let objects = try kubectl.objects(references)
            switch try readiness(of: references, objects, &served, into: &deployed) {
            case .ready: break
            case .waiting(let why): return .waiting(why)
            case .failed(let why): return .failed(why)
            }
            let made = try made(by: objects)
            // Releases that a release has made are waited for as well.
            let inner = made.compactMap(\.release).filter { !references.contains($0.reference) }
            let shown = Dictionary(inner.map { ($0.reference, $0.object) }) { $1 }
            switch try readiness(of: inner.map(\.reference), shown, &served, into: &deployed) {
            case .ready: break
            case .waiting(let why): return .waiting(why)
            case .failed(let why): return .failed(why)
            }
            guard made.contains(where: { !$0.workloads.isEmpty }) else {
                return .waiting("nothing of what was deployed runs pods")
            }
            switch try readiness(ofPodsOf: made, &troubles, into: &deployed) {
            case .ready: return .done(deployed)
            case .waiting(let why): return .waiting(why)
            case .failed(let why): return .failed(why)
            }
        }
    }

    /// What each release has made, and the manifest itself.
    private func made(by objects: [Reference: JSON]) throws(Kubectl.Refused) -> [Made] {
        var made: [Made] = []
        for reference in manifest.objects.map(\.reference) {
            guard let object = objects[reference] else { continue }
            if reference.isRelease {
                made += try kubectl.made(by: reference, object)
            } else if let workload = Workload(object) {
                made.append(Made(workloads: [workload]))
            }
        }
        return made
    }

    /// Whether these objects are ready, as they are shown; notes their sources' revisions and their charts' versions.
    private func readiness(
        of references: [Reference], _ objects: [Reference: JSON], _ served: inout ServedKinds?,
        into deployed: inout Deployed
    ) throws(Kubectl.Refused) -> Readiness {
        var sources: [Reference: Reference] = [:]
        for (reference, object) in objects where reference.isKustomization {
            sources[reference] = try source(of: object, among: references, &served)
        }
        let outside = Set(sources.values).subtracting(references)
        let shown = try objects.merging(kubectl.objects(Array(outside))) { $1 }
        var waiting: String?
        for reference in references {
            let source = sources[reference].flatMap { shown[$0] }
            switch Readiness(of: objects[reference], source: source) {
            case .ready: break
            case .waiting(let why): waiting = waiting ?? "\(reference): \(why)"
            case .failed(let why): return .failed("\(reference): \(why)")
            }
        }
        if let waiting { return .waiting(waiting) }
        for (reference, object) in shown {
            deployed.revisions[reference] =
                reference.isHelmRelease ? Readiness.chart(of: object) : Readiness.revision(of: object)
        }
        return .ready
    }

    /// What a Kustomization is built from: one of these objects, or one that is in the cluster anyway.
    private func source(
        of kustomization: JSON, among references: [Reference], _ served: inout ServedKinds?
    ) throws(Kubectl.Refused) -> Reference? {
        guard let source = Readiness.source(of: kustomization) else { return nil }
        if let known = references.first(where: { $0.means(source) }) { return known }
        let kinds: ServedKinds
        if let served {
            kinds = served
        } else {
            kinds = try kubectl.served(for: [source])
            served = kinds
        }
        return kinds.versions(of: source.kind, in: source.group).first.map {
            Reference(
                group: source.group, version: $0, kind: source.kind, namespace: source.namespace, name: source.name)
        }
    }
}

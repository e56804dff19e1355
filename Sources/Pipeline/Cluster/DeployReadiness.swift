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
        let rules = VersionCheck.rules(in: manifest)
        return try patience.wait(until: patience.deadline, or: .deploy) { () throws(Kubectl.Refused) in
            var deployed = Deployed()
            let objects: [Reference: JSON]
            switch try readyObjects(into: &deployed) {
            case .waiting(let why): return .waiting(why)
            case .failed(let why): return .failed(why)
            case .done(let found): objects = found
            }
            let owned = try workloads(of: objects)
            for entry in owned {
                // What the manifest itself has is deleted by it, and not found by what it made.
                deployed.footprint.add(objects: entry.release == nil ? [] : entry.objects, workloads: entry.workloads)
            }
            guard owned.contains(where: { !$0.workloads.isEmpty }) else {
                return .waiting("nothing of what was deployed runs pods")
            }
            var pods: [(pod: RunningPod, rules: [ImageRule])] = []
            for entry in owned {
                let entryRules = entry.release.flatMap { rules[$0] } ?? []
                for workload in entry.workloads {
                    let found = try runningPods(of: workload)
                    switch workload.readiness {
                    case .ready: break
                    case .waiting(let why): return .waiting("\(workload.reference): \(why)")
                    case .failed(let why): return .failed("\(workload.reference): \(why)")
                    }
                    let wanted = workload.wanted ?? 1
                    guard found.count >= wanted else {
                        return .waiting("\(workload.reference): it has \(found.count) pods of \(wanted)")
                    }
                    for pod in found {
                        switch pod.readiness {
                        case .ready: troubles[pod.words] = nil
                        case .waiting(let why): return .waiting("\(pod.words): \(why)")
                        case .failed(let why):
                            let since = troubles[pod.words] ?? .now
                            troubles[pod.words] = since
                            let isLasting = since.duration(to: .now) >= .milliseconds(patience.graceMilliseconds)
                            return isLasting ? .failed("\(pod.words): \(why)") : .waiting("\(pod.words): \(why)")
                        }
                        if let why = VersionCheck.violation(by: pod, of: entryRules) { return .waiting(why) }
                        pods.append((pod, entryRules))
                    }
                    deployed.workloads.append(workload)
                }
            }
            if let why = VersionCheck.absence(of: version, in: pods) { return .waiting(why) }
            deployed.pods = pods.map(\.pod)
            return .done(deployed)
        }
    }

    /// The manifest's objects when all are ready; notes their sources' revisions.
    private func readyObjects(
        into deployed: inout Deployed
    ) throws(Kubectl.Refused) -> Patience.Look<[Reference: JSON]> {
        deployed.objects = manifest.objects.map(\.reference)
        let objects = try kubectl.objects(deployed.objects)
        var sources: [Reference: Reference] = [:]
        for (reference, object) in objects where reference.isKustomization {
            sources[reference] = try source(of: object)
        }
        let outside = sources.values.filter { source in !deployed.objects.contains { $0.means(source) } }
        let others = try kubectl.objects(Array(Set(outside)))
        func object(_ reference: Reference) -> JSON? {
            objects.first { $0.key.means(reference) }?.value ?? others[reference]
        }
        var waiting: String?
        for reference in deployed.objects {
            let source = sources[reference].flatMap(object)
            switch Readiness(of: objects[reference], source: source) {
            case .ready: break
            case .waiting(let why): waiting = waiting ?? "\(reference): \(why)"
            case .failed(let why): return .failed("\(reference): \(why)")
            }
        }
        if let waiting { return .waiting(waiting) }
        for reference in deployed.objects + outside {
            if let revision = object(reference).flatMap(Readiness.revision) { deployed.revisions[reference] = revision }
        }
        return .done(objects)
    }

    /// What a Kustomization is built from: an object of the manifest, or one that is in the cluster anyway.
    private func source(of kustomization: JSON) throws(Kubectl.Refused) -> Reference? {
        let all = manifest.objects.map(\.reference)
        guard let source = Readiness.source(of: kustomization) else { return nil }
        if let known = all.first(where: { $0.means(source) }) { return known }
        let version = try kubectl.served(for: all).versions(of: source.kind, in: source.group).first
        return version.map {
            Reference(
                group: source.group, version: $0, kind: source.kind, namespace: source.namespace, name: source.name)
        }
    }

    /// What each release has made, and the manifest itself.
    private func workloads(of objects: [Reference: JSON]) throws(Kubectl.Refused) -> [Made] {
        var made: [Made] = []
        for reference in manifest.objects.map(\.reference) {
            guard let object = objects[reference] else { continue }
            if reference.isRelease {
                made.append(try kubectl.made(by: reference, object))
            } else if let workload = Workload(object) {
                made.append(Made(release: nil, objects: [reference], workloads: [workload]))
            }
        }
        return made
    }

    /// A workload's pods; a pod is its own.
    private func runningPods(of workload: Workload) throws(Kubectl.Refused) -> [RunningPod] {
        let pods: [JSON]
        if workload.reference.kind == "Pod" {
            pods = try Array(kubectl.objects([workload.reference]).values)
        } else if let selector = workload.selector {
            pods = try kubectl.list(["pods"], namespace: workload.reference.namespace, selector: selector)
        } else {
            pods = []
        }
        return pods.map { RunningPod($0) }.sorted { $0.name < $1.name }
    }
}

package import Deployment
internal import Documents
package import Host

/// Taking a run's objects out of the cluster, and seeing that nothing of them is left.
///
/// It may be done again and again, and half of it may have been done before. That an object is gone is taken from the
/// API server alone: kubectl says `deleted` when the deletion has only begun, and Flux deletes workloads in the
/// background.
package struct Cleanup {
    package let kubectl: Kubectl
    /// In the order in which they were applied; they are deleted in reverse, releases before all others.
    package let objects: [Reference]
    /// The run whose label the objects must carry to be touched; nil takes those of any run.
    package let run: String?
    package let patience: Patience
    private let told = Told()

    /// What has been said and need not be said again.
    private final class Told { var resources: Set<String> = [] }

    package init(kubectl: Kubectl, objects: [Reference], run: String?, patience: Patience) {
        self.kubectl = kubectl
        self.objects = objects
        self.run = run
        self.patience = patience
    }

    /// Finds what the objects have made and adds what is known already; to be kept before anything is deleted.
    package func survey(known: Footprint = Footprint()) throws(Failure) -> Footprint {
        try patience.wait(until: patience.deadline, or: .cleanup) { () throws(Kubectl.Refused) in
            var footprint = known
            for (reference, object) in try ours().live {
                if reference.isRelease {
                    for made in try kubectl.made(by: reference, object) {
                        footprint.add(objects: made.objects, workloads: made.workloads)
                    }
                } else if let workload = Workload(object) {
                    footprint.add(workloads: [workload])
                }
            }
            return .done(footprint)
        }
    }

    /// Deletes the objects and waits until they, what they made and its pods are gone.
    ///
    /// `footprint` is from `survey`. What is suspended is resumed first, for Flux leaves in the cluster what a suspended
    /// object has made. Throws with `cleanup` and names what is still there when the limit is over.
    package func remove(_ footprint: Footprint) throws(Failure) {
        let deadline = patience.deadline
        try eventually(deadline) { () throws(Kubectl.Refused) in try resume(footprint) }
        let releases = objects.reversed().filter(\.isRelease)
        try eventually(deadline) { () throws(Kubectl.Refused) in
            try delete(releases)
            return try remains(of: releases)
        }
        // What was made by a release that is gone has been deleted by it, or else it is ours to delete.
        var made = Footprint()
        made.add(objects: footprint.objects.filter { object in !objects.contains { $0.means(object) } })
        try eventually(deadline) { () throws(Kubectl.Refused) in
            try deleteOrphans(made)
            return try remains(in: made)
        }
        let others = objects.reversed().filter { !$0.isRelease }
        try eventually(deadline) { () throws(Kubectl.Refused) in
            try delete(others)
            return try remains(of: others)
        }
        try eventually(deadline) { () throws(Kubectl.Refused) in try remains(in: footprint) }
    }

    /// What is still in the cluster, in words; nothing if it is clean.
    package func remains(_ footprint: Footprint) throws(Failure) -> [String] {
        try patience.wait(until: patience.deadline, or: .cleanup) { () throws(Kubectl.Refused) in
            .done(try remains(of: objects) + remains(in: footprint))
        }
    }

    /// Does something until nothing remains.
    private func eventually(
        _ deadline: ContinuousClock.Instant, _ work: () throws(Kubectl.Refused) -> [String]
    ) throws(Failure) {
        try patience.wait(until: deadline, or: .cleanup) { () throws(Kubectl.Refused) in
            let remains = try work()
            return remains.isEmpty ? .done(()) : .waiting("still there: " + remains.joined(separator: "; "))
        }
    }

    /// The objects that are there: those of the run, and those that are somebody else's.
    private func ours(
        of references: [Reference]? = nil
    ) throws(Kubectl.Refused) -> (live: [Reference: JSON], foreign: [Reference]) {
        var live: [Reference: JSON] = [:]
        var foreign: [Reference] = []
        for (reference, object) in try kubectl.objects(references ?? objects) {
            let owner = object["metadata"]["labels"][Manifest.label].string
            if owner != nil, run == nil || owner == run {
                live[reference] = object
            } else {
                foreign.append(reference)
            }
        }
        return (live, foreign)
    }

    /// The words for those that are there and ours, in the order given.
    private func remains(of references: [Reference]) throws(Kubectl.Refused) -> [String] {
        let live = try ours(of: references).live
        return references.compactMap { reference in live[reference].map { Self.words(reference, $0) } }
    }

    /// Deletes those that are there, ours, and not being deleted already.
    private func delete(_ references: [Reference]) throws(Kubectl.Refused) {
        let live = try ours(of: references).live
        try kubectl.delete(
            references.filter { reference in
                live[reference].map { $0["metadata"]["deletionTimestamp"].string == nil } ?? false
            })
    }

    /// Lets Flux go on with what is suspended, also with what a release has made; names what still is.
    private func resume(_ footprint: Footprint) throws(Kubectl.Refused) -> [String] {
        var live = try ours().live.filter { $0.key.isFlux }
        for (reference, object) in try visible(footprint.objects.filter(\.isRelease))
        where Footprint.isMade(object, by: objects + footprint.objects) { live[reference] = object }
        let suspended = live.filter { $0.value["spec"]["suspend"].bool == true }.map(\.key)
        for reference in suspended {
            patience.say("\(reference) is suspended; resuming it so that Flux deletes what it has made")
            do {
                try kubectl.run(
                    ["patch", reference.resource, reference.name]
                        + (reference.namespace.map { ["--namespace", $0] } ?? [])
                        + ["--type", "merge", "--patch", #"{"spec":{"suspend":false}}"#])
            } catch {
                guard error.refusal == .notFound else { throw error }
            }
        }
        // The controllers look at the object as it is when its deletion begins, so that this is enough.
        let after = try kubectl.objects(suspended)
        return suspended.filter { after[$0]?["spec"]["suspend"].bool == true }.map { "\($0) (suspended)" }
    }

    /// Deletes what a release has made and left: it carries the release's labels, and nobody is deleting it.
    ///
    /// Releases among it go first: they take away themselves what they have made.
    private func deleteOrphans(_ footprint: Footprint) throws(Kubectl.Refused) {
        let live = try visible(footprint.objects)
        let hasReleases = live.keys.contains(where: \.isRelease)
        let makers = objects + footprint.objects
        let orphans = live.filter { reference, object in
            object["metadata"]["deletionTimestamp"].string == nil && Footprint.isMade(object, by: makers)
                && !Footprint.isKept(object) && (reference.isRelease || !hasReleases)
        }
        guard !orphans.isEmpty else { return }
        let names = orphans.keys.map(\.description).sorted()
        patience.say("deleting what Flux has left: \(names.joined(separator: ", "))")
        try kubectl.delete(footprint.objects.filter { orphans[$0] != nil })
    }

    /// Those that are there, of the kinds that this user may get; which others there are is said once.
    private func visible(_ references: [Reference]) throws(Kubectl.Refused) -> [Reference: JSON] {
        do {
            return try kubectl.objects(references)
        } catch {
            guard error.refusal == .forbidden else { throw error }
        }
        var found: [Reference: JSON] = [:]
        for (resource, members) in Dictionary(grouping: references, by: \.resource) {
            do {
                for (reference, object) in try kubectl.objects(members) { found[reference] = object }
            } catch {
                guard error.refusal == .forbidden else { throw error }
                guard told.resources.insert(resource).inserted else { continue }
                patience.say("whether \(members[0]) goes is not looked at: \(error.message)")
            }
        }
        return found
    }

    /// The words for what is there of a footprint; what Flux was told to leave is not counted.
    private func remains(in footprint: Footprint) throws(Kubectl.Refused) -> [String] {
        let live = try visible(footprint.objects)
        var words = footprint.objects.compactMap { reference -> String? in
            guard let object = live[reference], !Footprint.isKept(object) else { return nil }
            return Self.words(reference, object)
        }
        for one in footprint.pods {
            for pod in try kubectl.list(["pods"], namespace: one.namespace, selector: one.selector) {
                guard let reference = Reference(of: pod) else { continue }
                words.append(Self.words(reference, pod))
            }
        }
        return words
    }

    /// The object, and who still holds it.
    private static func words(_ reference: Reference, _ object: JSON) -> String {
        let finalizers = object["metadata"]["finalizers"].array.compactMap(\.string).joined(separator: ", ")
        let facts = [
            finalizers.isEmpty ? nil : "finalizers: \(finalizers)",
            reference.isFlux ? Readiness.trouble(of: object) : nil,
        ].compactMap(\.self)
        return facts.isEmpty ? reference.description : "\(reference) (\(facts.joined(separator: "; ")))"
    }
}

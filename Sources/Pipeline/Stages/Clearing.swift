internal import Cluster
package import Course
internal import Deployment
package import Documents
package import Host
package import Runs

/// Takes everything of the run out of the cluster: the benchmark first, then the project.
package struct Clearing: Stage {
    package let step = Step.cleanup
    let parts: Parts

    package init(_ parts: Parts) { self.parts = parts }

    package func perform(_ context: Context) throws(Failure) -> JSON {
        for part in Parts.Part.allCases.reversed() {
            guard let (cleanup, known) = try parts.cleanup(part, context) else { continue }
            context.waits(for: "what the objects have made")
            let footprint = try cleanup.survey(known: known)
            try context.note([part.key: footprint.json])
            try cleanup.remove(footprint)
        }
        return [:]
    }

    package func plan() throws(Failure) -> [String] {
        var lines: [String] = []
        for part in Parts.Part.allCases.reversed() {
            guard let manifest = try parts.planned(part) else {
                lines += part == .benchmark ? parts.unread("delete every object") : []
                continue
            }
            let objects = Array(manifest.objects.map(\.reference).reversed())
            let deletions = Kubectl.deleting(objects.filter(\.isRelease) + objects.filter { !$0.isRelease })
            lines += deletions.map { parts.words($0) }
        }
        return lines
    }
}

/// Looks whether everything is gone: the objects, what Flux had made of them, and their pods.
package struct Verifying: Stage {
    package let step = Step.verify
    let parts: Parts

    package init(_ parts: Parts) { self.parts = parts }

    package func perform(_ context: Context) throws(Failure) -> JSON {
        for part in Parts.Part.allCases.reversed() {
            guard let (cleanup, known) = try parts.cleanup(part, context) else { continue }
            let remains = try cleanup.remains(known)
            guard remains.isEmpty else {
                throw Failure(.cleanup, "still in the cluster: \(remains.joined(separator: "; "))")
            }
        }
        return [:]
    }

    package func plan() throws(Failure) -> [String] {
        var lines: [String] = []
        for part in Parts.Part.allCases.reversed() {
            guard let manifest = try parts.planned(part) else {
                lines += part == .benchmark ? parts.unread("get every object") : []
                continue
            }
            lines += parts.gets(manifest)
        }
        return lines + ["get what Flux had made of them, and their pods: nothing may be there"]
    }
}

extension Parts.Part {
    /// Its name in the journal.
    fileprivate var key: String { self == .project ? "project" : "benchmark" }
    /// The step that puts it into the cluster, and the one that knows what became of it.
    fileprivate var applied: Step { self == .project ? .deploy : .benchmark }
    fileprivate var known: Step { self == .project ? .ready : .benchmark }
}

extension Parts {
    /// What clears a part, and all that is known of what it made; nil if it never went into the cluster.
    fileprivate func cleanup(_ part: Part, _ context: Context) throws(Failure) -> (Cleanup, Footprint)? {
        guard context.journal.wasBegun(part.applied), let manifest = try kept(part) else { return nil }
        var footprint = Footprint(json: context.detail(of: part.known)["footprint"])
        footprint.add(Footprint(json: context.detail(of: .cleanup)[part.key]))
        let cleanup = Cleanup(
            kubectl: kubectl, objects: manifest.objects.map(\.reference), run: request.run,
            patience: patience(request.durations.cleanup, context))
        return (cleanup, footprint)
    }
}

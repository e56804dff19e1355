package import Documents

/// What runs once a manifest is deployed: the facts for a run's provenance.
package struct Deployed: Equatable, Sendable {
    /// The manifest's objects.
    package var objects: [Reference] = []
    /// What each source had fetched when all was ready, like `main@sha1:1234`, and each HelmRelease installed.
    package var revisions: [Reference: String] = [:]
    package var workloads: [Workload] = []
    /// The project's pods, with their nodes and the images that run in them.
    package var pods: [RunningPod] = []
    /// What must be gone after the cleanup.
    package var footprint = Footprint()

    package init() {}

    /// Its JSON, for a journal and a report.
    package var json: JSON {
        let sources = revisions.sorted { $0.key.description < $1.key.description }
        return [
            "objects": .array(objects.map(\.json)),
            "sources": .array(
                sources.map { source, revision in
                    var members = source.json.object
                    members["revision"] = .string(revision)
                    return .object(members)
                }),
            "workloads": .array(
                workloads.map { workload in
                    var members = workload.reference.json.object
                    if let selector = workload.selector { members["selector"] = .string(selector) }
                    return .object(members)
                }),
            "pods": .array(pods.map(\.json)),
            "footprint": footprint.json,
        ]
    }
}

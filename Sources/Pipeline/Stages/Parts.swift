package import Cluster
internal import Course
package import Deployment
internal import Documents
package import Host
package import Runs

/// What all stages of one run share: its request, its cluster and its manifests.
package struct Parts: Sendable {
    package let request: Request
    package let folder: RunFolder
    package let edges: Edges

    package init(_ request: Request, in folder: RunFolder) {
        self.request = request
        self.folder = folder
        edges = Edges(request.pages, in: folder)
    }

    /// The run's cluster.
    package var kubectl: Kubectl { Kubectl(request.cluster) }

    /// Waiting as a stage does it: it ticks, and says what for.
    package func patience(_ limit: Int64, _ context: Context) -> Patience {
        var patience = Patience(limitMilliseconds: limit)
        patience.everyMilliseconds = UInt32(clamping: request.durations.poll)
        patience.tick = { () throws(Failure) in try context.tick() }
        patience.say = { context.waits(for: $0) }
        return patience
    }

    /// Which of a run's two manifests is meant.
    package enum Part: CaseIterable, Sendable {
        case project, benchmark
    }

    /// Where a manifest is kept as it is applied and deleted.
    package func path(_ part: Part) -> String { part == .project ? folder.rendered : folder.benchmark }

    /// A manifest as it was applied; nil if the run has none.
    package func kept(_ part: Part) throws(Failure) -> Manifest? {
        guard Files.exists(path(part)) else { return nil }
        let file = Manifest.File(path: path(part), text: try Files.read(path(part)))
        return try Manifest.checked([file], namespace: request.cluster.namespace)
    }

    /// The project's manifest with its version and the run's label.
    func project() throws(Failure) -> Manifest {
        try Manifest.ofProject(
            files(), version: request.project.version, run: request.run, namespace: request.cluster.namespace)
    }

    /// The files that deploy the project.
    func files() throws(Failure) -> [String] {
        try Manifest.paths(
            project: request.project.name, configuration: request.project.configuration, in: request.project.manifests)
    }

    /// What has to be done to a manifest in the cluster, under a limit.
    package func deploy(_ manifest: Manifest, _ part: Part, limit: Int64, _ context: Context) -> Deploy {
        Deploy(
            kubectl: kubectl, manifest: manifest, run: request.run,
            version: part == .project ? request.project.version : nil, patience: patience(limit, context))
    }
}

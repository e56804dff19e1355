internal import Cluster
package import Course
internal import Deployment
package import Documents
internal import Exposition
package import Host
internal import Pages
package import Runs
internal import Samples

/// Everything that can be found out before anything is changed: tools, manifests, the agent, the cluster.
package struct Preflight: Stage {
    package let step = Step.preflight
    let parts: Parts

    package init(_ parts: Parts) { self.parts = parts }

    package func perform(_ context: Context) throws(Failure) -> JSON {
        let project = try parts.project()
        try Files.replace(parts.folder.rendered, with: project.rendered)
        let benchmark = try parts.benchmark()
        if let benchmark { try Files.replace(parts.folder.benchmark, with: benchmark.manifest.rendered) }
        try parts.refuseUnreachableGoal(benchmark?.manifest)
        for warning in project.warnings { context.say(warning) }
        try askSource(context)
        let program = try Tool([parts.kubectl.program, "version", "--client"]).run(within: 60_000)
        guard program.code == 0 else {
            throw Failure(.configuration, "run \(parts.kubectl.program) version: \(program.lastWords)")
        }
        var manifests = [(project, Parts.Part.project)]
        if let benchmark { manifests.append((benchmark.manifest, .benchmark)) }
        for (manifest, part) in manifests {
            let deploy = parts.deploy(manifest, part, limit: parts.request.durations.deploy, context)
            for warning in try deploy.preflight() { context.say(warning) }
        }
        var found: [String: JSON] = ["rendered_sha256": .string(Files.sha256(project.rendered))]
        if let benchmark { found["benchmark_sha256"] = .string(benchmark.sha256) }
        found["cluster"] = ClusterFacts.ask(parts.kubectl)
        return .object(found)
    }

    /// Throws if nothing tells of energy, which would be found out only after the run.
    private func askSource(_ context: Context) throws(Failure) {
        let url = parts.edges.source.url
        context.waits(for: "a page of \(url)")
        try parts.edges.take(.start, of: "preflight", context)
        guard let page = try parts.edges.page(.start, of: "preflight"), let scrape = try? Scrape(page) else { return }
        let isWithout = scrape.series(named: "brahe_energy_source").contains {
            $0.labels["source"] == "none" && $0.value == 1
        }
        guard !isWithout else {
            throw Failure(.configuration, "\(url) has no source of energy; it would count CPU time alone")
        }
        guard scrape.samples.contains(where: { Recording.tellsOfEnergy(metric: $0.name) }) else {
            throw Failure(.configuration, "\(url) tells of no energy: its page is neither brahe-agent's nor Kepler's")
        }
    }

    package func plan() throws(Failure) -> [String] {
        var lines = try parts.files().map { "read \($0)" }
        if let place = parts.request.benchmark?.manifest {
            lines.append(Parts.isRemote(place) ? "GET \(place)" : "read \(place)")
        }
        lines += parts.edges.planned
        lines.append(parts.words(["get", "--raw", "/version"]))
        lines.append(parts.words(["get", "--raw", "/apis"]))
        for part in Parts.Part.allCases {
            guard let manifest = try parts.planned(part) else {
                lines += part == .benchmark ? parts.unread("get every object") : []
                continue
            }
            lines += parts.gets(manifest)
        }
        return lines + ClusterFacts.requests.map(parts.words)
    }
}

extension Parts {
    /// A command line of kubectl, for people.
    func words(_ arguments: [String]) -> String { kubectl.commandLine(arguments).joined(separator: " ") }

    /// The commands that look at the objects of a manifest, for people.
    func gets(_ manifest: Manifest) -> [String] {
        let groups = Dictionary(grouping: manifest.objects.map(\.reference), by: \.namespace)
        return groups.sorted { ($0.key ?? "") < ($1.key ?? "") }.map { words(Kubectl.getting($0.value)) }
    }

    /// A manifest as far as a plan can know it: nil for a benchmark that must be fetched, and for none.
    func planned(_ part: Part) throws(Failure) -> Manifest? {
        if part == .project { return try project() }
        guard let place = request.benchmark?.manifest, !Self.isRemote(place) else { return nil }
        return try benchmark()?.manifest
    }

    /// What a plan says of a benchmark that it would have to fetch.
    func unread(_ what: String) -> [String] {
        request.benchmark?.manifest.map { ["\(what) of \($0)"] } ?? []
    }
}

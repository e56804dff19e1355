package import Course
package import Documents
internal import Exposition
package import Host
internal import Pages
internal import Reports
internal import Review
package import Runs

/// Reads back what was measured and sees that it is whole.
package struct Collecting: Stage {
    package let step = Step.collect
    let parts: Parts

    package init(_ parts: Parts) { self.parts = parts }

    package func perform(_ context: Context) throws(Failure) -> JSON {
        guard let window = try parts.edges.window(Step.window.rawValue) else {
            throw Failure(.dataMissing, "read the measured window of \(parts.folder.id): its pages are not there")
        }
        guard window.resets == 0 else {
            throw Failure(
                .dataMissing,
                "the agent or a counter started anew in the measured window, and what it had counted is lost")
        }
        guard window.source != "none" else {
            throw Failure(.dataMissing, "\(parts.edges.source.url) has no source of energy; only CPU time was counted")
        }
        return ["seconds": .number(Ratio.seconds(window.microseconds).value), "source": .string(window.source)]
    }
}

/// Writes the report.
package struct Reporting: Stage {
    package let step = Step.report
    let parts: Parts

    package init(_ parts: Parts) { self.parts = parts }

    package func perform(_ context: Context) throws(Failure) -> JSON {
        try parts.report(.succeeded, failure: nil, context)
        return ["report": .string(parts.folder.report)]
    }

    package func plan() -> [String] { ["write \(parts.folder.report) and \(parts.folder.reportText)"] }
}

extension Parts {
    /// Writes the report of a run, also of one that failed: then it says so, and has the windows there are.
    func report(_ status: RunDocument.Status, failure: String?, _ context: Context) throws(Failure) {
        var document = RunDocument(run: request.run, status: status, failure: failure)
        var text = RunText()
        for step in [Step.baseline, .idle] {
            guard let window = try edges.window(step.rawValue) else { continue }
            document.add(window, named: step.rawValue)
            text.add(window, named: step.rawValue)
        }
        if let window = try edges.window(Step.window.rawValue) {
            // What came later counts as well; the window's own pods are those of its beginning.
            let seen = context.detail(of: .window)
            let project = Self.pods(context.detail(of: .ready)).union(Self.pods(seen["project"]))
            let workload = Self.pods(context.detail(of: .benchmark)).union(Self.pods(seen["workload"]))
                .union(Self.pods(seen))
            document.measure(window, project: project, workload: workload.subtracting(project))
            text.measure(window, project: project, workload: workload.subtracting(project))
        }
        describe(&document, context)
        try Files.replace(folder.report, with: document.json())
        let head = "run \(request.run): \(status.rawValue)" + (failure.map { ": \($0)" } ?? "") + "\n\n"
        try Files.replace(folder.reportText, with: head + text.text)
    }

    private static func pods(_ deployed: JSON) -> Set<PodUse.Pod> {
        Set(
            deployed["pods"].array.filter { $0["done"] != true }.map {
                PodUse.Pod(namespace: $0["namespace"].string ?? "", name: $0["name"].string ?? "")
            })
    }

    /// What was asked for and what ran.
    private func describe(_ document: inout RunDocument, _ context: Context) {
        let asked = request.project
        func text(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }
        document.cncfProject = [
            "name": .string(asked.name), "org": .string(asked.organization), "config": text(asked.configuration),
            "version": .string(asked.version),
        ]
        if let benchmark = request.benchmark {
            document.benchmark = [
                "workflow_name": .string(asked.name), "manifest": text(benchmark.manifest),
                "manifest_sha256": context.detail(of: .preflight)["benchmark_sha256"], "goal": benchmark.goal,
                "warmup_s": .number(Double(request.durations.warmup) / 1000),
            ]
        }
        document.trigger = [
            "kind": .string(asked.trigger), "ref": text(asked.ref), "github_run_id": text(asked.gitHubRun),
        ]
        document.collection = [
            "mode": edges.source.remembers ? "prometheus" : "agent", "endpoint": .string(edges.source.url),
        ]
        let ready = context.detail(of: .ready)
        let cluster = context.detail(of: .preflight)["cluster"]
        document.meta = [
            "pipeline_version": .string(request.brahe), "kubernetes_version": cluster["kubernetes_version"],
            "flux_version": cluster["flux_version"], "nodes": cluster["nodes"], "sources": ready["sources"], "pods": ready["pods"],
            "workload_pods": context.detail(of: .benchmark)["pods"],
            "rendered_sha256": context.detail(of: .preflight)["rendered_sha256"],
            "functional_unit": asked.functionalUnit ?? .null,
        ]
    }
}

package import Course
package import Documents
internal import Exposition
package import Host
internal import Pages
package import Reports
internal import Results
package import Runs
internal import Samples
internal import Storage

/// Reads back what was measured and sees that it is whole.
package struct Collecting: Stage {
    package let step = Step.collect
    let parts: Parts

    package init(_ parts: Parts) { self.parts = parts }

    package func perform(_ context: Context) throws(Failure) -> JSON {
        let evidence = try parts.collect(context)
        let document = try parts.document(.succeeded, failure: nil, context, evidence)
        guard let results = document.results, results.zone != "none", results.energy != nil else {
            throw Failure(
                .dataMissing,
                "\(parts.edges.source.url) has no energy of the measured window; only CPU time was counted")
        }
        if let broken = document.brokenGates {
            throw Failure(.dataMissing, "the measured window is not good enough: \(broken)")
        }
        return [
            "series": .integer(Int64(evidence.recording.series.count)), "zone": .string(results.zone),
        ]
    }
}

/// Writes the report.
package struct Reporting: Stage {
    package let step = Step.report
    let parts: Parts

    package init(_ parts: Parts) { self.parts = parts }

    package func perform(_ context: Context) throws(Failure) -> JSON {
        try parts.report(.succeeded, failure: nil, context)
        var found: [String: JSON] = ["report": .string(parts.folder.report)]
        if let storage = parts.request.storage {
            context.waits(for: "\(storage.url) to show what was stored")
            do throws(Failure) {
                found["stored"] = .integer(Int64(try storage.store(parts.reportFolder)))
            } catch {
                // A run whose result is not kept has not succeeded, whoever is to blame.
                throw error.exit == .configuration ? Failure(.dataMissing, error.message) : error
            }
        }
        if let summary = Environment.stepSummary {
            try Files.append(try Files.read(parts.reportFolder.markdown), to: summary)
        }
        return .object(found)
    }

    package func plan() -> [String] {
        var lines = ["write \(parts.folder.report) and \(parts.folder.reportText)"]
        if let storage = parts.request.storage {
            lines += ["POST \(storage.receiver ?? storage.url + "/api/v1/write")", "POST \(storage.url)/api/v1/query"]
        }
        return lines
    }
}

extension Request.Storage {
    /// Stores a run's gauges, and its samples where that was asked for, and reads them back; returns how many samples were
    /// written. Throws where not all of it can be read back as it was written. `backfill` is the engine's own folder of
    /// data, for what is too old to be sent.
    package func store(_ folder: ReportFolder, backfill: String? = nil) throws(Failure) -> Int {
        var engine = LongTermStorage(
            try Endpoint.checked(url, credentials),
            writing: try receiver.map { url throws(Failure) in try Endpoint.checked(url, credentials) })
        if let patience { (engine.write.patience, engine.read.patience) = (patience, patience) }
        let document = try RunDocument(file: folder.document)
        let recording = samples ? try Recording(files: [folder.samples]) : nil
        if let backfill { return try engine.backfill(document, recording, into: Backfill(folder: backfill)) }
        return try engine.store(document, recording)
    }
}

extension Parts {
    /// Writes the report of a run, also of one that failed: then it says so, and has what was measured all the same.
    func report(_ status: RunDocument.Status, failure: String?, _ context: Context) throws(Failure) {
        var document: RunDocument
        do throws(Failure) {
            let evidence = Files.exists(reportFolder.samples) ? try evidence() : nil
            document = try self.document(status, failure: failure, context, evidence)
        } catch {
            guard status != .succeeded else { throw error }
            document = try self.document(status, failure: failure, context, nil)
        }
        if let start = try edges.page(.start, of: Step.window.rawValue) {
            try reportFolder.write(page: start, as: "start")
        }
        if let end = try edges.page(.end, of: Step.window.rawValue) { try reportFolder.write(page: end, as: "end") }
        try reportFolder.write(document)
        try reportFolder.seal(ReportFolder.names + ["request.json", "rendered.yaml", "benchmark.yaml"])
    }

    /// What there is to say of a run; without samples it has no results.
    func document(
        _ status: RunDocument.Status, failure: String?, _ context: Context, _ evidence: Evidence?
    ) throws(Failure) -> RunDocument {
        var document = RunDocument(runId: request.run, status: status, failure: failure)
        for window in try windows() { document.add(window: window.name, from: window.start, to: window.end) }
        try describe(&document, context)
        guard let evidence, let run = document.windows.first(where: { $0.name == "run" }),
            let start = Moment(run.start), let end = Moment(run.end)
        else { return document }
        var inputs = try inputs(evidence, context)
        let prometheus: Prometheus? = if case .prometheus(let client) = edges.source { client.prometheus } else { nil }
        let warnings = try inputs.ask(from: start, to: end, prometheus: prometheus)
        try document.measure(evidence.adding(warnings), inputs)
        return document
    }

    /// What was asked for and what ran.
    private func describe(_ document: inout RunDocument, _ context: Context) throws(Failure) {
        let asked = request.project
        func text(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }
        document.cncfProject = RunDocument.Project(
            name: asked.name, org: asked.organization, config: asked.configuration, version: asked.version)
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
        let ready = context.detail(of: .ready)
        let cluster = context.detail(of: .preflight)["cluster"]
        document.meta = [
            "pipeline_version": .string(request.brahe), "agent": try agent(),
            "kubernetes_version": cluster["kubernetes_version"],
            "flux_version": cluster["flux_version"], "nodes": cluster["nodes"], "sources": ready["sources"],
            "pods": ready["pods"],
            "workload_pods": context.detail(of: .benchmark)["pods"],
            "rendered_sha256": context.detail(of: .preflight)["rendered_sha256"],
            "functional_unit": asked.functionalUnit ?? .null,
        ]
        let files = [("rendered.yaml", folder.rendered), ("benchmark.yaml", folder.benchmark)]
        var digests: [JSON] = []
        for (name, path) in files where Files.exists(path) {
            digests.append(["path": .string(name), "sha256": .string(Files.sha256(try Files.read(path)))])
        }
        document.provenance = ["host": .string(Environment.host), "files": .array(digests)]
    }

    /// What the agent said of itself in preflight; null if nothing was asked.
    private func agent() throws(Failure) -> JSON {
        guard let page = try edges.page(.start, of: "preflight"), let scrape = try? Scrape(page) else { return .null }
        return ExporterFacts.json { name, metric in
            scrape.series(named: metric).lazy.compactMap { $0.labels[name] }.first
        }
    }
}

package import Carbon
internal import Course
package import Documents
package import Host
internal import Metering
internal import Pages
package import Registry
internal import Reports
package import Results
internal import Runs
internal import Samples

/// What a run's report is made of.
extension Parts {
    /// The folder's files of the report.
    var reportFolder: ReportFolder { ReportFolder(path: folder.path) }

    /// The windows that have both their edges, in the order of time; the measured one is called `run`.
    func windows() throws(Failure) -> [(name: String, start: Moment, end: Moment)] {
        var windows: [(name: String, start: Moment, end: Moment)] = []
        for (step, name) in [(Step.baseline, "baseline"), (.idle, "idle"), (.window, "run")] {
            guard let start = try edges.moment(.start, of: step.rawValue),
                let end = try edges.moment(.end, of: step.rawValue)
            else { continue }
            windows.append((name, start, end))
        }
        return windows
    }

    /// Brings the samples of all windows together and keeps them as `samples.om`.
    ///
    /// An agent's are those read during the run; a Prometheus' are asked for now, when it has scraped once more.
    func collect(_ context: Context) throws(Failure) -> Evidence {
        let windows = try windows()
        guard let run = windows.last, run.name == "run" else {
            throw Failure(.dataMissing, "read the measured window of \(folder.id): its pages are not there")
        }
        try checkOrder(windows)
        switch edges.source {
        case .agent: try edges.polls.recording().write(to: reportFolder.samples)
        case .prometheus(let client):
            // What lies beyond the edges closes the window.
            let next = try client.scrape(from: run.end + 1) { () throws(Failure) in
                context.waits(for: "the scrape that follows the window")
                try context.pause(milliseconds: 500)
            }
            let beyond = 2 * ((try? client.prometheus.interval(of: next.target)) ?? 15_000)
            let labels = client.instance.map { ["instance": $0] } ?? [:]
            let samples = try client.prometheus.samples(
                of: [Prometheus.selector(labels)], from: windows[0].start + -beyond, to: run.end + beyond)
            for note in samples.notes { context.say("\(client.url): \(note)") }
            try samples.recording.write(to: reportFolder.samples)
        }
        return try evidence()
    }

    /// Throws where a window ends before it begins, or begins before the one before it ended, as when the clock was set back;
    /// and where the measured one is no time at all, as when an agent took no sample in it.
    private func checkOrder(_ windows: [(name: String, start: Moment, end: Moment)]) throws(Failure) {
        var last = windows.first?.start
        for (name, start, end) in windows {
            let isInOrder = last.map { $0 <= start } ?? true
            guard isInOrder, start <= end, start < end || name != "run" else {
                throw Failure(
                    .dataMissing,
                    "the window \(name) of \(folder.id) goes from \(start) to \(end), "
                        + (isInOrder && start == end
                            ? "and \(edges.source.url) took no sample in it" : "so the clock was set back"))
            }
            last = end
        }
    }

    /// The samples that were kept.
    func evidence() throws(Failure) -> Evidence {
        let recording = try Recording(files: [reportFolder.samples])
        switch edges.source {
        case .agent: return Evidence(recording, mode: "agent", endpoint: edges.source.url)
        case .prometheus(let client):
            return Evidence(
                recording, mode: "prometheus", endpoint: edges.source.url,
                serverVersion: try? client.prometheus.version())
        }
    }

    /// What, besides the samples, the results are made of.
    func inputs(_ evidence: Evidence, _ context: Context) throws(Failure) -> InputsEntry {
        // What came later counts as well; the window's own pods are those of its beginning.
        let seen = context.detail(of: .window)
        let project = Self.pods(context.detail(of: .ready)).union(Self.pods(seen["project"]))
        let workload = Self.pods(context.detail(of: .benchmark)).union(Self.pods(seen["workload"]))
            .union(Self.pods(seen)).subtracting(project)
        let asked = request.project
        var inputs = InputsEntry(
            terms: Terms(
                for: evidence.recording, platformMaxWatts: request.pages.platformWatts,
                interval: edges.source.remembers ? nil : request.durations.reading),
            // What nothing tells of cannot be scored; that its pods were not seen is said in the report.
            primary: evidence.recording.tells(of: project) ? "project" : "node",
            scopes: [
                InputsEntry.Scope(scope: "project", pods: project.sorted()),
                InputsEntry.Scope(scope: "workload", pods: workload.sorted()),
                InputsEntry.Scope(scope: "namespace", namespaces: [request.cluster.namespace]),
            ],
            metrics: asked.metrics.map(ProjectMetric.init),
            unit: try asked.functionalUnit.map { json throws(Failure) in try Self.unit(json) } ?? .run)
        inputs.factors = try asked.factors.map { json throws(Failure) in try Self.factors(json, context.say) }
        return inputs
    }

    /// `namespace/name` of the pods that a step's detail lists, without those that had ended.
    private static func pods(_ deployed: JSON) -> Set<String> {
        Set(
            deployed["pods"].array.filter { $0["done"] != true }.map {
                "\($0["namespace"].string ?? "")/\($0["name"].string ?? "")"
            })
    }

    private static func unit(_ json: JSON) throws(Failure) -> InputsEntry.Unit {
        do {
            return InputsEntry.Unit(try Project.FunctionalUnit(json))
        } catch {
            throw Failure(.configuration, "read the functional unit: \(error)")
        }
    }

    /// Reads factors; throws what is wrong with them, and tells of names that are not known.
    package static func factors(_ json: JSON, _ tell: (String) -> Void) throws(Failure) -> Factors {
        var warnings: [String] = []
        do {
            let factors = try Factors(Field(path: "factors", value: json), warnings: &warnings)
            for warning in warnings { tell(warning) }
            return factors
        } catch {
            throw Failure(.configuration, "read the factors: \(error)")
        }
    }
}

extension Recording {
    /// Whether any series is of one of these pods, `namespace/name`.
    fileprivate func tells(of pods: Set<String>) -> Bool {
        series.contains { one in
            guard let name = one.labels["pod_name"] ?? one.labels["pod"] else { return false }
            let space =
                one.labels["container_namespace"] ?? one.labels["pod_namespace"] ?? one.labels["namespace"] ?? ""
            return pods.contains("\(space)/\(name)")
        }
    }
}

extension ProjectMetric {
    /// A metric that a project asks for, without any value yet.
    package init(_ metric: Project.Metric) {
        let aggregation: Aggregation =
            switch metric.aggregation {
            case .increase: .increase
            case .mean: .mean
            case .max: .max
            case .min: .min
            case .sum: .sum
            case .p95: .high
            case .last: .last
            }
        self.init(name: metric.name, query: metric.promql, unit: metric.unit, aggregation: aggregation)
    }
}

extension InputsEntry.Unit {
    /// The functional unit of projects.json.
    package init(_ unit: Project.FunctionalUnit) {
        switch unit.amount {
        case .count(let count): self.init(name: unit.name, value: count)
        case .metric(let metric): self.init(name: unit.name, metric: metric)
        case .seconds(let seconds): self.init(name: unit.name, seconds: seconds)
        }
    }
}

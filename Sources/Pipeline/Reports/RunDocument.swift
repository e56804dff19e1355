package import Documents
package import Review

/// What came of one run of the pipeline, in JSON: the keys of upstream's example, and more.
///
/// `{"schema": "greenreview.run/v1", "run_id", "status", "failure"?, "cncf_project": {...}, "benchmark"?: {...}, "trigger":
/// {...}, "start_time"?, "end_time"?, "windows": [...], "meta": {...}, "collection": {...}, "results"?: {...}}`.
package struct RunDocument: Encodable {
    package enum Status: String, Encodable {
        /// Every step did what it should, and the windows are whole.
        case succeeded
        /// A step failed, which `failure` has in words.
        case failed
        /// Everything was done, but the measured window is not whole.
        case invalid
    }

    /// One window: its length and what the node used in it.
    package struct NamedWindow: Encodable {
        let name: String
        let window: WindowDocument
        let node: EnergyDocument?
    }

    /// What the pods of a scope used in the measured window; `unseen` are pods that the agent has no series of.
    package struct Scope: Encodable {
        let energy: EnergyDocument?
        let cpuSeconds: Double
        let pods: [String]
        let unseen: [String]
    }

    /// The measured window: the sums of the two scopes, and everything that ran on the node.
    package struct Results: Encodable {
        let project: Scope
        let workload: Scope
        let node: ReportDocument
    }

    let schema = "greenreview.run/v1"
    package let runId: String
    package var status: Status
    package var failure: String?
    package var cncfProject: JSON = .null
    package var benchmark: JSON = .null
    package var trigger: JSON = .null
    /// The measured window, as the agent's samples have it.
    package private(set) var startTime: String?
    package private(set) var endTime: String?
    package private(set) var windows: [NamedWindow] = []
    package var meta: JSON = .null
    package var collection: JSON = .null
    package private(set) var results: Results?

    package init(run: String, status: Status, failure: String? = nil) {
        runId = run
        self.status = status
        self.failure = failure
    }

    /// Adds a window that is not the measured one.
    package mutating func add(_ window: Window, named name: String) {
        let node = NodeUse(window)
        windows.append(
            NamedWindow(
                name: name, window: WindowDocument(window),
                node: EnergyDocument(
                    node.total, over: window.microseconds, node: node, source: window.source)))
    }

    /// Adds the measured window, and what the pods of the project and of the benchmark used in it.
    package mutating func measure(
        _ window: Window, project: Set<PodUse.Pod>, workload: Set<PodUse.Pod>
    ) {
        add(window, named: "run")
        let report = Report(window)
        startTime = WindowDocument(window).start
        endTime = WindowDocument(window).end
        results = Results(
            project: Scope(project, in: report), workload: Scope(workload, in: report), node: ReportDocument(report))
    }
}

extension RunDocument.Scope {
    init(_ pods: Set<PodUse.Pod>, in report: Report) {
        let use = PodUse(of: pods, in: report)
        energy = EnergyDocument(
            use.microjoules, over: report.window.microseconds, node: report.node, source: report.window.source)
        cpuSeconds = Ratio.seconds(use.cpuMicroseconds).value
        self.pods = pods.map { "\($0.namespace)/\($0.name)" }.sorted()
        unseen = use.unseen.map { "\($0.namespace)/\($0.name)" }
    }
}

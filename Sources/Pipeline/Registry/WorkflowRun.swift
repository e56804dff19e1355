package import Documents

/// A run of a workflow, as GitHub shows it.
package struct WorkflowRun: Equatable, Sendable {
    package let id: Int64
    /// `queued`, `in_progress`, `completed`, `waiting`, `pending` or `requested`.
    package let status: String
    /// `success`, `failure`, `cancelled` and others; nil until it is completed.
    package let conclusion: String?
    /// What the workflow's `run-name` made of the inputs; the workflow's own name if it has none.
    package let title: String
    /// The page for people.
    package let page: String

    package init(id: Int64, status: String, conclusion: String? = nil, title: String, page: String = "") {
        self.id = id
        self.status = status
        self.conclusion = conclusion
        self.title = title
        self.page = page
    }

    /// Reads `GET .../actions/runs/ID`.
    package init(parsing text: String) throws(Misread) { self = try WorkflowRun(Field.document(text)) }

    /// Reads `GET .../actions/workflows/FILE/runs`.
    package static func list(parsing text: String) throws(Misread) -> [WorkflowRun] {
        var runs: [WorkflowRun] = []
        for element in try Field.document(text)["workflow_runs"].elements() { runs.append(try WorkflowRun(element)) }
        return runs
    }

    private init(_ field: Field) throws(Misread) {
        id = try field["id"].integer(in: 1...Int64.max)
        status = try field["status"].string()
        conclusion = try field["conclusion"].given?.string()
        title = field["display_title"].value.string ?? ""
        page = try field["html_url"].given?.string() ?? ""
    }

    package var isCompleted: Bool { status == "completed" }

    /// Whether it is one of those of which GitHub's concurrency keeps at most one: another one dispatched now would
    /// cancel it.
    package var isWaiting: Bool { !isCompleted && status != "in_progress" }

    /// Whether `GET .../actions/runs/ID/jobs` shows a job that a machine has begun.
    ///
    /// A run that GitHub drops from its queue has no jobs, or only such as nobody picked up.
    package static func anyJobStarted(parsing text: String) throws(Misread) -> Bool {
        for job in try Field.document(text)["jobs"].elements() {
            let ended = job["conclusion"].value.string
            if let ended, ended != "cancelled", ended != "skipped" { return true }
            if !job["steps"].value.array.isEmpty { return true }
            if let runner = job["runner_id"].value.integer, runner > 0 { return true }
        }
        return false
    }

    /// The run that a dispatch of this target started, among those that are newer than the dispatch.
    ///
    /// By its title; where the workflow gives none, by being the only new one. A title of another target is no match.
    package static func started(
        by target: Target, among runs: [WorkflowRun], after last: Int64, others: Set<String>
    ) -> WorkflowRun? {
        let new = runs.filter { $0.id > last }
        if let titled = new.filter({ words($0.title) == target.title }).min(by: { $0.id < $1.id }) { return titled }
        guard new.count == 1, let only = new.first, !others.contains(words(only.title)) else { return nil }
        return only
    }

    /// Without the second space that an empty configuration leaves in a title.
    private static func words(_ title: String) -> String { title.split(separator: " ").joined(separator: " ") }
}

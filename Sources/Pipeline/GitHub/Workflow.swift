package import Documents
internal import Host
package import Registry

/// The workflow that is the pipeline on GitHub.
package struct Workflow: Sendable {
    /// `OWNER/REPO`.
    package let repository: String
    /// The name of its file.
    package let file: String
    /// The branch or tag of the pipeline that runs.
    package let ref: String

    /// Nil if the repository is no `OWNER/REPO`.
    package init?(repository: String, file: String, ref: String) {
        let parts = repository.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy({ Name.objection(toRepository: $0) == nil }), !file.isEmpty,
            !file.contains("/"), !ref.isEmpty
        else { return nil }
        self.repository = repository
        self.file = file
        self.ref = ref
    }

    private var actions: String { "/repos/\(repository)/actions" }

    package var dispatches: String { "\(actions)/workflows/\(HTTPRequest.encoded(file))/dispatches" }

    /// The newest runs of the workflow, whatever started them.
    package var runs: String { "\(actions)/workflows/\(HTTPRequest.encoded(file))/runs?per_page=100" }

    /// The runs that dispatches started since then; GitHub counts in seconds.
    package func dispatched(since moment: Moment) -> String {
        let second = Moment(milliseconds: moment.milliseconds - moment.milliseconds % 1000)
        let created = HTTPRequest.encoded(">=\("\(second)".prefix(19))Z")
        return runs + "&event=workflow_dispatch&created=\(created)"
    }

    package func run(_ id: Int64) -> String { "\(actions)/runs/\(id)" }

    package func jobs(_ id: Int64) -> String { "\(actions)/runs/\(id)/jobs?per_page=100" }

    /// The body of a dispatch.
    package func body(for target: Target, withDetails: Bool = true) -> JSON {
        var inputs: [String: JSON] = ["cncf_project": .string(target.project), "version": .string(target.version)]
        inputs["config"] = target.configuration.map { .string($0) }
        var body: [String: JSON] = ["ref": .string(target.ref), "inputs": .object(inputs)]
        if withDetails { body["return_run_details"] = true }
        return .object(body)
    }
}

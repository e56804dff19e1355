internal import Cluster
internal import Course
internal import Deployment
internal import Documents
internal import Host
internal import Runs

/// Looking after the pods of project and benchmark while they are measured.
struct Watch {
    private let parts: Parts
    private let context: Context

    init(_ parts: Parts, _ context: Context) {
        self.parts = parts
        self.context = context
    }

    /// What is there when the window begins, for the journal.
    func begin() throws(Failure) -> JSON { [:] }

    /// Throws with `benchmark` if a pod is not what it was.
    func check() throws(Failure) {}
}

extension Parts {
    /// The last lines that pods said, led by a colon; empty if they cannot be had.
    func lastWords(ofPodsWith selector: String) -> String {
        let arguments = [
            "logs", "--namespace", request.cluster.namespace, "--selector", selector, "--all-containers", "--tail", "5",
        ]
        guard let text = try? kubectl.run(arguments) else { return "" }
        let lines = text.split(separator: "\n")
        return lines.isEmpty ? "" : "; its last words: " + lines.joined(separator: " | ")
    }
}

package import Course
package import Documents
package import Host
internal import Pages
package import Runs

/// A window in which nothing is to happen: the baseline before anything is deployed, and the idle project.
package struct QuietWindow: Stage {
    package let step: Step
    /// How long it is, in milliseconds; 0 leaves it out.
    let length: Int64
    let edges: Edges

    package init(_ step: Step, length: Int64, edges: Edges) {
        self.step = step
        self.length = length
        self.edges = edges
    }

    package func perform(_ context: Context) throws(Failure) -> JSON {
        guard length > 0 else { return ["left_out": true] }
        try edges.take(.start, of: step.rawValue, context)
        context.waits(for: "the window of \(Double(length) / 1000) s")
        try context.pause(milliseconds: length)
        try edges.take(.end, of: step.rawValue, context)
        return [:]
    }

    package func plan() -> [String] {
        guard length > 0 else { return [] }
        return edges.planned + ["wait \(Double(length) / 1000) s"] + edges.planned
    }
}

extension Edges {
    /// The requests that one edge takes.
    package var planned: [String] {
        switch source {
        case .agent(let client): return ["POST \(client.url)/sample", "GET \(client.url)/metrics"]
        case .prometheus(let client): return ["POST \(client.url)/api/v1/query"]
        }
    }
}

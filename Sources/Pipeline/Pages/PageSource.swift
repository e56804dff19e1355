internal import Documents
internal import Exposition
package import Host
package import Review

/// Where the pages at the edges of a window come from.
package enum PageSource: Sendable {
    /// The agent itself, which samples when it is asked to.
    case agent(AgentClient)
    /// A Prometheus that scrapes it.
    case prometheus(PrometheusClient)

    /// Where that is, for messages.
    package var url: String {
        switch self {
        case .agent(let client): client.url
        case .prometheus(let client): client.url
        }
    }

    /// True if a page of the past can still be had.
    package var remembers: Bool { if case .prometheus = self { true } else { false } }

    /// An agent's page as it is; a Prometheus has none.
    package func page() throws(Failure) -> String {
        switch self {
        case .agent(let client): try client.page()
        case .prometheus(let client):
            throw Failure(.dataMissing, "ask \(client.url) for a page: it has none of its own")
        }
    }

    /// The page at an edge of a window that is now, as text; `wait` is called while the next scrape is awaited.
    ///
    /// An agent on another machine takes no order to sample; `say` is told, and its latest sample is the edge.
    package func edge(
        say: (String) -> Void, wait: () throws(Failure) -> Void
    ) throws(Failure) -> String {
        switch self {
        case .agent(let client):
            return try client.edge { failure throws(Failure) in
                say("\(failure.message); reading its latest sample instead")
            }
        case .prometheus(let client): return try client.page(from: .now, wait: wait)
        }
    }
}

extension Window {
    /// The window between two pages; `source` is for the message if they do not fit.
    package init(from first: String, to second: String, of source: String) throws(Failure) {
        do {
            try self.init(from: try Scrape(first), to: try Scrape(second))
        } catch {
            throw Failure(.dataMissing, "compare two pages of \(source): \(error)")
        }
    }
}

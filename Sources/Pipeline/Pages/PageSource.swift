internal import Documents
package import Host

/// Where the pages at the edges of a window come from.
package enum PageSource: Sendable {
    /// The agent itself, which samples when it is asked to, or another exporter, which does not.
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

    /// The page at an edge of a window that is now; `wait` is called while the next scrape is awaited.
    ///
    /// Who takes no order to sample is read as it is, and `say` is told.
    package func edge(say: (String) -> Void, wait: () throws(Failure) -> Void) throws(Failure) -> TimedPage {
        switch self {
        case .agent(let client):
            switch client.order() {
            case .obeyed: break
            case .refused(let failure): say(AgentRecorder.refused(failure))
            case .failed(let failure): throw failure
            }
            let now = Moment.now
            return TimedPage(try client.page(), read: now)
        case .prometheus(let client): return try client.page(from: .now, wait: wait)
        }
    }
}

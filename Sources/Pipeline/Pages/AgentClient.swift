internal import Glibc
package import Host

/// An agent that answers over HTTP.
package struct AgentClient: Sendable {
    /// Where it listens.
    package let endpoint: Endpoint
    /// `http://127.0.0.1:9102`, no slash at the end.
    package var url: String { endpoint.url }

    /// The agent's usual place.
    package static let usual = AgentClient(url: "http://127.0.0.1:9102")

    package init(url: String) { endpoint = Endpoint(url) }

    /// An agent that wants to know who asks, or whose certificate not everybody knows.
    package init(_ endpoint: Endpoint) { self.endpoint = endpoint }

    /// One request; any status is an answer.
    package func ask(_ path: String, post: Bool = false, timeout milliseconds: Int = 10_000) -> HTTPAnswer {
        endpoint.ask(path, post: post, timeout: milliseconds)
    }

    /// True if something answers there at all.
    package var answers: Bool { ask("/healthz", timeout: 1000).status > 0 }

    /// The metrics as they stand at the agent's latest sample, as text.
    package func page() throws(Failure) -> String {
        let answer = ask("/metrics")
        guard answer.status == 200 else { throw Failure(.configuration, "GET \(url)/metrics: \(answer.reason)") }
        return answer.body
    }

    /// Samples now and reads the page: an edge of a window that is known to the microsecond.
    ///
    /// Throws where it takes no such order, which a window of two pages cannot do without.
    package func edge() throws(Failure) -> String {
        switch order() {
        case .obeyed: return try page()
        case .refused(let failure), .failed(let failure): throw failure
        }
    }

    /// What became of an order to sample.
    package enum Order: Equatable, Sendable {
        /// The page shows what was counted until now.
        case obeyed
        /// It takes none: an agent on another machine, or an exporter that does not know how. Its page is what it is.
        case refused(Failure)
        /// Something else went wrong.
        case failed(Failure)
    }

    /// Orders a sample; asked too often (429) it waits and asks again.
    package func order() -> Order {
        var answer = ask("/sample", post: true)
        for _ in 0..<20 where answer.status == 429 {
            usleep(150_000)
            answer = ask("/sample", post: true)
        }
        func failure(_ reason: String) -> Failure { Failure(.configuration, "POST \(url)/sample: \(reason)") }
        switch answer.status {
        // Kepler up to 0.9 answers whatever it does not know with a page for browsers.
        case 200 where answer.body.first { !$0.isWhitespace } == "<": return .refused(failure("it is no brahe-agent"))
        case 200: return .obeyed
        case 403, 404, 405, 501: return .refused(failure(answer.reason))
        default: return .failed(failure(answer.reason))
        }
    }
}

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

    /// Samples now and reads the page: an edge of a window.
    ///
    /// Asked too often (429) it waits and asks again. An agent on another machine refuses (403); `refused` decides
    /// what then, and the page is its latest sample if it returns.
    package func edge(refused: (Failure) throws(Failure) -> Void = { failure throws(Failure) in throw failure })
        throws(Failure) -> String
    {
        let answer = sample()
        let failure = Failure(.configuration, "POST \(url)/sample: \(answer.reason)")
        if answer.status == 403 {
            try refused(failure)
        } else if answer.status != 200 {
            throw failure
        }
        return try page()
    }

    /// Asks for a sample; asked too often (429) it waits and asks again.
    func sample() -> HTTPAnswer {
        var answer = ask("/sample", post: true)
        for _ in 0..<20 where answer.status == 429 {
            usleep(150_000)
            answer = ask("/sample", post: true)
        }
        return answer
    }
}

import CPipeline
import Exposition
import Glibc

/// An agent that answers over HTTP.
struct AgentClient {
    /// Where it listens: `http://127.0.0.1:9102`, no slash at the end.
    let url: String

    /// The agent's usual place.
    static let usual = AgentClient(url: "http://127.0.0.1:9102")

    init(url: String) {
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
    }

    /// A status and a body, or why there is none.
    struct Answer {
        let status: Int
        let body: String
        let error: String

        /// What came back instead of 200, in words.
        var reason: String {
            guard status > 0 else { return error }
            let first = body.split(separator: "\n").first ?? ""
            return first.isEmpty ? "HTTP \(status)" : "HTTP \(status): \(first.prefix(200))"
        }
    }

    /// One request; any status is an answer.
    func ask(_ path: String, post: Bool = false, timeout milliseconds: Int = 10_000) -> Answer {
        var answer = cpipeline_answer()
        cpipeline_http(url + path, post, milliseconds, &answer)
        defer { cpipeline_answer_free(&answer) }
        let body = UnsafeRawBufferPointer(start: answer.body, count: answer.size)
        let error = withUnsafeBytes(of: answer.error) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return Answer(status: answer.status, body: String(decoding: body, as: UTF8.self), error: error)
    }

    /// True if something answers there at all.
    var answers: Bool { ask("/healthz", timeout: 1000).status > 0 }

    /// The metrics as they stand at the agent's latest sample.
    func page() throws(Failure) -> Scrape {
        let answer = ask("/metrics")
        guard answer.status == 200 else { throw Failure(.noAgent, "GET \(url)/metrics: \(answer.reason)") }
        do {
            return try Scrape(answer.body)
        } catch {
            throw Failure(.dataMissing, "read \(url)/metrics: \(error)")
        }
    }

    /// Samples now and reads the page: an edge of a window.
    ///
    /// Asked too often (429) it waits and asks again. An agent on another machine refuses (403); `refused` decides
    /// what then, and the page is its latest sample if it returns.
    func edge(refused: (Failure) throws(Failure) -> Void = { failure throws(Failure) in throw failure })
        throws(Failure) -> Scrape
    {
        var answer = ask("/sample", post: true)
        for _ in 0..<20 where answer.status == 429 {
            usleep(150_000)
            answer = ask("/sample", post: true)
        }
        let failure = Failure(.noAgent, "POST \(url)/sample: \(answer.reason)")
        if answer.status == 403 {
            try refused(failure)
        } else if answer.status != 200 {
            throw failure
        }
        return try page()
    }
}

package import Documents
package import Host
package import Registry

/// GitHub's REST API.
package final class API {
    /// Without a slash at its end.
    package let base: String
    package let times: Times
    private let token: Token?
    private let tell: (String) -> Void
    private var lastWrite: Moment?

    /// The version of the API whose answers are understood here.
    private static let version = "2022-11-28"
    /// How often a question without an answer is repeated.
    private static let repetitions = 3

    /// `tell` gets a line for each pause that somebody may wonder about.
    package init(base: String, token: Token?, times: Times, tell: @escaping (String) -> Void) throws(Failure) {
        guard base.hasPrefix("https://") || base.hasPrefix("http://") else {
            throw Failure(.usage, "\(base) is no address of GitHub's API")
        }
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        self.token = token
        self.times = times
        self.tell = tell
    }

    /// Asks until there is an answer about the thing itself: pauses at limits and repeats what found no answer.
    package func get(_ path: String, etag: String? = nil) throws(Failure) -> Reply {
        var failures = 0
        var limits = 0
        while true {
            try Interruption.check()
            let reply = send("GET", path, etag: etag)
            if let limit = reply.limit {
                try wait(for: limit, time: limits, of: "GET \(base)\(path)", reply)
                limits += 1
            } else if reply.status == 0 || reply.status >= 500 {
                guard failures < Self.repetitions else {
                    throw Failure(.gitHub, "GET \(base)\(path): \(reply.reason)")
                }
                try pause(times.retry << Int64(failures))
                failures += 1
            } else {
                return reply
            }
        }
    }

    /// Sends a change once, whatever comes of it.
    package func post(_ path: String, _ body: JSON) throws(Failure) -> Reply {
        if let lastWrite { try pause(lastWrite + times.write - .now) }
        try Interruption.check()
        defer { lastWrite = .now }
        return send("POST", path, body: body.line)
    }

    /// Somebody with this token may have written then: the next change keeps its distance.
    package func noteWrite(at moment: Moment) { lastWrite = max(lastWrite ?? moment, moment) }

    /// Waits until the limit is over, or throws if that is too long or has been tried too often.
    package func wait(for limit: Reply.Limit, time: Int, of what: String, _ reply: Reply) throws(Failure) {
        let milliseconds: Int64
        let until: Moment
        switch limit {
        case .primary(let reset):
            // GitHub's clock and ours may differ by a little.
            milliseconds = max(reset - .now, 0) + 1000
            until = reset
        case .secondary(let seconds):
            milliseconds = seconds.map { $0 * 1000 } ?? times.silence << Int64(min(time, 8))
            until = .now + milliseconds
        }
        guard time < Self.repetitions, milliseconds <= times.limit else {
            throw Failure(.gitHub, "\(what): \(reply.reason); not before \(until)")
        }
        tell("GitHub has had too many requests: waiting until \(until)")
        try pause(milliseconds)
    }

    package func pause(_ milliseconds: Int64) throws(Failure) {
        guard milliseconds > 0 else { return }
        try Interruption.pause(milliseconds: UInt32(clamping: milliseconds))
    }

    private func send(_ method: String, _ path: String, etag: String? = nil, body: String? = nil) -> Reply {
        var request = HTTPRequest(method, base + path)
        request.headers = [
            ("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", Self.version), ("User-Agent", "brahe"),
        ]
        if let token { request.headers.append(("Authorization", "Bearer \(token.secret)")) }
        if let etag { request.headers.append(("If-None-Match", etag)) }
        if let body {
            request.headers.append(("Content-Type", "application/json"))
            request.body = body
        }
        request.timeoutMilliseconds = Int(times.request)
        // A change that is sent on elsewhere is not the change that was asked for.
        request.follow = method == "GET"
        request.proxy = true
        let answer = request.answer()
        let headers = Reply.telling.compactMap { name in answer.header(name).map { (name, $0) } }
        return Reply(
            status: answer.status, reached: answer.reached, body: answer.body, error: answer.error,
            headers: Dictionary(headers) { $1 })
    }
}

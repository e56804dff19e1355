package import Documents

/// What came back from GitHub, as far as it decides what is done next.
package struct Reply: Equatable, Sendable {
    /// The HTTP status; 0 if there was no answer.
    package let status: Int
    /// False if the request certainly never reached GitHub.
    package let reached: Bool
    package let body: String
    /// Why there was no answer.
    package let error: String
    /// Some headers, by names in lower case.
    package let headers: [String: String]

    /// The headers that decide something.
    package static let telling = [
        "retry-after", "x-ratelimit-remaining", "x-ratelimit-reset", "x-accepted-github-permissions", "etag",
    ]

    package init(
        status: Int, reached: Bool = true, body: String = "", error: String = "", headers: [String: String] = [:]
    ) {
        self.status = status
        self.reached = reached
        self.body = body
        self.error = error
        self.headers = headers
    }

    /// A limit that GitHub sets, and until when.
    package enum Limit: Equatable, Sendable {
        /// The requests of this hour are used up until then.
        case primary(until: Moment)
        /// Too many at once: so many seconds of silence; nil if GitHub does not say how many.
        case secondary(seconds: Int64?)
    }

    /// The limit that this answer speaks of; nil if it speaks of none.
    ///
    /// `retry-after` comes before the hourly count, as GitHub's documentation of rate limits has it.
    package var limit: Limit? {
        guard status == 403 || status == 429 else { return nil }
        if let seconds = headers["retry-after"].flatMap({ Int64($0) }), (0...86_400).contains(seconds) {
            return .secondary(seconds: seconds)
        }
        if headers["x-ratelimit-remaining"] == "0", let reset = headers["x-ratelimit-reset"].flatMap({ Int64($0) }),
            (0...Int64(1 << 40)).contains(reset)
        {
            return .primary(until: Moment(milliseconds: reset * 1000))
        }
        let words = body.lowercased()
        let isSecondary = status == 429 || words.contains("secondary rate limit") || words.contains("abuse detection")
        return isSecondary ? .secondary(seconds: nil) : nil
    }

    /// What GitHub says is wrong, on one line.
    package var reason: String {
        guard status > 0 else { return error.isEmpty ? "no answer" : error }
        let parsed = try? JSON(parsing: body)
        let message =
            parsed?["message"].string ?? body.split(separator: "\n").first.map { String($0.prefix(200)) } ?? ""
        let lacking = headers["x-accepted-github-permissions"].map { "; it takes a token with \($0)" } ?? ""
        return "HTTP \(status)" + (message.isEmpty ? "" : ": \(message)") + (status == 403 ? lacking : "")
    }
}

internal import Documents
internal import Host

/// A service that is asked over HTTP and may want to be asked more slowly.
struct Service {
    /// No slash at the end.
    let url: String
    let secret: Secret

    init(url: String, secret: Secret) {
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.secret = secret
    }

    /// How long a service may make us wait, in seconds, and how often.
    private static let patience = 60.0
    private static let repetitions = 3

    /// Asks, and asks again after `Retry-After` (429, 503) or where there was no answer; any other status is an answer.
    func get(_ path: String, _ header: (name: String, value: String)) throws(Failure) -> HTTPAnswer {
        var request = HTTPRequest("GET", url + path)
        request.headers = [header, ("Accept", "application/json")]
        request.timeoutMilliseconds = 30_000
        request.proxy = true
        var pause = 1.0
        for _ in 0..<Self.repetitions {
            try Interruption.check()
            let answer = request.answer()
            guard [0, 429, 500, 502, 503, 504].contains(answer.status) else { return answer }
            let wanted = answer.header("retry-after").flatMap(Double.init) ?? pause
            guard wanted <= Self.patience else { return answer }
            try Interruption.pause(milliseconds: UInt32(max(wanted, 0.1) * 1000))
            pause *= 2
        }
        return request.answer()
    }

    /// The failure that an answer is, without what it may repeat of the secret and without the query.
    func failure(_ path: String, _ answer: HTTPAnswer) -> Failure {
        let refused = answer.status == 401 || answer.status == 403
        return Failure(
            refused ? .configuration : .dataMissing,
            "GET \(url)\(path.prefix { $0 != "?" }): \(secret.hidden(in: answer.reason))")
    }

    /// What is wrong with a document that came instead of intensities.
    func failure(_ path: String, _ misread: Misread) -> Failure {
        Failure(.dataMissing, "GET \(url)\(path.prefix { $0 != "?" }): \(secret.hidden(in: misread.description))")
    }
}

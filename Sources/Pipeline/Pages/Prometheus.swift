package import Documents
package import Host
internal import Samples

/// A Prometheus, or whatever speaks its HTTP API: https://prometheus.io/docs/prometheus/latest/querying/api/.
package struct Prometheus: Sendable {
    /// The base of its API, with its path prefix if it has one.
    package let endpoint: Endpoint
    /// For one request, in milliseconds.
    package var timeout = 30_000

    package init(_ endpoint: Endpoint) { self.endpoint = endpoint }

    /// What came of a query, or of another call.
    package struct Answer: Sendable {
        /// The member `data`.
        package let data: JSON
        /// Warnings and infos, one line each.
        package let notes: [String]
    }

    /// An instant query: `data` is of the type `vector`, `matrix`, `scalar` or `string`.
    package func query(_ expression: String, at time: Moment) throws(Failure) -> Answer {
        try call(
            "POST", "/api/v1/query", [("query", expression), ("time", Recording.seconds(time.milliseconds))],
            for: expression)
    }

    /// A range query, both ends included: `data` is a `matrix`.
    package func query(
        _ expression: String, from start: Moment, to end: Moment, step milliseconds: Int64
    ) throws(Failure) -> Answer {
        try call(
            "POST", "/api/v1/query_range",
            [
                ("query", expression), ("start", Recording.seconds(start.milliseconds)),
                ("end", Recording.seconds(end.milliseconds)), ("step", Recording.seconds(milliseconds)),
            ], for: expression)
    }

    /// Its version, like `2.42.0`.
    package func version() throws(Failure) -> String {
        let answer = try call("GET", "/api/v1/status/buildinfo", for: "its version")
        guard let version = answer.data["version"].string else {
            throw Failure(.dataMissing, "ask \(endpoint.url) for its version: the answer has none")
        }
        return version
    }

    /// A thing that it scrapes.
    package struct Target: Equatable, Sendable {
        package let labels: [String: String]
        package let isUp: Bool
        /// Why its last scrape failed; empty if it did not.
        package let lastError: String
        /// When it was scraped last; nil if never.
        package let lastScrape: Moment?
        /// The time between two scrapes, in milliseconds; nil if it does not say.
        package let interval: Int64?
    }

    /// What it scrapes.
    package func targets() throws(Failure) -> [Target] {
        let answer = try call("GET", "/api/v1/targets?state=active", for: "its targets")
        return answer.data["activeTargets"].array.map { target in
            Target(
                labels: target["labels"].object.compactMapValues(\.string), isUp: target["health"].string == "up",
                lastError: target["lastError"].string ?? "",
                lastScrape: target["lastScrape"].string.flatMap { Moment($0) }.flatMap {
                    $0.milliseconds > 0 ? $0 : nil
                },
                interval: target["scrapeInterval"].string.flatMap(Lengths.milliseconds(in:)).flatMap {
                    Int64(exactly: $0.rounded())
                })
        }
    }

    /// The scrape interval of the target with these labels, in milliseconds; nil if it has none, or does not say.
    package func interval(of labels: [String: String]) throws(Failure) -> Int64? {
        try targets().first { target in labels.allSatisfy { target.labels[$0.key] == $0.value } }?.interval
    }

    /// Calls for a path with a form, or without one; `what` is for messages.
    func call(
        _ method: String, _ path: String, _ form: [(name: String, value: String)] = [], for what: String
    ) throws(Failure) -> Answer {
        let answer = try request(method, path, form).answer()
        guard answer.status > 0 else { throw failure(what, answer.error) }
        guard let document = try? JSON(parsing: answer.body), document["status"].string != nil else {
            throw failure(what, answer.status == 200 ? "the answer is none of Prometheus'" : answer.reason)
        }
        guard answer.status == 200, document["status"].string == "success" else {
            throw failure(what, Self.reason(answer.status, document["errorType"].string, document["error"].string))
        }
        let notes = ["warnings", "infos"].flatMap { document[$0].array.compactMap(\.string) }
        return Answer(data: document["data"], notes: notes.map(Self.oneLine))
    }

    func request(_ method: String, _ path: String, _ form: [(name: String, value: String)]) throws(Failure)
        -> HTTPRequest
    {
        var request = try endpoint.request(method, path, timeout: timeout)
        if method == "POST" {
            request.headers.append(("Content-Type", "application/x-www-form-urlencoded"))
            request.body = form.map { "\($0.name)=\(HTTPRequest.encoded($0.value))" }.joined(separator: "&")
        }
        return request
    }

    func failure(_ what: String, _ reason: String) -> Failure {
        Failure(.dataMissing, "ask \(endpoint.url) for \(Self.oneLine(what)): \(reason)")
    }

    /// `HTTP 422, execution: many-to-many matching not allowed`.
    static func reason(_ status: Int, _ type: String?, _ error: String?) -> String {
        let words = [status == 200 ? nil : "HTTP \(status)", type].compactMap(\.self).joined(separator: ", ")
        return [words, error.map(oneLine) ?? "it does not say why"].filter { !$0.isEmpty }.joined(separator: ": ")
    }

    static func oneLine(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count > 400 ? line.prefix(400) + "..." : line
    }
}

package import Documents
package import Host
internal import Samples

/// A Prometheus that scrapes an agent: its HTTP API, as far as a window needs it.
///
/// A page of the past is all series of the agent at one scrape. Raw samples carry the scrape's own time, which a range
/// selector in an instant query returns as it is; https://prometheus.io/docs/prometheus/latest/querying/api/.
package struct PrometheusClient: Sendable {
    package let prometheus: Prometheus
    /// The base of its API, with its path prefix if it has one, no slash at the end.
    package var url: String { prometheus.endpoint.url }
    /// The agent's label `instance`; nil if Prometheus scrapes only one.
    package let instance: String?
    /// How long to wait for the next scrape, in milliseconds.
    package var patience: Int64 = 180_000

    package init(_ endpoint: Endpoint, instance: String?) {
        prometheus = Prometheus(endpoint)
        self.instance = instance
    }

    /// One that wants to know nothing of who asks.
    package init(url: String, instance: String?) { self.init(Endpoint(url), instance: instance) }

    /// The agent's page at the first scrape that is not before a moment, as text; `wait` is called between attempts.
    package func page(from moment: Moment, wait: () throws(Failure) -> Void) throws(Failure) -> String {
        var scrape = try firstScrape(from: moment)
        while scrape == nil {
            guard Moment.now - moment < patience else {
                throw Failure(.dataMissing, "ask \(url) for a scrape of the agent after \(moment): there is none")
            }
            try wait()
            scrape = try firstScrape(from: moment)
        }
        let names = "{__name__=~\"(kepler|brahe)_.+|process_start_time_seconds\"\(matcher)}"
        let series = try query(names, at: scrape ?? "0")["result"].array
        guard !series.isEmpty else { throw Failure(.dataMissing, "ask \(url) for \(names): no series") }
        return series.map(Self.line).joined()
    }

    /// The sum over the series of a name with some labels, at a moment; 0 if there are none.
    package func sum(of name: String, _ labels: [String: String], at moment: Moment) throws(Failure) -> Double {
        let matchers = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(Recording.escaped($0.value))\"" }
        let data = try query(
            "sum(\(name){\(matchers.joined(separator: ","))})", at: Recording.seconds(moment.milliseconds))
        return data["result"][0]["value"][1].string.flatMap(Double.init) ?? 0
    }

    /// The time of the first scrape at or after a moment, as Prometheus writes it.
    private func firstScrape(from moment: Moment) throws(Failure) -> String? {
        let now = Moment.now
        // A second more, for a clock of Prometheus that is a little ahead.
        let range = max(now - moment, 0) / 1000 + 2
        let sampled = "brahe_sample_timestamp_seconds"
        let selector = "\(sampled){\(matcher.drop { $0 == "," })}[\(range)s]"
        let result = try query(selector, at: Recording.seconds((now + 1000).milliseconds))["result"].array
        guard result.count < 2 else {
            throw Failure(.dataMissing, "ask \(url) for \(sampled): \(result.count) agents; name one with --instance")
        }
        let times = result.flatMap { $0["values"].array }.compactMap { $0[0].number }
        guard let first = times.filter({ $0 * 1000 >= Double(moment.milliseconds) }).min() else { return nil }
        return Recording.seconds(Int64((first * 1000).rounded()))
    }

    private var matcher: String { instance.map { ",instance=\"\($0)\"" } ?? "" }

    /// The `data` of an instant query.
    private func query(_ expression: String, at time: String) throws(Failure) -> JSON {
        try prometheus.call("POST", "/api/v1/query", [("query", expression), ("time", time)], for: expression).data
    }

    /// One line of a page from one element of a vector.
    private static func line(_ element: JSON) -> String {
        let labels = element["metric"].object.filter { $0.key != "__name__" }.sorted { $0.key < $1.key }
        let pairs = labels.map { "\($0.key)=\"\(Recording.escaped($0.value.string ?? ""))\"" }.joined(separator: ",")
        let name = element["metric"]["__name__"].string ?? ""
        return "\(name){\(pairs)} \(element["value"][1].string ?? "NaN")\n"
    }
}

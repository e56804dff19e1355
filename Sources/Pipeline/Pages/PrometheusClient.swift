package import Documents
package import Host
internal import Samples

/// A Prometheus that scrapes an exporter of energy: its HTTP API, as far as a window needs it.
///
/// A page of the past is all series of the exporter at one scrape. Raw samples carry the scrape's own time, which a range
/// selector in an instant query returns as it is; https://prometheus.io/docs/prometheus/latest/querying/api/.
package struct PrometheusClient: Sendable {
    package let prometheus: Prometheus
    /// The base of its API, with its path prefix if it has one, no slash at the end.
    package var url: String { prometheus.endpoint.url }
    /// The exporter's label `instance`; nil if Prometheus scrapes only one.
    package let instance: String?
    /// How long to wait for the next scrape, in milliseconds.
    package var patience: Int64 = 180_000

    package init(_ endpoint: Endpoint, instance: String?) {
        prometheus = Prometheus(endpoint)
        self.instance = instance
    }

    /// One that wants to know nothing of who asks.
    package init(url: String, instance: String?) { self.init(Endpoint(url), instance: instance) }

    /// A scrape of the exporter that succeeded.
    package struct Success: Equatable, Sendable {
        /// The labels of its target, `instance` and `job`.
        package let target: [String: String]
        /// The time that all samples of it have.
        package let time: Moment
    }

    /// The exporter's page at the first scrape that is not before a moment; `wait` is called between attempts.
    package func page(from moment: Moment, wait: () throws(Failure) -> Void) throws(Failure) -> TimedPage {
        let scrape = try scrape(from: moment, wait: wait)
        let others = Recording.ofExporters.filter { !$0.hasPrefix("kepler_") && !$0.hasPrefix("brahe_") }
        let names = Prometheus.selector(
            of: others.union(["process_start_time_seconds", "(kepler|brahe)_.+"]), scrape.target)
        let series = try query(names, at: scrape.time)["result"].array
        guard !series.isEmpty else { throw Failure(.dataMissing, "ask \(url) for \(names): no series") }
        return TimedPage(series.map(Self.line).joined(), read: scrape.time)
    }

    /// The first scrape of the exporter that succeeded and is not before a moment; `wait` is called between attempts.
    package func scrape(from moment: Moment, wait: () throws(Failure) -> Void) throws(Failure) -> Success {
        while true {
            if let scrape = try firstScrape(from: moment) { return scrape }
            guard Moment.now - moment < patience else {
                let exporter = instance ?? "anything that tells of energy"
                throw Failure(.dataMissing, "ask \(url) for a scrape of \(exporter) after \(moment): there is none")
            }
            try wait()
        }
    }

    /// The sum over the series of a name with some labels, at a moment; 0 if there are none.
    package func sum(of name: String, _ labels: [String: String], at moment: Moment) throws(Failure) -> Double {
        let matchers = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(Recording.escaped($0.value))\"" }
        let data = try query("sum(\(name){\(matchers.joined(separator: ","))})", at: moment)
        return data["result"][0]["value"][1].string.flatMap(Double.init) ?? 0
    }

    private func firstScrape(from moment: Moment) throws(Failure) -> Success? {
        guard let target = try target(at: moment) else { return nil }
        let now = Moment.now
        // A second more, for a clock of Prometheus that is a little ahead.
        let range = max(now - moment, 0) / 1000 + 2
        let samples = try query("\(Prometheus.selector(of: ["up"], target))[\(range)s]", at: now + 1000)
        let times = samples["result"].array.flatMap { $0["values"].array }.compactMap { sample in
            sample[1].string == "1" ? sample[0].number.flatMap { Int64(exactly: ($0 * 1000).rounded()) } : nil
        }
        return times.filter { $0 >= moment.milliseconds }.min().map {
            Success(target: target, time: Moment(milliseconds: $0))
        }
    }

    /// The labels of the one target that tells of energy soon after a moment; nil if none does yet.
    private func target(at moment: Moment) throws(Failure) -> [String: String]? {
        let metrics = Prometheus.selector(of: Recording.ofExporters, instance.map { ["instance": $0] } ?? [:])
        let found = try query("group by (instance, job) (\(metrics))", at: min(Moment.now + 1000, moment + 60_000))
        let targets = found["result"].array.map { $0["metric"].object.compactMapValues(\.string) }
        guard targets.count < 2 else {
            let names = targets.map { "\($0["instance"] ?? "?") of job \($0["job"] ?? "?")" }.sorted()
            throw Failure(
                .dataMissing,
                "ask \(url) for what tells of energy: that do \(names.joined(separator: ", ")); name one with --instance"
            )
        }
        return targets.first
    }

    /// The `data` of an instant query.
    private func query(_ expression: String, at time: Moment) throws(Failure) -> JSON {
        try prometheus.query(expression, at: time).data
    }

    /// One line of a page from one element of a vector.
    private static func line(_ element: JSON) -> String {
        let labels = element["metric"].object.filter { $0.key != "__name__" }.sorted { $0.key < $1.key }
        let pairs = labels.map { "\($0.key)=\"\(Recording.escaped($0.value.string ?? ""))\"" }.joined(separator: ",")
        let name = element["metric"]["__name__"].string ?? ""
        return "\(name){\(pairs)} \(element["value"][1].string ?? "NaN")\n"
    }
}

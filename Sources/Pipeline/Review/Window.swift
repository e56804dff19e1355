public import Exposition

/// What happened between two pages of one agent: by how much each counter rose.
///
/// Amounts are in millionths of the metric's unit, so joules come as microjoules and seconds as microseconds.
public struct Window: Sendable {
    /// How much one counter rose, in millionths of its unit.
    public struct Increase: Sendable, Equatable {
        /// The counter.
        public let identity: Scrape.Identity
        /// By how much it rose.
        public let microunits: UInt64

        /// The counter's metric name.
        public var name: String { identity.name }
        /// The counter's labels.
        public var labels: [String: String] { identity.labels }
    }

    /// The agent's sample at which the window starts, in microseconds of Unix time.
    public let start: UInt64
    /// The agent's sample at which the window ends, in microseconds of Unix time.
    public let end: UInt64
    /// Restarts of the agent plus counters that fell without one; what was counted before them is lost.
    public let resets: Int
    /// Counters of the first page that the second lacks, with the value they had; they rise by 0.
    public let vanished: [Increase]
    /// Where the agent's joules come from: `powercap`, `estimator` or `none`; `unknown` if the page does not say.
    public let source: String
    private let increases: [String: [Increase]]

    /// From start to end, in microseconds; never 0.
    public var microseconds: UInt64 { end - start }

    /// The difference of two pages; throws if they lack their time, their order or their common agent.
    ///
    /// A counter that the first page lacks began inside the window and counts from zero. After a restart all of them
    /// did, so each counts what it has gathered since.
    public init(from first: Scrape, to second: Scrape) throws(WindowError) {
        let sampled = "brahe_sample_timestamp_seconds"
        let started = "process_start_time_seconds"
        guard let start = first.series(named: sampled).first?.amount else { throw .missing(sampled) }
        guard let end = second.series(named: sampled).first?.amount else { throw .missing(sampled) }
        let firstAgent = first.series(named: started).first?.amount
        let secondAgent = second.series(named: started).first?.amount
        let restarted = firstAgent != secondAgent
        // Start times are good to the boot clock's second. An agent older than the window's start did not restart
        // in it: its values from zero would be another window's.
        if restarted, let secondAgent, secondAgent + 2_000_000 < start { throw .anotherAgent }
        guard end > start else { throw .noNewSample }

        var before: [Scrape.Identity: UInt64] = [:]
        for series in first.samples where first.isCounter(series) { before[series.identity] = series.amount }
        var increases: [String: [Increase]] = [:]
        var after: Set<Scrape.Identity> = []
        var fallen = 0
        for series in second.samples where second.isCounter(series) {
            guard let value = series.amount else { continue }
            after.insert(series.identity)
            let base = restarted ? 0 : before[series.identity, default: 0]
            if value < base { fallen += 1 }
            let rise = value < base ? value : value - base
            increases[series.name, default: []].append(Increase(identity: series.identity, microunits: rise))
        }
        self.start = start
        self.end = end
        self.resets = restarted ? 1 : fallen
        self.vanished = first.samples.filter(first.isCounter).compactMap { series in
            guard !after.contains(series.identity), let value = series.amount else { return nil }
            return Increase(identity: series.identity, microunits: value)
        }
        self.source = second.series(named: "brahe_energy_source").first { $0.value == 1 }?.labels["source"] ?? "unknown"
        self.increases = increases
    }

    /// All increases of the counters of that name, in the order of the second page.
    public func increases(named name: String) -> [Increase] {
        increases[name, default: []]
    }

    /// The sum of the increases of that name whose labels pass, in millionths of the unit; 0 if there are none.
    public func sum(named name: String, where passes: ([String: String]) -> Bool = { _ in true }) -> UInt64 {
        increases(named: name).reduce(0) { passes($1.labels) ? $0.addingOrFull($1.microunits) : $0 }
    }
}

/// Why two pages make no window.
public enum WindowError: Error, Equatable, CustomStringConvertible {
    /// A page lacks this metric.
    case missing(String)
    /// The second page's sample is not younger than the first's.
    case noNewSample
    /// The second page comes from an agent that had started before the window and is not the first page's.
    case anotherAgent

    /// One line for people.
    public var description: String {
        switch self {
        case .missing(let metric): "the page has no \(metric)"
        case .noNewSample: "the agent took no sample between the two pages"
        case .anotherAgent: "the two pages come from two different agents"
        }
    }
}

extension Scrape {
    fileprivate func isCounter(_ series: Series) -> Bool {
        types[series.name] == "counter" || series.name.hasSuffix("_total")
    }
}

extension Scrape.Series {
    /// The value in millionths; rounded if the page wrote it with an exponent or with more than six decimals.
    fileprivate var amount: UInt64? {
        if let microunits { return microunits }
        return UInt64(exactly: (value * 1_000_000).rounded())
    }
}

extension UInt64 {
    /// The sum, or the greatest number there is: a page can hold any values, and none may trap.
    func addingOrFull(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}

package import Exposition

/// Raw samples of many series over some time: what a report is made of, and made again from.
///
/// Three series tell of the sources themselves, one each per source, told apart by their label `instance`: `up` (1 at each
/// scrape that succeeded, 0 at one that did not), `process_start_time_seconds` (rises when a source started anew) and, of
/// our agent, `brahe_sample_timestamp_seconds`. Prometheus records the first two of whatever it scrapes; whoever asks
/// agents directly writes them too, with the agent's address as `instance` on every series.
package struct Recording: Equatable, Sendable {
    /// All series, in no particular order.
    package private(set) var series: [Series] = []
    private var places: [Scrape.Identity: Int] = [:]
    private var names: [String: [Int]] = [:]

    /// Nothing yet.
    package init() {}

    /// A recording of these series; the samples of one that comes twice are joined.
    package init(_ series: some Sequence<Series>) {
        for one in series { append(one.samples, to: one.identity) }
    }

    /// All series of that name.
    package subscript(name: String) -> [Series] { names[name, default: []].map { series[$0] } }

    /// The last sample of a series; nil if there is none.
    package func last(of identity: Scrape.Identity) -> Sample? { places[identity].flatMap { series[$0].samples.last } }

    /// When its first and its last sample were taken, in milliseconds of Unix time; nil if there is none.
    package var start: Int64? { series.compactMap { $0.samples.first?.time }.min() }
    package var end: Int64? { series.compactMap { $0.samples.last?.time }.max() }

    /// The names of all metrics.
    package var metrics: Set<String> { Set(names.keys) }

    /// Adds samples to a series, which is made if it is new; those not younger than its last one are left out.
    package mutating func append(_ samples: some Sequence<Sample>, to identity: Scrape.Identity) {
        append(Array(samples), to: identity)
    }

    /// The same for an array: nothing generic is left in it, for there may be millions.
    package mutating func append(_ samples: [Sample], to identity: Scrape.Identity) {
        let place: Int
        if let known = places[identity] {
            place = known
        } else {
            place = series.count
            places[identity] = place
            names[identity.name, default: []].append(place)
            series.append(Series(identity))
        }
        var last = series[place].samples.last?.time ?? .min
        for sample in samples where sample.time > last {
            series[place].samples.append(sample)
            last = sample.time
        }
    }
}

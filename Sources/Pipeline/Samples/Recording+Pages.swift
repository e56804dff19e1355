package import Documents
package import Exposition

/// What a page of an exporter adds to a recording.
extension Recording {
    /// Adds a page that was read at some time (milliseconds of Unix time), with the source's `instance` on every series,
    /// and `up` with it; `only` chooses metrics by name.
    ///
    /// A label `instance` that the page has itself becomes `exported_instance`, as when Prometheus scrapes it.
    package mutating func append(
        page: Scrape, at time: Int64, instance: String, only isWanted: (String) -> Bool = Recording.isWanted(metric:)
    ) {
        for one in page.samples where isWanted(one.name) {
            var labels = one.labels
            if let own = labels["instance"] { labels["exported_instance"] = own }
            labels["instance"] = instance
            append(
                CollectionOfOne(Sample(time: time, value: one.value)),
                to: Scrape.Identity(name: one.name, labels: labels))
        }
        append(up: true, at: time, instance: instance)
    }

    /// Adds whether a source answered at some time.
    package mutating func append(up: Bool, at time: Int64, instance: String) {
        append(
            CollectionOfOne(Sample(time: time, value: up ? 1 : 0)),
            to: Scrape.Identity(name: "up", labels: ["instance": instance]))
    }

    /// Adds everything of another recording.
    package mutating func append(_ other: Recording) {
        for one in other.series { append(one.samples, to: one.identity) }
    }
}

extension Recording {
    /// The first and the last of our agents' own samples that were recorded; nil where there are not two. With several agents
    /// it is the time in which all of them were sampled.
    package var sampled: (first: Moment, last: Moment)? {
        let spans = self["brahe_sample_timestamp_seconds"].compactMap { series -> (Int64, Int64)? in
            guard let first = series.samples.first?.value, let last = series.samples.last?.value else { return nil }
            guard let start = Int64(exactly: (first * 1000).rounded()),
                let end = Int64(exactly: (last * 1000).rounded())
            else { return nil }
            return (start, end)
        }
        guard let start = spans.map(\.0).max(), let end = spans.map(\.1).min(), end > start else { return nil }
        return (Moment(milliseconds: start), Moment(milliseconds: end))
    }
}

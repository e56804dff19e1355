internal import Archive
internal import Documents
internal import Exposition
package import Host
package import Pages
package import Samples

/// Asks an engine for the very samples that were written, and compares.
///
/// A range selector in an instant query returns samples as they are stored, with their own times, in Prometheus and in
/// VictoriaMetrics.
package struct ReadBack: Sendable {
    /// The base of the API below which `/api/v1/query` is.
    package let endpoint: Endpoint
    /// How long to wait until what was written can be read, in milliseconds.
    package var patience: Int64 = 60_000
    /// The greatest relative difference of two values that are the same: VictoriaMetrics stores decimals.
    package static let tolerance = 1e-9
    /// How many samples one answer may have, about.
    private static let slice = 100_000

    package init(_ endpoint: Endpoint) { self.endpoint = endpoint }

    private var url: String { endpoint.url }

    /// Returns once every sample has been read back as it is; throws exit 8 if one is not there while patience lasts, or
    /// has another value.
    package func compare(_ series: [Series]) throws(Failure) {
        var expected: [Series] = []
        for one in series {
            do {
                expected.append(try one.storable())
            } catch {
                throw Failure(.dataMissing, "read back from \(url): \(error)")
            }
        }
        let begin = Moment.now
        for group in Dictionary(grouping: expected, by: \.name).sorted(by: { $0.key < $1.key }).map(\.value) {
            for slice in Self.slices(of: group) {
                while let missing = try missing(of: slice) {
                    guard Moment.now - begin < patience else { throw Failure(.dataMissing, missing) }
                    try Interruption.pause(milliseconds: 250)
                }
            }
        }
    }

    /// The series of one name cut at common times, so that no part has many more samples than an answer should have.
    private static func slices(of group: [Series]) -> [[Series]] {
        guard let (first, last) = span(of: group) else { return [] }
        let count = group.reduce(0) { $0 + $1.samples.count }
        let width = (last - first) / Int64(count / slice + 1) + 1
        return stride(from: first, through: last, by: Int(width)).map { start in
            group.compactMap { one in
                let samples = one.samples.filter { $0.time >= start && $0.time - start < width }
                return samples.isEmpty ? nil : Series(one.identity, samples: samples)
            }
        }
    }

    /// The first and the last time of any of their samples.
    private static func span(of series: [Series]) -> (first: Int64, last: Int64)? {
        guard let first = series.compactMap(\.samples.first?.time).min(),
            let last = series.compactMap(\.samples.last?.time).max()
        else { return nil }
        return (first, last)
    }

    /// What is not there yet, in words; nil if all of it is, as it should be.
    private func missing(of series: [Series]) throws(Failure) -> String? {
        guard let name = series.first?.name, let (first, last) = Self.span(of: series) else { return nil }
        var found: [Scrape.Identity: [Sample]] = [:]
        for one in try Prometheus(endpoint).stored(Self.selector(of: series), from: first, to: last) {
            found[Scrape.Identity(name: name, labels: one.labels)] = one.samples
        }
        var absent: (count: Int, first: String?) = (0, nil)
        for one in series {
            var stored = found[one.identity, default: []][...]
            for sample in one.samples {
                stored = stored.drop { $0.time < sample.time }
                // Where an engine keeps two of one time, none of them may be another value.
                let same = stored.prefix { $0.time == sample.time }
                if same.isEmpty {
                    absent = (absent.count + 1, absent.first ?? "\(one.selector) at \(sample.moment)")
                }
                for other in same where !Self.same(other.value, sample.value) {
                    throw Failure(
                        .dataMissing,
                        "read back from \(url): \(one.selector) at \(sample.moment) is \(other.value), and "
                            + "\(sample.value) was written")
                }
            }
        }
        return absent.first.map { first in
            "read back from \(url): \(first) is not there"
                + (absent.count > 1 ? ", nor are \(absent.count - 1) other samples" : "")
        }
    }

    /// Selects the series by their name and the labels that all of them have in common.
    ///
    /// VictoriaMetrics remembers for ten seconds which series a selector found, also that it found none: the time, excluded as
    /// the value of a label that no series has, makes it another selector.
    private static func selector(of series: [Series]) -> String {
        guard let first = series.first else { return "" }
        let common = first.labels.filter { label in series.allSatisfy { $0.labels[label.key] == label.value } }
        let pairs = common.sorted { $0.key < $1.key }.map { "\($0.key)=\(Series.quoted($0.value))," }
        return "\(first.name){\(pairs.joined())brahe_read!=\"\(Moment.now.milliseconds)\"}"
    }

    private static func same(_ one: Double, _ other: Double) -> Bool {
        one == other || abs(one - other) <= tolerance * max(abs(one), abs(other))
    }
}

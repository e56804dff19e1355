package import Documents
package import Host
package import Samples

/// Raw samples: a range selector in an instant query gives them as they were scraped, with their own times.
extension Prometheus {
    /// How the time is cut into slices, so that neither side holds much at once.
    package struct Slicing: Sendable {
        /// The samples that a slice should have.
        package var samples = 500_000
        /// The length of the first slice, and of the shortest and the longest one, in milliseconds.
        package var first: Int64 = 60_000
        package var shortest: Int64 = 1000
        package var longest: Int64 = 3_600_000

        package init() {}

        /// Slices of one length.
        package init(every milliseconds: Int64) {
            (first, shortest, longest) = (milliseconds, milliseconds, milliseconds)
        }

        /// The next slice's length after one of so many samples.
        func next(after length: Int64, of count: Int) -> Int64 {
            let fitting = Double(length) * min(Double(samples) / Double(max(count, 1)), 8)
            return min(max(Int64(fitting), shortest), longest)
        }
    }

    /// Raw samples, and what Prometheus remarked.
    package struct Samples: Sendable {
        package var recording = Recording()
        /// Warnings and infos, one line each, none twice.
        package var notes: [String] = []
    }

    /// The selector of the metrics that reports are made from, with the labels that these matchers want.
    package static func selector(
        of metrics: some Sequence<String> = Recording.wanted, _ labels: [String: String] = [:]
    ) -> String {
        let matchers = labels.sorted { $0.key < $1.key }.map { ",\($0.key)=\"\(Recording.escaped($0.value))\"" }
        return "{__name__=~\"\(metrics.sorted().joined(separator: "|"))\"\(matchers.joined())}"
    }

    /// All samples of these selectors from one moment to another, both included.
    ///
    /// What Prometheus finds too much for one query is asked again in shorter slices.
    package func samples(
        of selectors: [String], from start: Moment, to end: Moment, slicing: Slicing = Slicing()
    ) throws(Failure) -> Samples {
        var samples = Samples()
        for selector in selectors {
            var length = slicing.first
            var next = start.milliseconds
            while next <= end.milliseconds {
                let last = min(next + (length - 1), end.milliseconds)
                switch try slice(of: selector, from: next, to: last, into: &samples) {
                case .samples(let count):
                    next = last + 1
                    length = slicing.next(after: length, of: count)
                case .tooMany(let failure):
                    guard length > slicing.shortest else { throw failure }
                    length = max(length / 4, slicing.shortest)
                }
            }
        }
        return samples
    }

    /// What came of one slice.
    private enum Slice {
        /// So many samples.
        case samples(Int)
        /// There are too many for one query.
        case tooMany(Failure)
    }

    private func slice(
        of selector: String, from start: Int64, to end: Int64, into samples: inout Samples
    ) throws(Failure) -> Slice {
        // Up to 2.x a range includes its left end, from 3.0 on it does not: a millisecond more, and what it brings left out.
        let form = [("query", "\(selector)[\(end - start + 1)ms]"), ("time", Recording.seconds(end))]
        var slice: [Series] = []
        let reader = MatrixReader { series in slice.append(series) }
        let answer = try request("POST", "/api/v1/query", form).answer(to: reader.feed)
        guard answer.status != 0 else {
            throw failure(
                selector, reader.reason.isEmpty ? answer.error : "the answer makes no sense: \(reader.reason)")
        }
        guard answer.status == 200 else {
            let document = (try? JSON(parsing: answer.body)) ?? .null
            let kind = document["errorType"].string
            let isAnswer = document["status"].string != nil
            let failure = failure(
                selector, isAnswer ? Self.reason(answer.status, kind, document["error"].string) : answer.reason)
            // Too many samples, or too long a time for them.
            if answer.status == 422, kind == "execution" { return .tooMany(failure) }
            if answer.status == 503, kind == "timeout" { return .tooMany(failure) }
            throw failure
        }
        guard reader.end() else { throw failure(selector, "the answer makes no sense: \(reader.reason)") }
        guard reader.status == "success" else {
            throw failure(selector, Self.reason(200, reader.errorType, reader.error))
        }
        guard reader.resultType == "matrix" else {
            throw failure(selector, "the answer is a \(reader.resultType ?? "nothing") and no matrix")
        }
        for series in slice {
            samples.recording.append(
                series.samples.filter { $0.time >= start && $0.time <= end }, to: series.identity)
        }
        for note in reader.notes where !samples.notes.contains(note) { samples.notes.append(note) }
        return .samples(reader.count)
    }
}

package import Documents
internal import Exposition

/// Recordings as OpenMetrics text, which `promtool tsdb create-blocks-from openmetrics` takes too: every sample with its
/// time in seconds, a family's series together, each in the order of time.
///
/// https://prometheus.io/docs/specs/om/open_metrics_spec/. Counters there have names that end with `_total`, so other
/// metrics are of unknown type.
extension Recording {
    /// The whole text.
    package var openMetrics: String {
        var text = ""
        eachPart { text += $0 }
        return text
    }

    /// Hands over the text in parts, each at most a series.
    package func eachPart<Problem>(_ write: (String) throws(Problem) -> Void) throws(Problem) {
        let metrics = metrics
        for name in metrics.sorted() {
            let stem = String(name.dropLast(6))
            // A family and a metric of another may not have one name.
            let isCounter = name.hasSuffix("_total") && !stem.isEmpty && !metrics.contains(stem)
            try write("# TYPE \(isCounter ? stem : name) \(isCounter ? "counter" : "unknown")\n")
            let family = self[name].map { (text: Self.text(of: $0.labels), samples: $0.samples) }
            for one in family.sorted(by: { $0.text < $1.text }) {
                var lines = ""
                for sample in one.samples {
                    lines += "\(name)\(one.text) \(Self.text(of: sample.value)) \(Self.seconds(sample.time))\n"
                }
                try write(lines)
            }
        }
        try write("# EOF\n")
    }

    /// Reads such text; throws the line that is wrong, with the file's name, which is for the message alone.
    package init(openMetrics text: String, of file: String) throws(Misread) {
        self.init()
        let bytes = Array(text.utf8)
        var cursor = OpenMetricsCursor(bytes: bytes)
        var known: (text: ArraySlice<UInt8>, identity: Scrape.Identity)?
        var samples: [Sample] = []
        do throws(ScrapeError) {
            while var line = try cursor.next() {
                if let known, known.text.last == UInt8(ascii: "}"), line.skip(known.text) {
                    samples.append(try Self.sample(&line, after: samples.last))
                    continue
                }
                if let known { append(samples, to: known.identity) }
                let identity = try line.identity()
                known = (line.consumed, identity)
                samples = [try Self.sample(&line, after: last(of: identity))]
            }
        } catch {
            throw Misread("\(file):\(error.line)", error.reason)
        }
        if let known { append(samples, to: known.identity) }
    }

    private static func sample(_ line: inout SampleLine, after last: Sample?) throws(ScrapeError) -> Sample {
        let reading = try line.reading()
        guard let seconds = reading.timestamp else { throw line.error("no timestamp") }
        guard let time = Int64(exactly: (seconds * 1000).rounded()) else {
            throw line.error("timestamp \(seconds) is out of range")
        }
        if let last, time <= last.time { throw line.error("not later than the sample of the series before it") }
        return Sample(time: time, value: reading.value)
    }

    private static func text(of labels: [String: String]) -> String {
        let pairs = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(escaped($0.value))\"" }
        return pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
    }

    /// The text between a label's quotes, in pages and in PromQL alike.
    package static func escaped(_ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func text(of value: Double) -> String {
        value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Inf" : "+Inf") : "\(value)"
    }

    /// Seconds with three decimals.
    package static func seconds(_ milliseconds: Int64) -> String {
        let (whole, rest) = milliseconds.magnitude.quotientAndRemainder(dividingBy: 1000)
        return "\(milliseconds < 0 ? "-" : "")\(whole).\(String(1000 + rest).dropFirst())"
    }
}

/// Goes through the lines of a text up to its `# EOF`.
private struct OpenMetricsCursor {
    let bytes: [UInt8]
    private var position = 0
    private var number = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The next line of a sample; nil at the end. Throws where the text ends without having said so.
    mutating func next() throws(ScrapeError) -> SampleLine? {
        while position < bytes.endIndex {
            let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
            let line = bytes[position..<end]
            position = min(end + 1, bytes.endIndex)
            number += 1
            let sample = SampleLine(line, number: number)
            if sample.isComment {
                guard line.elementsEqual("# EOF".utf8) else { continue }
                guard position == bytes.endIndex else {
                    throw SampleLine([], number: number + 1).error("text after # EOF")
                }
                return nil
            }
            if !sample.isEmpty { return sample }
        }
        throw SampleLine([], number: number).error("ends without # EOF: it is not whole")
    }
}

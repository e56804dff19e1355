internal import Exposition
package import Samples

/// What remote write 1.0 sends: series in protobuf, packed as one block of snappy.
///
/// https://prometheus.io/docs/specs/prw/remote_write_spec/. Both are written here and not by a library: four messages of
/// two fields each, and literals only, are 40 lines, less than the C that would call protobuf-c and libsnappy, and the
/// pipeline sends a few hundred bytes a run; the raw samples of a run, if asked for, go uncompressed.
package enum WriteRequest {
    /// The headers that go with it.
    package static let headers: [(name: String, value: String)] = [
        ("Content-Type", "application/x-protobuf"), ("Content-Encoding", "snappy"),
        ("X-Prometheus-Remote-Write-Version", "0.1.0"),
    ]

    /// The request's body for these series, whose samples are in the order of time.
    package static func body(_ series: [Series]) -> [UInt8] { snappy(message(series)) }

    /// `WriteRequest{timeseries = 1}` of `TimeSeries{labels = 1, samples = 2}`; labels by their names, the metric's name
    /// among them as `__name__`.
    static func message(_ series: [Series]) -> [UInt8] {
        var request = Message()
        for one in series {
            var message = Message()
            let labels = one.labels.merging(["__name__": one.name]) { $1 }.filter { !$0.value.isEmpty }
            for (name, value) in labels.sorted(by: { $0.key < $1.key }) {
                var label = Message()
                label.add(1, Array(name.utf8))
                label.add(2, Array(value.utf8))
                message.add(1, label.bytes)
            }
            for sample in one.samples {
                var pair = Message()
                pair.add(1, sample.value)
                pair.add(2, UInt64(bitPattern: sample.time))
                message.add(2, pair.bytes)
            }
            request.add(1, message.bytes)
        }
        return request.bytes
    }

    /// Snappy's block format with literals of at most 64 KiB: the length, then each literal behind a tag that says how
    /// long it is; https://github.com/google/snappy/blob/main/format_description.txt.
    static func snappy(_ bytes: [UInt8]) -> [UInt8] {
        var block: [UInt8] = []
        block.reserveCapacity(bytes.count + bytes.count / 10_000 + 16)
        Message.append(UInt64(bytes.count), to: &block)
        for start in stride(from: 0, to: bytes.count, by: 1 << 16) {
            let literal = bytes[start..<min(start + 1 << 16, bytes.count)]
            // 61 in the upper six bits: the length less one is in the next two bytes.
            let length = literal.count - 1
            block += [61 << 2, UInt8(length & 0xff), UInt8(length >> 8)]
            block += literal
        }
        return block
    }
}

/// A message of protobuf; https://protobuf.dev/programming-guides/encoding/.
private struct Message {
    var bytes: [UInt8] = []

    /// A field of bytes, text or a message.
    mutating func add(_ field: UInt64, _ content: [UInt8]) {
        Self.append(field << 3 | 2, to: &bytes)
        Self.append(UInt64(content.count), to: &bytes)
        bytes += content
    }

    /// A field of a double.
    mutating func add(_ field: UInt64, _ value: Double) {
        Self.append(field << 3 | 1, to: &bytes)
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
        }
    }

    /// A field of an int64.
    mutating func add(_ field: UInt64, _ number: UInt64) {
        Self.append(field << 3, to: &bytes)
        Self.append(number, to: &bytes)
    }

    /// Seven bits a byte, the lowest first; the eighth says that more follow.
    static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var rest = number
        while rest > 0x7f {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

import Documents
import Host
import Samples
import Testing

@testable import Pages

/// The reader of large answers against the reader of small ones.
@Suite struct MatrixReaderTests {
    /// An answer with members in any order, and some that nobody asked for.
    private static func answer(_ random: inout SplitMix64) -> String {
        func object(_ members: [String]) -> String { "{\(members.shuffled(using: &random).joined(separator: ", "))}" }
        let texts = [#""a""#, #""\u00e9 \ud83d\ude00""#, #""\"}],\\ \n""#, #""雨""#, #""""#]
        let values = [
            "1", "NaN", "+Inf", "-Inf", "1e+06", "-0.5", "394", "4.9406564584124654e-324", "123456789.123456",
        ]
        let series = (0..<Int.random(in: 0...4, using: &random)).map { number in
            let labels = ["__name__", "pod", "z"].map { "\"\($0)\": \(texts.randomElement(using: &random) ?? "")" }
            let samples = (0..<Int.random(in: 0...5, using: &random)).map {
                "[\(1_664_037_900 + 15 * $0).\(Int.random(in: 0...999, using: &random)),"
                    + " \"\(values.randomElement(using: &random) ?? "")\"]"
            }
            return object([
                "\"metric\": " + object(labels + ["\"number\": \"\(number)\""]),
                "\"values\": [\(samples.joined(separator: ","))]",
                #""histograms": [[1, {"count": "3", "values": [[1, "2"]], "buckets": []}]]"#,
            ])
        }
        return object([
            #""status": "success""#, #""warnings": ["w1", "w2"]"#, #""infos": ["i"]"#,
            #""more": {"status": "no", "data": [1]}"#,
            #""data": "#
                + object([
                    #""resultType": "matrix""#, #""stats": {"result": [{"metric": {"x": 3}}]}"#,
                    "\"result\": [\(series.joined(separator: ", "))]",
                ]),
        ])
    }

    /// Reads a text in pieces of any length.
    private static func read(_ bytes: [UInt8], _ random: inout SplitMix64) -> (
        series: [Series], reader: MatrixReader, isWhole: Bool
    ) {
        final class Taken { var series: [Series] = [] }
        let taken = Taken()
        let reader = MatrixReader { taken.series.append($0) }
        var rest = bytes[...]
        var isGood = true
        while !rest.isEmpty, isGood {
            let piece = rest.prefix(Int.random(in: 1...40, using: &random)).map { CChar(bitPattern: $0) }
            isGood = piece.withUnsafeBufferPointer { reader.feed($0) }
            rest = rest.dropFirst(piece.count)
        }
        return (taken.series, reader, isGood && reader.end())
    }

    @Test func bothReadersReadTheSame() throws {
        var random = SplitMix64(state: 42)
        for _ in 0..<150 {
            let text = Self.answer(&random)
            let document = try JSON(parsing: text)
            let small = try QueryResult(Prometheus.Answer(data: document["data"], notes: []))
            let large = Self.read(Array(text.utf8), &random)
            #expect(large.isWhole && large.reader.status == "success" && large.reader.resultType == "matrix")
            #expect(large.reader.notes.sorted() == ["i", "w1", "w2"])
            #expect(large.series.map(\.identity) == small.series.map(\.identity))
            // No number is equal to one that is none.
            func bits(_ series: [Series]) -> [[String]] { series.map { $0.samples.map { "\($0.time) \($0.value)" } } }
            #expect(bits(large.series) == bits(small.series))
            #expect(large.reader.count == small.series.reduce(0) { $0 + $1.samples.count })
        }
    }

    @Test func whatIsBrokenIsRefusedAndNeverTraps() {
        var random = SplitMix64(state: 43)
        var refused = 0
        for _ in 0..<1000 {
            var bytes = Array(Self.answer(&random).utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = Array("[]{},:\"0e\\x".utf8).randomElement(using: &random) ?? 0
                case 1: bytes.removeSubrange(place..<min(place + 5, bytes.count))
                default: bytes[place] = UInt8.random(in: 0...255, using: &random)
                }
            }
            let read = Self.read(bytes, &random)
            guard !read.isWhole else { continue }
            #expect(!read.reader.reason.isEmpty)
            refused += 1
        }
        #expect(refused > 300)
        // Nothing but brackets is soon too much.
        let deep = Self.read(Array(repeating: UInt8(ascii: "["), count: 100_000), &random)
        #expect(!deep.isWhole)
    }
}

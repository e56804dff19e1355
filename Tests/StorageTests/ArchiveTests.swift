import Archive
import Documents
import Exposition
import Results
import Samples
import Testing

@Suite struct ArchiveTests {
    @Test func aRunBecomesOneSamplePerGaugeAtTheEndOfItsWindow() throws {
        let end = try #require(Moment("2026-11-21T08:20:00.000Z"))
        let document = aDocument(ending: end)
        let series = try History.series(of: document)
        #expect(Set(series.map(\.name)) == Set(History.names))
        #expect(series.allSatisfy { $0.samples.count == 1 && $0.samples[0].time == end.milliseconds })
        let scopes = series.filter { $0.name == "green_review_energy_joules" }.map { $0.labels["scope"] }
        #expect(scopes == ["project", "workload", "node"])
        let texts = series.map { "\($0.selector) \($0.samples[0].value)" }
        let labels =
            "{config=\"modern-ebpf\",org=\"falcosecurity\",project=\"falco\",run_id=\"\(document.runId)\""
        #expect(texts.contains("green_review_energy_joules\(labels),scope=\"project\",version=\"0.41.1\"} 7867.5075"))
        #expect(texts.contains("green_review_duration_seconds\(labels),version=\"0.41.1\"} 900.0"))
    }

    @Test func onlyARunThatSucceededIsStored() {
        #expect(!History.isStorable(RunDocument(runId: "r", status: .failed)))
        var document = aDocument()
        document.status = .invalid
        #expect(throws: Misread("status", "only a run that succeeded and has results is stored, not invalid")) {
            try History.series(of: document)
        }
        document.status = .succeeded
        document.startTime = document.endTime
        #expect(throws: Misread("end_time", "is not after start_time")) { try History.series(of: document) }
    }

    @Test func namesThatPrometheusDoesNotAllowAreRefused() {
        func storable(_ name: String, _ label: String = "a") throws -> Series {
            try Series(Scrape.Identity(name: name, labels: [label: "b"])).storable()
        }
        for good in ["up", "_a:b", "A9"] { #expect(throws: Never.self) { try storable(good) } }
        for bad in ["", "9a", "a-b", "a b", "é"] {
            #expect(throws: Misread("", "\"\(bad)\" is no name of a metric")) { try storable(bad) }
        }
        for bad in ["a:b", "__name__", "0"] { #expect(throws: Misread.self) { try storable("up", bad) } }
    }

    @Test func aLiteralOfSnappyAndAMessageOfProtobufAreTheseBytes() {
        let series = Series(
            Scrape.Identity(name: "up", labels: ["a": "b", "none": ""]), samples: [Sample(time: 300, value: 1)])
        let message: [UInt8] =
            [10, 38, 10, 14, 10, 8] + Array("__name__".utf8) + [18, 2] + Array("up".utf8)
            + [10, 6, 10, 1] + Array("a".utf8) + [18, 1] + Array("b".utf8)
            + [18, 12, 9, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 16, 0xac, 2]
        #expect(WriteRequest.body([series]) == [UInt8(message.count), 61 << 2, UInt8(message.count - 1), 0] + message)
    }

    @Test func partsHaveAtMostSoManySamplesAndLoseNone() {
        let all = counters(7, seconds: 300, ending: Moment(milliseconds: 1_000_000_000)).series
        for limit in [1, 5, 21, 22, 1000] {
            let parts = all.parts(of: limit)
            #expect(parts.allSatisfy { part in part.reduce(0) { $0 + $1.samples.count } <= limit })
            #expect(Recording(parts.joined()) == Recording(all))
        }
    }
}

import Archive
import Documents
import Exposition
import Glibc
import Host
import Pages
import Samples
import Storage
import Testing

@Suite(.serialized) struct BackfillTests {
    /// A run of two days ago: its gauges and its raw samples.
    private static func old() throws -> [Series] {
        let end = Moment.now + -172_800_000
        return try counters(20, seconds: 900, ending: end).series + History.series(of: aDocument(ending: end))
    }

    @Test func blocksOfAnOldRunReadBackFromPrometheus() throws {
        try #require(Engine.Kind.prometheus.isHere)
        let folder = try scratch()
        defer { remove(folder: folder) }
        let series = try Self.old()
        var backfill = Backfill(folder: folder + "/data")
        #expect(try backfill.add(series) == 20 * 61 + 10)
        let engine = try Engine(.prometheus, folder: folder)
        try ReadBack(Endpoint(engine.url)).compare(series)
        // Now it is in use, and its head takes neither these samples nor may blocks have young ones.
        #expect(throws: Failure.self) { try RemoteWrite(Endpoint(engine.url)).push(series) }
        let young = counters(1, seconds: 60, ending: .now + -10_000_000).series
        #expect {
            try backfill.add(young)
        } throws: { error in
            (error as? Failure)?.exit == .configuration
                && (error as? Failure)?.message.contains("the last 3 hours") == true
        }
        backfill.isLive = false
        #expect(try backfill.add(young) == 5)
    }

    @Test func victoriaMetricsTakesAnOldRunRemotelyAndAsAPage() throws {
        try #require(Engine.Kind.victoriaMetrics.isHere)
        let engine = try Engine(.victoriaMetrics)
        let series = try Self.old()
        #expect(try LongTermStorage(Endpoint(engine.url)).store(series) == 20 * 61 + 10)
        let imported = series.map { one in
            Series(Scrape.Identity(name: "imported_" + one.name, labels: one.labels), samples: one.samples)
        }
        var request = HTTPRequest("POST", engine.url + "/api/v1/import/prometheus")
        request.body = try imported.flatMap { one in
            let one = try one.storable()
            return one.samples.map { "\(one.selector) \($0.value) \($0.time)\n" }
        }.joined()
        #expect(request.answer().status == 204)
        try ReadBack(Endpoint(engine.url)).compare(imported)
    }

    @Test func whatPromtoolCannotDoIsOneLine() throws {
        let old = try Self.old()
        let failures: [(folder: String, promtool: String, failure: Failure)] = [
            (
                "/proc/nowhere", "promtool",
                Failure(
                    .dataMissing,
                    "backfill /proc/nowhere with promtool: create output dir: mkdir /proc/nowhere: no such file or directory"
                )
            ),
            (
                "/tmp", "no-promtool",
                Failure(.configuration, "backfill /tmp: no-promtool is not there; it comes with Prometheus")
            ),
        ]
        for (folder, promtool, failure) in failures {
            var backfill = Backfill(folder: folder)
            backfill.promtool = promtool
            #expect(throws: failure) { try backfill.add(old) }
        }
    }
}

import Documents
import Foundation
import Glibc
import StandIns
import Testing

/// `--store`: a run is kept for years, or it has not succeeded.
@Suite(
    .enabled(if: Here.canLoadProbe && PrometheusUnderTest.isHere, "needs root, kernel BTF and Debian's prometheus"),
    .serialized)
struct StorageOfRunsTests {
    /// A VictoriaMetrics of the test's own.
    private final class Victoria {
        static var isHere: Bool { access("/usr/bin/victoria-metrics", X_OK) == 0 }
        let url: String
        private let folder: Scratch
        private let running: Running

        init() throws {
            folder = try Scratch()
            let port = try Here.freePort()
            url = "http://127.0.0.1:\(port)"
            running = try Running(
                "/usr/bin/victoria-metrics",
                [
                    "-storageDataPath=\(folder("data"))", "-httpListenAddr=127.0.0.1:\(port)", "-retentionPeriod=1y",
                    "-search.latencyOffset=0s",
                ])
            let health = url + "/health"
            try running.await("an answer") { (try? Curl(health))?.status == 200 }
        }
    }

    /// The one value of an expression, as `brahe query` tells it.
    private func value(_ expression: String, _ url: String, at time: String) throws -> Double? {
        let query = try brahe(["query", expression, "--prometheus", url, "--at", time, "--json"])
        let result = try JSON(parsing: query.outputText)["result"].array
        return result.count == 1 ? result[0]["values"][0]["value"].number : nil
    }

    /// Checks the gauges of the latest run, as an engine has them, against its report.
    private func checkStored(_ pipeline: PipelineUnderTest, _ url: String) throws {
        let report = try ReportUnderTest(pipeline.folder("runs/\(pipeline.runs.last ?? "")/run.json"))
        for scope in ["project", "node"] {
            let energy = report.scope(scope)["energy"]
            let labels = "project=\"shop\",org=\"acme\",version=\"1.10\",scope=\"\(scope)\""
            let joules = try value("green_review_energy_joules{\(labels)}", url, at: report.end)
            #expect(joules == energy["gross_J"].number && joules != nil, "\(scope)")
            let watts = try value("green_review_power_watts{\(labels)}", url, at: report.end)
            #expect(abs((watts ?? 0) / (energy["mean_W"].number ?? .nan) - 1) < 1e-9)
        }
        let seconds = try value("green_review_duration_seconds{project=\"shop\"}", url, at: report.end)
        #expect(abs((seconds ?? 0) - report.seconds) < 1e-6)
        #expect(try value("green_review_info{status=\"succeeded\"}", url, at: report.end) == 1)
    }

    @Test(.enabled(if: Here.hasV1("cpuacct"), "needs cpuacct"))
    func aRunIsReadBackFromPrometheusAndLaterFromVictoriaMetrics() throws {
        let pipeline = try PipelineUnderTest(processes: true)
        let prometheus = try ReportPrometheus(["--web.enable-remote-write-receiver"])
        pipeline.ends(try pipeline.start("pipeline", ["--store", prometheus.url, "--store-samples"]))
        let run = try #require(pipeline.runs.last)
        let report = try pipeline.report()
        #expect(report["status"] == "succeeded")
        try checkStored(pipeline, prometheus.url)
        let end = try #require(report["end_time"].string)
        // The samples are there, as they were taken.
        let kept = pipeline.text("samples.om").split(separator: "\n").filter {
            $0.hasPrefix("brahe_zone_joules_total{")
        }.count
        let stored = try value("sum(count_over_time(brahe_zone_joules_total[5m]))", prometheus.url, at: "\(Moment.now)")
        #expect(kept > 0 && stored == Double(kept), "\(kept) samples of \(end)")
        // Storing it again is no error.
        let again = try brahe(["report", run, "--runs", pipeline.folder("runs"), "--store", prometheus.url])
        #expect(again.errorText.contains("samples are stored in \(prometheus.url)"), "\(again.errorText)")
        try pipeline.checkIsEmpty()
        // And it is in the lists of runs.
        let trend = try brahe(
            ["trend", "--project", "shop", "--runs", pipeline.folder("runs"), "--scope", "node", "--json"])
        let version = try JSON(parsing: trend.outputText)["trends"][0]["versions"][0]
        let joules = PipelineUnderTest.scope("node", in: report)["energy"]["gross_J"].number
        #expect(version["version"] == "1.10" && version["mean"].number == joules, "\(trend.outputText)")
        guard Victoria.isHere else { return }
        let victoria = try Victoria()
        try brahe(["report", run, "--runs", pipeline.folder("runs"), "--store", victoria.url])
        try checkStored(pipeline, victoria.url)
    }

    @Test func aRunThatIsNotStoredHasNotSucceeded() throws {
        let pipeline = try PipelineUnderTest()
        // One where nobody listens, and one that takes everything and keeps nothing.
        let keeping = try ReportPrometheus()
        let port = try Here.freePort()
        let sink = try Running(
            "/usr/bin/python3",
            [
                "-c",
                """
                import http.server
                class Handler(http.server.BaseHTTPRequestHandler):
                    def do_POST(self):
                        self.rfile.read(int(self.headers["Content-Length"]))
                        self.send_response(204)
                        self.end_headers()
                    def log_message(self, *_): pass
                http.server.HTTPServer(("127.0.0.1", \(port)), Handler).serve_forever()
                """,
            ])
        try sink.await("an answer") { (try? Curl("http://127.0.0.1:\(port)/", ["--data", ""]))?.status == 204 }
        let cases = [
            (["--store", "http://127.0.0.1:1"], "write to http://127.0.0.1:1"),
            (["--store", keeping.url, "--store-write", "http://127.0.0.1:\(port)/write"], "is not there"),
        ]
        for (options, reason) in cases {
            let run = pipeline.ends(
                try pipeline.start(
                    "pipeline", options + ["--store-timeout", "1s"],
                    environment: ["GITHUB_STEP_SUMMARY": pipeline.folder("summary.md")]), with: 8)
            #expect(run.errorText.contains(reason), "\(run.errorText)")
            let report = try pipeline.report()
            #expect(report["status"] == "invalid", "\(options)")
            #expect(report["failure"].string?.contains(reason) == true, "\(report["failure"])")
            // What was measured is in it all the same, and what people read says so too.
            #expect(report["results"]["energy"]["gross_J"].number ?? 0 > 0)
            #expect(pipeline.text("report.txt").contains("invalid"), "\(pipeline.text("report.txt"))")
            let sums = try Running(
                "/bin/sh",
                [
                    "-c",
                    "cd \(pipeline.folder("runs/\(pipeline.runs.last ?? "")")) && sha256sum --check --quiet SHA256SUMS",
                ])
            #expect(sums.wait() == 0, "\(sums.errorText)")
            #expect(try pipeline.status()["may_be_in_cluster"] == false)
            try pipeline.checkIsEmpty()
        }
        let summary = (try? String(contentsOfFile: pipeline.folder("summary.md"), encoding: .utf8)) ?? ""
        #expect(!summary.contains("succeeded"), "\(summary)")
        let list = try brahe(["runs", "--runs", pipeline.folder("runs"), "--status", "invalid", "--json"])
        #expect(try JSON(parsing: list.outputText)["runs"].array.count == 2)
        let none = try brahe(["runs", "--runs", pipeline.folder("runs"), "--status", "succeeded"])
        #expect(none.outputText == "no such runs\n")
    }
}

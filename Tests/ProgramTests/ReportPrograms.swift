import Documents
import Foundation
import Glibc
import Testing

/// Runs `brahe` to its end and checks its exit code; what fails says one line and nothing of a crash.
@discardableResult
func brahe(
    _ arguments: [String], ends code: Int32 = 0, _ location: SourceLocation = #_sourceLocation
) throws -> Running {
    let running = try Running(Here.program("brahe"), arguments)
    let ended = running.wait()
    #expect(ended == code, "\(arguments): \(running.outputText)\(running.errorText)", sourceLocation: location)
    return running
}

/// A real Prometheus that scrapes what it is told to, twice a second if nothing else is said.
final class ReportPrometheus {
    let url: String
    let folder: Scratch
    private let running: Running
    /// Options of curl, as another way in.
    private let access: [String]

    /// Starts it, and waits until each job, by its name, has scraped its target.
    init(
        jobs: [String: UInt16] = [:], every interval: String = "500ms", _ arguments: [String] = [], prefix: String = "",
        scheme: String = "http",
        access: [String] = []
    ) throws {
        folder = try Scratch()
        self.access = access
        var configuration = "global: {scrape_interval: \(interval), scrape_timeout: \(interval)}\nscrape_configs:\n"
        for (job, port) in jobs.sorted(by: { $0.key < $1.key }) {
            configuration += "  - {job_name: \(job), static_configs: [{targets: ['127.0.0.1:\(port)']}]}\n"
        }
        try folder.write("prometheus.yml", jobs.isEmpty ? "global: {}\n" : configuration)
        let port = try Here.freePort()
        url = "\(scheme)://127.0.0.1:\(port)\(prefix)"
        running = try Running(
            "/usr/bin/prometheus",
            [
                "--config.file=\(folder("prometheus.yml"))", "--storage.tsdb.path=\(folder("data"))",
                "--web.listen-address=127.0.0.1:\(port)",
            ] + arguments)
        try running.await("an answer") { (try? Curl(url + "/-/ready", access))?.status == 200 }
        guard !jobs.isEmpty else { return }
        try running.await("the scrapes") {
            (try? json("sum(up)"))?["data"]["result"][0]["value"][1].string == "\(jobs.count)"
        }
    }

    deinit {
        kill(running.pid, SIGTERM)
        _ = running.wait()
    }

    /// The answer to an instant query.
    func json(_ expression: String) throws -> JSON {
        let answer = try Curl(
            url + "/api/v1/query", access + ["--get", "--data-urlencode", "query=\(expression)"])
        return try JSON(parsing: answer.text)
    }
}

/// What `--json` and `run.json` have.
struct ReportUnderTest {
    let json: JSON

    init(_ path: String) throws { json = try JSON(parsing: String(contentsOfFile: path, encoding: .utf8)) }

    var start: String { json["start_time"].string ?? "" }
    var end: String { json["end_time"].string ?? "" }

    /// The measured window, in seconds.
    var seconds: Double {
        guard let start = Moment(start), let end = Moment(end) else { return .nan }
        return Double(end - start) / 1000
    }

    /// What was scored.
    var energy: JSON { json["results"]["energy"] }

    /// What a scope used.
    func scope(_ name: String) -> JSON { PipelineUnderTest.scope(name, in: json) }

    /// The consumer of a level that has these labels; null where there is none or more than one.
    func consumer(_ level: String, _ labels: [String: String]) -> JSON {
        let found = json["results"]["consumers"].array.filter { one in
            one["level"].string == level && labels.allSatisfy { one["labels"][$0.key].string == $0.value }
        }
        return found.count == 1 ? found[0] : .null
    }
}

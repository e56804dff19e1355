import Foundation
import Testing

/// GitHub for a test, and a state for the trigger that is tested against it.
final class GitHubStandIn {
    let folder: Scratch
    let url: String
    private let server: Running

    static let secret = "ghp_nobody-must-ever-see-this"
    static let workflow = "/repos/o/r/actions/workflows/benchmark-pipeline.yaml"
    static let falco = "/repos/falcosecurity/falco/releases/latest"

    /// Starts it with answers for paths and a model of runs, both in JSON.
    init(routes: String = "{}", runs: String = "{}", projects: String? = nil) throws {
        folder = try Scratch()
        let script = try folder.write(
            "script.json", "{\"token\": \"\(Self.secret)\", \"routes\": \(routes), \"runs\": \(runs)}")
        try folder.write(
            "projects.json", projects ?? #"{"projects": [{"name": "falco", "organization": "falcosecurity"}]}"#)
        try folder.write("token", Self.secret + "\n")
        let program = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "StandIns/github.py").path
        let server = try Running("/usr/bin/python3", [program, script, folder("log")])
        try server.await("a port") { server.outputText.hasSuffix("\n") }
        self.server = server
        url = "http://127.0.0.1:" + server.outputText.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A release of Falco as GitHub shows it.
    static func release(_ tag: String, etag: String = "W/\"abc\"") -> String {
        #"{"body": {"id": 1, "tag_name": "\#(tag)", "draft": false, "prerelease": false, "#
            + #""created_at": "2025-06-03T08:00:00Z"}, "etag": \#(String(reflecting: etag))}"#
    }

    /// Starts `brahe trigger` with short times; arguments that are given twice count by the last.
    func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Running {
        let usual = [
            "trigger", "--github-api", url, "--repository", "o/r", "--ref", "main", "--state", folder("state"),
            "--projects", folder("projects.json"), "--poll", "30ms", "--look-time", "400ms", "--quiet-time", "1s",
            "--write-pause", "20ms", "--start-timeout", "20s", "--max-wait", "5s",
        ]
        let known = ["GITHUB_TOKEN": Self.secret, "GITHUB_STEP_SUMMARY": ""]
        return try Running(
            Here.program("brahe"), usual + arguments, environment: known.merging(environment) { $1 })
    }

    /// Runs it to its end.
    func trigger(_ arguments: [String] = [], code: Int32 = 0, _ location: SourceLocation = #_sourceLocation) throws
        -> Running
    {
        let running = try start(arguments)
        let ended = running.wait()
        #expect(ended == code, "\(running.outputText)\(running.errorText)", sourceLocation: location)
        return running
    }

    /// The requests so far.
    var requests: [[String: Any]] {
        let text = (try? String(contentsOfFile: folder("log"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap {
            (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]
        }
    }

    /// The requests with a method to a path, without its query.
    func requests(_ method: String, _ path: String) -> [[String: Any]] {
        requests.filter {
            $0["method"] as? String == method
                && ($0["path"] as? String)?.split(separator: "?").first.map(String.init) == path
        }
    }

    /// How many dispatches were asked for.
    var dispatches: Int { requests("POST", Self.workflow + "/dispatches").count }

    /// The runs that there are, the oldest first.
    func runs() throws -> [(title: String, status: String, conclusion: String?)] {
        let answer = try JSONSerialization.jsonObject(with: Curl(url + Self.workflow + "/runs").body) as? [String: Any]
        let runs = try #require(answer?["workflow_runs"] as? [[String: Any]])
        return runs.reversed().map {
            // Without the second space that an empty configuration leaves.
            (
                ($0["display_title"] as? String ?? "").replacing("  ", with: " "), $0["status"] as? String ?? "",
                $0["conclusion"] as? String
            )
        }
    }

    /// The runs' conclusions once all of them have ended.
    func conclusions() throws -> [String] {
        for _ in 0..<200 {
            let runs = try runs()
            if runs.allSatisfy({ $0.status == "completed" }) {
                return runs.map { "\($0.title): \($0.conclusion ?? "")" }
            }
            usleep(50_000)
        }
        throw Missing(what: "the end of all runs")
    }

    /// The trigger's state.
    var state: String { (try? String(contentsOfFile: folder("state/trigger.json"), encoding: .utf8)) ?? "" }

    /// The statuses of the attempts in the state.
    var statuses: [String] {
        let state = (try? JSONSerialization.jsonObject(with: Data(state.utf8))) as? [String: Any]
        let attempts = state?["attempts"] as? [[String: Any]] ?? []
        return attempts.map { "\($0["status"] ?? "") \($0["conclusion"] ?? "")".trimmingCharacters(in: .whitespaces) }
    }
}

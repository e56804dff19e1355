import Foundation
import Testing

/// A world of files in which runs are rehearsed; see `Rehearsal.swift`.
final class RunUnderTest {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "brahe-world-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Starts a process that works on a run.
    func start(_ options: [String] = [], environment: [String: String] = [:]) throws -> Running {
        try Running(
            Here.program("Rehearsal"), [path] + options,
            environment: environment.merging(["GITHUB_STEP_SUMMARY": path + "/summary.md"]) { one, _ in one })
    }

    /// Takes up the only run there is; returns what the process ended with.
    func resume(_ options: [String] = [], environment: [String: String] = [:]) throws -> Running {
        try start(["--run", runs.first ?? ""] + options, environment: environment)
    }

    var runs: [String] { names("runs") }
    /// What is in the cluster.
    var cluster: [String] { names("cluster") }
    var isLeased: Bool { FileManager.default.fileExists(atPath: path + "/lease") }
    /// What was done, one `RUN STEP` a line.
    var trace: [Substring] { text("trace").split(separator: "\n") }
    /// Whether the first run's report passes for a good one; nil if there is none.
    var isReportValid: Bool? {
        guard let run = runs.first, let data = FileManager.default.contents(atPath: "\(path)/runs/\(run)/run.json"),
            let report = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        else { return nil }
        return report["valid"] as? Bool
    }

    func text(_ name: String) -> String { (try? String(contentsOfFile: path + "/" + name, encoding: .utf8)) ?? "" }

    /// What `brahe status` says of the first run.
    func status() throws -> [String: Any] {
        let brahe = try Running(
            Here.program("brahe"), ["status", runs.first ?? "", "--runs", path + "/runs", "--json"])
        try #require(brahe.wait() == 0, "\(brahe.errorText)")
        return try #require(JSONSerialization.jsonObject(with: Data(brahe.outputText.utf8)) as? [String: Any])
    }

    /// Checks that nothing is left of any run, and that the report is right or marked, as the exit code says.
    func checkIsClean(_ code: Int32, _ circumstances: Comment) throws {
        #expect(cluster.isEmpty, circumstances)
        #expect(!isLeased, circumstances)
        #expect(try status()["may_be_in_cluster"] as? Bool == false, circumstances)
        #expect(isReportValid == (code == 0), circumstances)
        // The lock is free and nothing stands in the way of the next run.
        #expect(try start().wait() == 0, circumstances)
    }

    private func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path + "/" + folder)) ?? []).sorted()
    }
}

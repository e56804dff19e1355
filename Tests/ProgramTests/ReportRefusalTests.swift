import Documents
import Foundation
import Glibc
import Testing

/// What makes no sense is said in one line, with the exit code that the README names, and nothing crashes.
@Suite(.serialized) struct ReportRefusalTests {
    private let folder: Scratch

    init() throws {
        folder = try Scratch()
        for name in ["empty", "runs/2026-broken", "runs/2026-old"] {
            try FileManager.default.createDirectory(
                atPath: folder(name), withIntermediateDirectories: true)
        }
        try folder.write("runs/2026-broken/run.json", "{\"schema\": \"greenreview.run/v1\", \"status\": ")
        try folder.write("runs/2026-old/run.json", "{\"schema\": \"brahe.run/v0\", \"status\": \"succeeded\"}")
        try folder.write("nothing.om", "# EOF\n")
        try folder.write("page", "kepler_container_joules_total{pod_name=\"a\"} 1\n")
        try folder.write("garbage", "\u{0}\u{1} no page {{{ 1e999\n")
        try folder.write("one.om", "up{instance=\"a\"} 1 1700000000\n# EOF\n")
        try folder.write(
            "huge.om",
            """
            up{instance="a"} 1 1700000000
            up{instance="a"} 1 1700000060
            kepler_node_package_joules_total{instance="a",mode="dynamic"} 1e308 1700000000
            kepler_node_package_joules_total{instance="a",mode="dynamic"} -1e308 1700000060
            # EOF

            """)
        try folder.write("truth.json", "[1, 2")
        try folder.write("other.json", "{\"a\": 1}")
        try folder.write("secret", "\n")
    }

    /// Runs each line, with `%` for the folder, and checks its code and that it says one line with these words.
    private func check(_ cases: [(String, Int32, String)]) throws {
        for (line, code, words) in cases {
            let arguments = line.split(separator: " ").map { String($0).replacing("%", with: folder.path) }
            let running = try Running(Here.program("brahe"), arguments)
            let killed = running.wasKilled()
            #expect(!killed, "brahe \(line): \(running.errorText)")
            let ended = running.wait()
            #expect(ended == code, "brahe \(line): \(running.outputText)\(running.errorText)")
            #expect(running.errorText.split(separator: "\n").count == 1, "brahe \(line): \(running.errorText)")
            #expect(running.errorText.contains(words), "brahe \(line): \(running.errorText)")
        }
    }

    private static let nowhere = "--prometheus http://127.0.0.1:1"

    @Test func reportsOptionsAndTimes() throws {
        let report = "report \(Self.nowhere)"
        let now = "2026-11-21T08:05:00Z"
        try check([
            ("report --agent http://a --prometheus http://b", 2, "excludes"),
            ("report --agent http://a --file %/one.om", 2, "excludes"),
            ("report --agent ftp://a", 2, "ftp://a"), ("report --agent http://", 2, "http://"),
            ("report --agent http://u:p@127.0.0.1:1", 2, "***@"),
            ("report --agent http://127.0.0.1:1 --from \(now)", 2, "does not know the past"),
            ("report --agent http://127.0.0.1:1 --for 0s", 2, "a window of nothing"),
            ("report --agent http://127.0.0.1:1 --for -3s", 2, "option --for"),
            ("report --agent http://127.0.0.1:1 --for 1e400d", 2, "option --for"),
            ("report --agent http://127.0.0.1:1 --for nans", 2, "option --for"),
            ("report --agent http://127.0.0.1:1 --for 1s", 3, "http://127.0.0.1:1"),
            ("report --agent http://127.0.0.1:1 --instance x", 2, "option --instance"),
            ("\(report) --from \(now) --to \(now)", 2, "ends before it begins"),
            ("\(report) --from \(now) --to 2020-01-01T00:00:00Z", 2, "ends before it begins"),
            ("\(report) --from \(now) --to \(now) --for 1h", 2, "one too many"),
            ("\(report) --from yesterday", 2, "option --from: yesterday"),
            ("\(report) --from 2026-13-41T08:05:00Z", 2, "option --from"),
            ("\(report) --from 9999-12-31T23:59:59Z", 2, "ends before it begins"),
            ("\(report) --to 0001-01-01T00:00:00Z --for 30d", 8, "127.0.0.1:1"),
            ("\(report) --baseline \(now)", 2, "option --baseline"),
            ("\(report) --baseline \(now)/\(now)", 2, "option --baseline"),
            ("\(report) --pod shop", 2, "option --pod"), ("\(report) --pod a/b/c", 2, "option --pod"),
            ("\(report) --platform-watts -1", 2, "option --platform-watts"),
            ("\(report) --platform-watts nan", 2, "option --platform-watts"),
            ("\(report) --json %/nowhere/report.json", 2, "nowhere"),
            ("\(report) --folder %/one.om", 3, "one.om"), ("\(report) --ca-file %/nowhere", 3, "nowhere"),
            ("\(report) --user alice", 2, "belong together"), ("\(report) --store http://127.0.0.1:2", 2, "--store"),
            ("\(report) --verify", 2, "--verify"),
            ("\(report) --token-file %/secret --for 1m", 3, "first line is empty"),
            ("\(report) --for 5m", 8, "127.0.0.1:1"), ("\(report) --for", 2, "wants a value"),
            ("\(report) --for 5m extra", 2, "is for a window"), ("report a b", 2, "report takes one run"),
        ])
    }

    @Test func reportsFilesAndRuns() throws {
        try check([
            ("report --file %/nowhere.om", 3, "nowhere.om"), ("report --file %/nothing.om", 8, "nothing.om"),
            ("report --file %/garbage", 8, "garbage"), ("report --file %/one.om", 8, "one.om"),
            ("report --file %/page", 8, "page"), ("report --file %/empty", 3, "empty"),
            ("report --file %/huge.om --zone nonsense", 8, "nonsense"),
            ("report --file %/huge.om --zone package+core", 8, "cannot be added"),
            ("report %/runs/2026-broken", 3, "run.json"), ("report %/runs/2026-old", 3, "run.json"),
            ("report %/truth.json", 3, "truth.json"), ("report %/other.json", 3, "other.json"),
            ("report --verify %/truth.json", 3, "truth.json"), ("report %/nowhere.json", 3, "nowhere.json"),
            ("report --runs %/runs 2025", 3, "2025"), ("report --runs %/runs ../../etc", 3, "etc"),
            ("report %/runs/2026-old --backfill %/empty", 3, "run.json"),
            ("report %/runs/2026-old --for 1m", 2, "option --for"),
            ("report %/runs/2026-old --store-write http://a", 3, "run.json"),
        ])
        // A counter beyond every number is no energy, and no crash.
        let huge = try Running(Here.program("brahe"), ["report", "--file", folder("huge.om")])
        #expect(!huge.wasKilled() && [0, 8].contains(huge.wait()), "\(huge.outputText)\(huge.errorText)")
        let verify = try brahe(["report", "--verify", folder("other.json")], ends: 8)
        #expect(verify.outputText.contains("other.json: "))
    }

    @Test func queriesAndListsAndComparisons() throws {
        let query = "query \(Self.nowhere)"
        try check([
            ("query", 2, "query wants one expression"), ("query a b", 2, "query wants one expression"),
            ("\(query) up --at never", 2, "option --at: never"), ("\(query) up --at 1e30", 2, "option --at"),
            ("\(query) up --at nan", 2, "option --at"), ("\(query) up --at 1 --for 1h", 2, "excludes"),
            ("\(query) up --from 5 --to 4", 2, "has nothing in it"), ("\(query) up --step 0s", 2, "option --step"),
            ("\(query) up --from 1 --to 2 --for 3s", 2, "one is too many"),
            ("\(query) up --json --plot", 2, "excludes"),
            ("\(query) up --unit furlong", 8, "127.0.0.1:1"), ("\(query) up{} --instance a", 2, "option --instance"),
            ("query up --prometheus nowhere", 2, "nowhere"), ("\(query) up", 8, "127.0.0.1:1"),
            ("runs --runs %/nowhere", 3, "nowhere"), ("runs --status great --runs %/runs", 2, "option --status"),
            ("runs --since tomorrow --runs %/runs", 2, "option --since"), ("runs extra --runs %/runs", 2, "extra"),
            ("runs --since 9999999999999999d --runs %/runs", 2, "option --since"),
            ("trend --runs %/runs", 2, "--project"), ("trend --project shop --runs %/nowhere", 3, "nowhere"),
            ("trend --project shop --runs %/runs", 8, "shop"),
            ("trend --project shop --metric joy --runs %/runs", 2, "option --metric"),
            ("trend --project shop --scope galaxy --runs %/runs", 2, "option --scope"),
            ("compare", 2, "at least two arms"), ("compare %/runs", 2, "at least two arms"),
            ("compare %/nowhere %/empty --runs %/runs", 3, "nowhere"), ("compare a=%/empty b=%/empty", 3, "empty"),
            ("compare %/truth.json %/other.json", 3, "truth.json"),
            ("compare a=%/other.json b=%/garbage", 3, "other.json"),
            ("compare --by size --runs %/runs", 2, "option --by"), ("compare --by config a b", 2, "excludes"),
            ("compare --by config --runs %/empty", 3, "no run that fits"),
            ("compare a b --margin 200", 2, "option --margin"), ("compare a b --margin nan", 2, "option --margin"),
            ("compare a b --project shop", 2, "--by"), ("compare a=%/page b=%/page", 3, "page"),
        ])
    }
}

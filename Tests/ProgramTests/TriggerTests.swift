import Foundation
import Testing

/// What `brahe trigger` dispatches, against a stand-in for GitHub.
@Suite(.serialized) struct TriggerTests {
    /// One dispatch, whatever the newest release is.
    private static let once = ["--project", "falco", "--config", "ebpf", "--version", "0.41.1"]
    private static let posts = "POST " + GitHubStandIn.workflow + "/dispatches"

    /// A row of the table of answers to a dispatch.
    struct Row: Sendable, CustomTestStringConvertible {
        let answer: String
        var runs = "{}"
        var options: [String] = []
        let code: Int32
        let dispatches: Int
        let started: Int
        let words: String
        var testDescription: String { answer + runs }
    }

    private static let table = [
        Row(answer: "{}", code: 0, dispatches: 1, started: 1, words: "started, run 11538800001, https://github.test/"),
        Row(answer: "{}", runs: #"{"details": false}"#, code: 0, dispatches: 2, started: 1, words: "run 11538800001"),
        Row(
            answer: "{}", runs: #"{"details": false, "titled": false, "earlier": ["old"]}"#, code: 0, dispatches: 2,
            started: 2, words: "run 11538800001"),
        Row(
            answer: #"{"status": 422, "body": {"message": "No ref found for: main"}}"#, code: 5, dispatches: 1,
            started: 0, words: "No ref found for: main"),
        Row(
            answer: #"{"status": 422, "body": {"message": "Unexpected inputs provided: [\"config\"]"}}"#, code: 5,
            dispatches: 1, started: 0, words: "Unexpected inputs"),
        Row(
            answer: #"{"status": 422, "body": {"message": "Workflow does not have 'workflow_dispatch' trigger"}}"#,
            code: 5, dispatches: 1, started: 0, words: "does not have 'workflow_dispatch'"),
        Row(
            answer: #"{"status": 401, "body": {"message": "Bad credentials"}}"#, code: 5, dispatches: 1, started: 0,
            words: "Bad credentials"),
        Row(
            answer:
                #"{"status": 403, "headers": {"X-Accepted-GitHub-Permissions": "actions=write"}, "#
                + #""body": {"message": "Resource not accessible by personal access token"}}"#,
            code: 5, dispatches: 1, started: 0, words: "it takes a token with actions=write"),
        Row(
            answer: #"{"status": 404, "body": {"message": "Not Found"}}"#, code: 5, dispatches: 1, started: 0,
            words: "no such workflow"),
        Row(
            answer: #"{"status": 429, "headers": {"Retry-After": "1"}}"#, code: 0, dispatches: 2, started: 1,
            words: "started, run"),
        Row(
            answer: #"{"status": 403, "headers": {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "now+1"}}"#,
            code: 0, dispatches: 2, started: 1, words: "started, run"),
        Row(
            answer: #"{"status": 403, "headers": {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "now+900"}}"#,
            code: 5, dispatches: 1, started: 0, words: "not before 20"),
        Row(
            answer: #"{"status": 429, "headers": {"Retry-After": "60"}}"#, code: 5, dispatches: 1, started: 0,
            words: "not before 20"),
        Row(answer: #"{"status": 502, "accept": true}"#, code: 0, dispatches: 1, started: 1, words: "started, run"),
        Row(
            answer: #"{"lost": true, "accept": true}"#, runs: #"{"list_lag_ms": 200}"#, code: 0, dispatches: 1,
            started: 1, words: "started, run"),
        Row(
            answer: #"{"delay_ms": 1500, "status": 204, "accept": true}"#, options: ["--request-timeout", "300ms"],
            code: 0, dispatches: 1, started: 1, words: "started, run"),
        Row(
            answer: #"{"lost": true}"#, code: 5, dispatches: 1, started: 0, words: "a run may have started"),
        Row(
            answer: #"{"status": 500}"#, code: 5, dispatches: 1, started: 0, words: "a run may have started"),
    ]

    @Test(arguments: table) func anAnswerIsTakenForWhatItMeans(_ row: Row) throws {
        let github = try GitHubStandIn(routes: #"{"\#(Self.posts)": [\#(row.answer)]}"#, runs: row.runs)
        let brahe = try github.trigger(Self.once + row.options, code: row.code)
        #expect(github.dispatches == row.dispatches)
        #expect(try github.runs().count == row.started)
        let said = brahe.outputText + brahe.errorText
        #expect(said.contains("falco ebpf 0.41.1: "), "\(said)")
        #expect(said.contains(row.words), "\(said)")
    }

    @Test func whatWasNeverStartedIsDispatchedAgainOnlyAfterAQuietTime() throws {
        let github = try GitHubStandIn(routes: #"{"\#(Self.posts)": [{"lost": true}]}"#)
        _ = try github.trigger(Self.once + ["--quiet-time", "3s"], code: 5)
        #expect(github.statuses == ["unknown"])
        _ = try github.trigger(Self.once + ["--quiet-time", "3s"], code: 5)
        #expect(github.dispatches == 1)
        usleep(2_500_000)
        _ = try github.trigger(Self.once + ["--quiet-time", "3s"])
        #expect(github.dispatches == 2)
        #expect(try github.runs().count == 1)
        #expect(github.statuses == ["dropped", "started"])
    }

    @Test func aRunThatShowsUpLateIsNotDispatchedAgain() throws {
        let github = try GitHubStandIn(
            routes: #"{"\#(Self.posts)": [{"lost": true, "accept": true}]}"#, runs: #"{"list_lag_ms": 1500}"#)
        _ = try github.trigger(Self.once, code: 5)
        usleep(1_000_000)
        _ = try github.trigger(Self.once)
        #expect(github.dispatches == 1)
        #expect(try github.runs().count == 1)
    }

    @Test func aKnownReleaseCostsOneConditionalRequest() throws {
        let github = try GitHubStandIn(
            routes: #"{"GET \#(GitHubStandIn.falco)": [\#(GitHubStandIn.release("0.41.1"))]}"#)
        _ = try github.trigger(["--wait", "completed"])
        #expect(github.statuses == ["completed success"])
        let body = try #require(github.requests("POST", GitHubStandIn.workflow + "/dispatches").first?["body"])
        #expect(
            body as? NSDictionary
                == [
                    "ref": "main", "inputs": ["cncf_project": "falco", "version": "0.41.1"], "return_run_details": true,
                ] as NSDictionary)
        let before = github.requests.count
        let again = try github.trigger()
        #expect(again.outputText.hasPrefix("falco 0.41.1: measured already"), "\(again.outputText)")
        #expect(github.requests.count == before + 1)
        #expect(github.requests.last?["if_none_match"] as? String == "W/\"abc\"")
        #expect(github.requests.allSatisfy { $0["authorized"] as? Bool == true })
    }

    @Test func aQuestionIsAskedAgainWhenThereWasNoAnswer() throws {
        let release = GitHubStandIn.release("1.0")
        let answers = #"{"status": 429, "headers": {"Retry-After": "1"}}, {"lost": true}, {"status": 503}, \#(release)"#
        let github = try GitHubStandIn(routes: #"{"GET \#(GitHubStandIn.falco)": [\#(answers)]}"#)
        _ = try github.trigger()
        #expect(github.requests("GET", GitHubStandIn.falco).count == 4)
        #expect(github.dispatches == 1)
    }

    @Test func threeConfigurationsEndAsThreeRuns() throws {
        let projects =
            #"{"projects": [{"name": "falco", "organization": "falcosecurity", "configs": ["a", "b", "c"]}]}"#
        let github = try GitHubStandIn(
            routes: #"{"GET \#(GitHubStandIn.falco)": [\#(GitHubStandIn.release("1.0"))]}"#, projects: projects)
        let brahe = try github.trigger()
        #expect(brahe.outputText.split(separator: "\n").count == 3)
        #expect(try github.conclusions() == ["falco a 1.0: success", "falco b 1.0: success", "falco c 1.0: success"])
        #expect(github.dispatches == 3)
        // The daily trigger sees what became of them and has nothing to do.
        _ = try github.trigger()
        #expect(github.dispatches == 3)
        #expect(github.statuses == ["completed success", "completed success", "completed success"])
    }

    @Test func dispatchedAllAtOnceOneOfThemIsLost() throws {
        let github = try GitHubStandIn(runs: #"{"duration_ms": 500}"#)
        for configuration in ["a", "b", "c"] {
            let body =
                #"{"ref": "main", "inputs": {"cncf_project": "falco", "config": "\#(configuration)", "version": "1"}}"#
            let answer = try Curl(github.url + GitHubStandIn.workflow + "/dispatches", ["-d", body])
            #expect(answer.status == 204)
        }
        #expect(try github.conclusions() == ["falco a 1: success", "falco b 1: cancelled", "falco c 1: success"])
    }

    @Test func aWaitingRunOfSomebodyElseIsNotDisplaced() throws {
        let github = try GitHubStandIn(runs: #"{"duration_ms": 700}"#)
        for configuration in ["a", "b"] {
            let body =
                #"{"ref": "main", "inputs": {"cncf_project": "x", "config": "\#(configuration)", "version": "1"}}"#
            _ = try Curl(github.url + GitHubStandIn.workflow + "/dispatches", ["-d", body])
        }
        let brahe = try github.trigger(Self.once)
        #expect(brahe.errorText.contains("still waits"), "\(brahe.errorText)")
        #expect(try github.conclusions() == ["x a 1: success", "x b 1: success", "falco ebpf 0.41.1: success"])
    }

    @Test func aDroppedRunIsAskedForAgainButNotForEver() throws {
        let github = try GitHubStandIn(runs: #"{"drop": [1, 3, 4]}"#)
        _ = try github.trigger(Self.once)
        #expect(github.statuses == ["dropped", "started"])
        let brahe = try github.trigger(Self.once + ["--tries", "2"], code: 5)
        #expect(brahe.errorText.contains("GitHub dropped 2 runs"), "\(brahe.errorText)")
        #expect(github.dispatches == 4)
    }

    @Test func aRunThatDoesNotBeginKeepsTheOthersBack() throws {
        let projects =
            #"{"projects": [{"name": "falco", "organization": "falcosecurity", "configs": ["a", "b", "c"]}]}"#
        let github = try GitHubStandIn(
            routes: #"{"GET \#(GitHubStandIn.falco)": [\#(GitHubStandIn.release("1.0"))]}"#,
            runs: #"{"start_ms": 60000}"#, projects: projects)
        let brahe = try github.trigger(["--start-timeout", "300ms"], code: 5)
        let lines = brahe.errorText.split(separator: "\n").filter { $0.contains("1.0: ") }
        #expect(lines.count == 3, "\(brahe.errorText)")
        #expect(github.dispatches == 1)
    }

    @Test func aRunThatIsGoneIsNotWaitedFor() throws {
        let github = try GitHubStandIn(
            routes: #"{"GET /repos/o/r/actions/runs/11538800001": [{"status": 404, "body": {"message": "Not Found"}}]}"#
        )
        let brahe = try github.trigger(Self.once, code: 5)
        #expect(brahe.errorText.contains("run 11538800001 ended: gone"), "\(brahe.errorText)")
        #expect(github.statuses == ["completed gone"])
    }

    @Test func whatFailedIsTriedAgainAFewTimes() throws {
        let github = try GitHubStandIn(
            routes: #"{"GET \#(GitHubStandIn.falco)": [\#(GitHubStandIn.release("1.0"))]}"#,
            runs: #"{"fail": [1, 2, 3]}"#)
        let first = try github.trigger(["--wait", "completed", "--tries", "2"], code: 5)
        #expect(first.errorText.contains("ended: failure"), "\(first.errorText)")
        _ = try github.trigger(["--wait", "completed", "--tries", "2"], code: 5)
        let third = try github.trigger(["--wait", "completed", "--tries", "2"], code: 5)
        #expect(third.errorText.contains("--force tries again"), "\(third.errorText)")
        #expect(github.dispatches == 2)
        _ = try github.trigger(["--wait", "completed", "--force"], code: 5)
        _ = try github.trigger(["--wait", "completed", "--force", "--repeat", "2"])
        #expect(github.dispatches == 5)
        #expect(github.statuses.suffix(2) == ["completed success", "completed success"])
    }

    @Test func oneProjectThatFailsDoesNotStopTheOthers() throws {
        let projects = #"""
            {"projects": [{"name": "gone", "organization": "falcosecurity"},
              {"name": "falco", "organization": "falcosecurity", "repository": "falco"},
              {"name": "two", "organization": "o", "repository": "mono", "tag_pattern": "two-*",
                "version_template": "${TAG#two-}"}]}
            """#
        let list = #"""
            [{"tag_name": "one-9", "created_at": "2025-06-09T00:00:00Z"},
             {"tag_name": "two-3", "prerelease": true, "created_at": "2025-06-08T00:00:00Z"},
             {"tag_name": "two-2", "created_at": "2025-06-07T00:00:00Z"},
             {"tag_name": "two-1", "created_at": "2025-06-06T00:00:00Z"}]
            """#
        let github = try GitHubStandIn(
            routes: #"""
                {"GET \#(GitHubStandIn.falco)": [{"status": 301, "headers": {"Location": "/repositories/1/releases/latest"}}],
                 "GET /repositories/1/releases/latest": [\#(GitHubStandIn.release("1.0"))],
                 "GET /repos/o/mono/releases": [{"body": \#(list)}]}
                """#, projects: projects)
        let summary = try github.folder.write("summary.md", "before\n")
        let brahe = try github.start([], environment: ["GITHUB_STEP_SUMMARY": summary])
        #expect(brahe.wait() == 5)
        #expect(brahe.errorText.contains("brahe: gone: GET "), "\(brahe.errorText)")
        #expect(try github.conclusions() == ["falco 1.0: success", "two 2: success"])
        let text = try String(contentsOfFile: summary, encoding: .utf8)
        #expect(text.hasPrefix("before\n### brahe trigger"), "\(text)")
        #expect(text.contains("| ✅ | two 2 | started, run"), "\(text)")
        #expect(text.contains("| ❌ | gone | "), "\(text)")
    }

    @Test func aReleaseWithoutATagIsNoVersion() throws {
        let github = try GitHubStandIn(
            routes:
                #"{"GET \#(GitHubStandIn.falco)": [{"body": {"tag_name": null, "created_at": "2025-06-09T00:00:00Z"}}]}"#
        )
        let brahe = try github.trigger(code: 5)
        #expect(brahe.errorText.contains("tag_name: is missing"), "\(brahe.errorText)")
        #expect(github.dispatches == 0)
    }
}

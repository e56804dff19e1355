import Foundation
import Glibc
import Testing

/// What `brahe trigger` remembers, shows, and survives.
@Suite(.serialized) struct TriggerLifeTests {
    private static let once = ["--project", "falco", "--config", "ebpf", "--version", "0.41.1"]
    private static let posts = "POST " + GitHubStandIn.workflow + "/dispatches"

    @Test func killedBetweenTheIntentAndTheRequestThereIsOneRun() throws {
        let github = try GitHubStandIn()
        _ = try github.trigger(Self.once + ["--wait", "none"])
        // A pause before the next request: the intent is written down and nothing is sent.
        let next = ["--project", "falco", "--config", "kmod", "--version", "0.41.1"]
        let killed = try github.start(next + ["--write-pause", "20s"])
        try killed.await("the intent") { github.statuses.contains("intended") }
        kill(killed.pid, SIGKILL)
        #expect(killed.wait() == SIGKILL)
        #expect(github.dispatches == 1)
        _ = try github.trigger(next, code: 5)
        usleep(1_000_000)
        _ = try github.trigger(next)
        #expect(try github.conclusions() == ["falco ebpf 0.41.1: success", "falco kmod 0.41.1: success"])
    }

    @Test func killedBetweenTheRequestAndItsAnswerThereIsOneRun() throws {
        let github = try GitHubStandIn(
            routes: #"{"\#(Self.posts)": [{"status": 204, "accept": true, "delay_ms": 5000}]}"#)
        let killed = try github.start(Self.once)
        try killed.await("the request") { github.dispatches == 1 }
        kill(killed.pid, SIGKILL)
        #expect(killed.wait() == SIGKILL)
        #expect(github.statuses == ["intended"])
        _ = try github.trigger(Self.once)
        #expect(github.dispatches == 1)
        #expect(try github.conclusions() == ["falco ebpf 0.41.1: success"])
    }

    @Test func nothingIsDispatchedThatCannotBeWrittenDown() throws {
        let github = try GitHubStandIn()
        // Where the new state would be written there is a folder.
        try FileManager.default.createDirectory(
            atPath: github.folder("state/trigger.json.new"), withIntermediateDirectories: true)
        let brahe = try github.trigger(Self.once, code: 8)
        #expect(brahe.errorText.contains("trigger.json.new"), "\(brahe.errorText)")
        #expect(brahe.errorText.split(separator: "\n").count == 1)
        #expect(github.dispatches == 0)
    }

    @Test func twoTriggersAtOnceDispatchOnce() throws {
        let github = try GitHubStandIn(
            routes: #"{"GET \#(GitHubStandIn.falco)": [\#(GitHubStandIn.release("1.0"))]}"#)
        let both = try [github.start([]), github.start([])]
        #expect(both.map { $0.wait() } == [0, 0])
        #expect(github.dispatches == 1)
    }

    @Test func whoWillNotWaitForAnotherTriggerEndsWithFour() throws {
        let github = try GitHubStandIn(runs: #"{"start_ms": 60000}"#)
        let holder = try github.start(Self.once)
        try holder.await("a dispatch") { github.dispatches == 1 }
        let impatient = try github.trigger(Self.once + ["--max-wait", "1ms"], code: 4)
        #expect(impatient.errorText.contains("another trigger uses the state"), "\(impatient.errorText)")
        kill(holder.pid, SIGTERM)
        #expect(holder.wait() == 143)
        #expect(github.statuses == ["dispatched"])
    }

    @Test func theTokenIsNowhereToBeSeen() throws {
        let github = try GitHubStandIn(
            routes: #"{"\#(Self.posts)": [{"status": 401, "delay_ms": 500, "body": {"message": "Bad credentials"}}]}"#)
        let brahe = try github.start(
            Self.once + ["--token-file", github.folder("token")], environment: ["GITHUB_TOKEN": ""])
        try brahe.await("a request") { github.dispatches == 1 }
        let line = try String(contentsOfFile: "/proc/\(brahe.pid)/cmdline", encoding: .utf8)
        #expect(line.contains("--token-file"))
        #expect(brahe.wait() == 5)
        #expect(github.requests.allSatisfy { $0["authorized"] as? Bool == true })
        for text in [line, brahe.outputText, brahe.errorText, github.state] {
            #expect(!text.contains(GitHubStandIn.secret))
        }
        let plan = try github.trigger(["--plan"])
        #expect(!plan.outputText.contains(GitHubStandIn.secret))
    }

    @Test func aPlanAsksNobody() throws {
        let github = try GitHubStandIn()
        let plan = try github.trigger(["--plan"])
        #expect(plan.outputText.contains("GET \(github.url)\(GitHubStandIn.falco)"), "\(plan.outputText)")
        #expect(plan.outputText.contains("POST \(github.url)\(GitHubStandIn.workflow)/dispatches"))
        #expect(plan.outputText.contains(#"{"inputs":{"cncf_project":"falco","version":"VERSION"},"ref":"main","#))
        #expect(github.requests.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: github.folder("state")))
    }

    @Test func theDailyRoundBeginsAtItsTimeAndAtTheLowestForecast() throws {
        let github = try GitHubStandIn(
            routes: #"{"GET \#(GitHubStandIn.falco)": [\#(GitHubStandIn.release("1.0"))]}"#)
        let format = DateFormatter()
        format.timeZone = TimeZone(identifier: "UTC")
        func text(_ date: Date, _ pattern: String) -> String {
            format.dateFormat = pattern
            return format.string(from: date)
        }
        // Whole seconds from now: a dear one, a cheap one that nobody measured, and a cheap one.
        let at = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 + 2).rounded(.up))
        let slots: [(Double, String)] = [(0, "300"), (1, "null"), (2, "100"), (3, "200"), (4, "200")]
        let forecast = slots.map { offset, intensity in
            let date = text(at + offset, "yyyy-MM-dd'T'HH:mm:ss'Z'")
            return #"{"datetime": "\#(date)", "carbonIntensity": \#(intensity)}"#
        }
        let file = try github.folder.write("forecast.json", "{\"forecast\": [\(forecast.joined(separator: ","))]}")
        let brahe = try github.start([
            "--watch", "--at", text(at, "HH:mm:ss'Z'"), "--window", "4s", "--forecast", file, "--duration", "1s",
        ])
        try brahe.await("the first request") { !github.requests.isEmpty }
        let first = try #require(github.requests.first?["time"] as? Double) - at.timeIntervalSince1970
        #expect((2.0...3.5).contains(first), "\(first) s after the time")
        try brahe.await("the end of the round") { brahe.outputText.contains("started, run") }
        #expect(brahe.errorText.contains("100 g/kWh"), "\(brahe.errorText)")
        kill(brahe.pid, SIGTERM)
        #expect(brahe.wait() == 143)
    }

    @Test func aRunHereThatFailsIsNotMeasured() throws {
        let github = try GitHubStandIn(
            routes: #"{"GET \#(GitHubStandIn.falco)": [\#(GitHubStandIn.release("1.0"))]}"#)
        let local = ["--local", "--tries", "2", "--", "--no-such-option"]
        let brahe = try github.trigger(local, code: 2)
        #expect(brahe.errorText.contains("falco 1.0: the pipeline ended with 2"), "\(brahe.errorText)")
        #expect(github.statuses == ["completed exit 2"])
        _ = try github.trigger(local, code: 2)
        _ = try github.trigger(local, code: 7)
        #expect(github.statuses == ["completed exit 2", "completed exit 2"])
    }

    /// Whether brahe knows the command that runs here.
    private static var hasPipeline: Bool {
        guard let brahe = try? Running(Here.program("brahe"), ["--help"]) else { return false }
        return brahe.wait() == 0 && brahe.outputText.contains("\n  pipeline ")
    }

    @Test(.enabled(if: hasPipeline)) func aRunHereThatEndsWithZeroIsMeasured() throws {
        let github = try GitHubStandIn(
            routes: #"{"GET \#(GitHubStandIn.falco)": [\#(GitHubStandIn.release("1.0"))]}"#)
        // What follows the dashes is the pipeline's: it shows its help and ends well.
        let brahe = try github.trigger(["--local", "--", "--help"])
        #expect(brahe.outputText.contains("usage: brahe pipeline"), "\(brahe.outputText)")
        #expect(github.statuses == ["completed success"])
        let again = try github.trigger(["--local", "--", "--help"])
        #expect(again.outputText == "falco 1.0: measured already\n")
    }

    @Test(arguments: [
        ["--config", "x"], ["--project", "a/b"], ["--wait", "long"], ["--repeat", "0"], ["--at", "08:00Z"],
        ["--watch", "--at", "8:00"], ["--watch", "--window", "1h"], ["--state", "configmap:x"], ["--repository", "r"],
        ["extra"],
    ])
    func wrongOptionsAreOneLineAndExitTwo(_ arguments: [String]) throws {
        let github = try GitHubStandIn()
        let brahe = try github.trigger(arguments, code: 2)
        #expect(brahe.errorText.split(separator: "\n").count == 1, "\(brahe.errorText)")
    }

    @Test func aWrongListOfProjectsIsOneLineAndExitThree() throws {
        let github = try GitHubStandIn(projects: #"{"projects": [{"name": "falco"}]}"#)
        let brahe = try github.trigger(code: 3)
        #expect(brahe.errorText.contains("projects[0].organization: is missing"), "\(brahe.errorText)")
        #expect(brahe.errorText.split(separator: "\n").count == 1)
    }

    /// The emulated cluster's program, and the kubectls of this machine.
    private static let cluster = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "StandIns/cluster.py").path
    private static let kubectls = [
        [".build/kubernetes-client/usr/bin/kubectl"],
        ["/usr/lib/google-cloud-sdk/bin/kubectl.1.33", "/usr/bin/kubectl"],
    ].compactMap { $0.first { FileManager.default.isExecutableFile(atPath: $0) } }

    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: cluster), "wants the emulated cluster"), arguments: kubectls
    )
    func aConfigMapKeepsTheStateAndNoticesAnotherTrigger(kubectl: String) throws {
        let github = try GitHubStandIn(
            routes: #"{"GET \#(GitHubStandIn.falco)": [\#(GitHubStandIn.release("1.0"))]}"#,
            runs: #"{"start_ms": 800, "duration_ms": 100}"#)
        let server = try Running("/usr/bin/python3", [Self.cluster])
        try server.await("a port") { server.outputText.hasSuffix("\n") }
        let port = server.outputText.trimmingCharacters(in: .whitespacesAndNewlines)
        let kubeconfig = try github.folder.write(
            "kubeconfig",
            """
            {"apiVersion": "v1", "kind": "Config", "current-context": "c", "users": [{"name": "u", "user": {}}],
             "clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:\(port)"}}],
             "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}]}
            """)
        let state = ["--state", "configmap:benchmark/trigger", "--kubeconfig", kubeconfig, "--kubectl", kubectl]
        _ = try github.trigger(state + ["--wait", "completed"])
        let again = try github.trigger(state)
        #expect(again.outputText.contains("measured already"), "\(again.outputText)")
        #expect(github.dispatches == 1)
        // One that dispatches while another one's run waits: what it would write down is not what it had read.
        let first = try github.start(state + Self.once + ["--poll", "4s"])
        try first.await("a second run") { first.errorText.contains("is queued") }
        let other = try github.trigger(state + ["--project", "falco", "--config", "kmod", "--version", "2"])
        #expect(other.outputText.contains("falco kmod 2: "), "\(other.outputText)")
        #expect(first.wait() == 4)
        #expect(first.errorText.contains("another trigger changed configmap benchmark/trigger"), "\(first.errorText)")
        #expect(try github.conclusions().count == 3)
    }
}

import Documents
import Host
import Pages
import Samples
import Testing

/// What is told in the course of a test.
private final class Told: @unchecked Sendable { var lines: [String] = [] }

@Suite struct AgentRecorderTests {
    private func page(_ joules: Int) -> String {
        "kepler_pod_cpu_joules_total{pod_id=\"p\",zone=\"package\"} \(joules)\n"
    }

    @Test func everyLookIsASampleOfAllAtOneTime() throws {
        let routes: (String) -> JSON = { ["/metrics": ["file": .string($0)], "/sample": ["method": "POST"]] }
        let folder = try Scratch()
        let pages = try [folder.write("one", page(1)), folder.write("two", page(10))]
        let servers = try pages.map { try ServerUnderTest(routes($0)) }
        let told = Told()
        var recorder = AgentRecorder(servers.map { AgentClient(url: $0.url) }) { told.lines.append($0) }
        var clock = Moment(milliseconds: 1_700_000_000_000)
        let tick = {
            clock = clock + 5000
            return clock
        }
        let start = try recorder.edge(now: tick)
        try folder.write("one", page(3))
        recorder.poll(now: tick)
        let end = try recorder.edge(now: tick)
        #expect(end - start == 10_000)
        let instances = servers.map { String($0.url.dropFirst(7)) }
        let series = recorder.recording["kepler_pod_cpu_joules_total"]
        #expect(series.map { $0.labels["instance"] } == instances)
        #expect(series.map { $0.samples.map(\.value) } == [[1, 3, 3], [10, 10, 10]])
        #expect(
            series.map { $0.samples.map(\.time) }
                == Array(repeating: [5000, 10_000, 15_000].map { $0 + 1_700_000_000_000 }, count: 2))
        #expect(recorder.recording["up"].map { $0.samples.map(\.value) } == [[1, 1, 1], [1, 1, 1]])
        #expect(
            servers[0].requests.map { $0["path"].string }
                == Array(repeating: ["/sample", "/metrics"], count: 3).flatMap(\.self))
        #expect(told.lines.isEmpty)
    }

    @Test func whatFailsIsDownAndSaidOnce() throws {
        let broken: JSON = ["status": 500, "body": "no sample yet\n"]
        let server = try ServerUnderTest([
            "/metrics": [["body": .string(page(1))], broken, broken, ["body": .string(page(2))]],
            "/sample": ["method": "POST"],
        ])
        let told = Told()
        var recorder = AgentRecorder([AgentClient(url: server.url)]) { told.lines.append($0) }
        var time: Int64 = 0
        for _ in 0..<4 {
            recorder.poll(now: {
                time += 1000
                return Moment(milliseconds: time)
            })
        }
        #expect(recorder.recording["up"].map { $0.samples.map(\.value) } == [[1, 0, 0, 1]])
        #expect(
            told.lines == ["GET \(server.url)/metrics: HTTP 500: no sample yet", "\(server.url) answers again"])
        // Without it a window has no edge.
        var nobody = AgentRecorder([AgentClient(url: "http://127.0.0.1:1")]) { told.lines.append($0) }
        #expect(throws: Failure.self) { try nobody.edge() }
        #expect(told.lines.count == 2)
        #expect(nobody.recording["up"].first?.samples.first?.value == 0)
    }

    @Test(arguments: [(404, 404), (405, 405), (403, 403)])
    func whoTakesNoOrdersIsReadAsItIs(status: Int64, shown: Int) throws {
        let server = try ServerUnderTest([
            "/metrics": ["body": .string(page(1))], "/sample": ["status": .integer(status), "body": "not here\n"],
        ])
        let told = Told()
        var recorder = AgentRecorder([AgentClient(url: server.url)]) { told.lines.append($0) }
        try recorder.edge()
        try recorder.edge()
        #expect(told.lines == ["POST \(server.url)/sample: HTTP \(shown): not here; reading its latest sample instead"])
        #expect(server.requests.map { $0["path"].string } == ["/sample", "/metrics", "/metrics"])
    }

    @Test func credentialsAreSentToAgentsToo() throws {
        let server = try ServerUnderTest([
            "/metrics": ["body": .string(page(1)), "token": "hush"], "/sample": ["token": "hush"],
        ])
        var credentials = Credentials()
        credentials.tokenFile = try server.folder.write("token", "hush")
        var recorder = AgentRecorder([AgentClient(try .checked(server.url, credentials))]) { _ in }
        try recorder.edge()
        var stranger = AgentRecorder([AgentClient(url: server.url)]) { _ in }
        #expect(throws: Failure(.configuration, "GET \(server.url)/metrics: HTTP 401: no such token")) {
            try stranger.edge()
        }
    }
}

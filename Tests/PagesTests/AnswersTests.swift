import Documents
import Host
import Pages
import Samples
import Testing

/// Answers that a Prometheus cannot be made to give.
@Suite struct AnswersTests {
    /// The answer of seed 001, whose readers took the first element, the time, for the value.
    private static let seed = """
        {"status": "success", "data": {"resultType": "vector", "result": [{"metric": {
        "__name__": "pod_curr_energy_in_pkg_millijoule", "command": "source-con",
        "pod_name": "source-controller-7d98d6688c-d6mmd", "pod_namespace": "flux-system"},
        "value": [1664037900.094, "394"]}]}}
        """

    @Test func theValueIsTheSecondElement() throws {
        let server = try ServerUnderTest(["/p/api/v1/query": ["body": .string(Self.seed)]])
        let prometheus = Prometheus(Endpoint(server.url + "/p"))
        let answer = try prometheus.query(
            "pod_curr_energy_in_pkg_millijoule{pod_name='a b'}", at: Moment(milliseconds: 1500))
        let vector = try QueryResult(answer)
        #expect(vector.series.map(\.samples) == [[Sample(time: 1_664_037_900_094, value: 394)]])
        #expect(server.requests.first?["body"].string?.hasSuffix("%7Bpod_name%3D%27a%20b%27%7D&time=1.500") == true)
        // The same of raw samples.
        let matrix = Self.seed.replacing("\"vector\"", with: "\"matrix\"")
            .replacing("\"value\": [1664037900.094, \"394\"]", with: "\"values\": [[1664037900.094, \"394\"]]")
        let raw = try ServerUnderTest(["/api/v1/query": ["body": .string(matrix)]])
        let samples = try Prometheus(Endpoint(raw.url)).samples(
            of: ["pod_curr_energy_in_pkg_millijoule"], from: Moment(milliseconds: 1_664_037_900_000),
            to: Moment(milliseconds: 1_664_037_901_000))
        #expect(samples.recording.series == vector.series)
    }

    @Test func theTokenAndTheHeadersAreSentAndNotShown() throws {
        let body: JSON = ["body": .string(Self.seed), "token": "hush-hush"]
        let server = try ServerUnderTest(["/api/v1/query": body])
        var credentials = Credentials()
        credentials.tokenFile = try server.folder.write("token", "hush-hush\n")
        credentials.headerFile = try server.folder.write("headers", "X-Scope-OrgID: tenant 1\n\n")
        let prometheus = Prometheus(try .checked(server.url, credentials))
        #expect(try !prometheus.query("up", at: .now).data["result"].array.isEmpty)
        #expect(server.requests.last?["scope"].string == "tenant 1")
        // Tokens are renewed while we run.
        try server.folder.write("token", "other-secret\n")
        let failure = #expect(throws: Failure.self) { _ = try prometheus.query("up", at: .now) }
        #expect(failure?.message == "ask \(server.url) for up: HTTP 401: no such token")
        try server.folder.write("headers", "no header\n")
        let wrong = #expect(throws: Failure.self) { _ = try prometheus.query("up", at: .now) }
        #expect(wrong?.message.hasSuffix("headers:1: not a header like Name: value") == true)
    }

    @Test(arguments: [
        ("http://u:secret@h:1/x", "http://***@h:1/x has a user in it"), ("h:9090", "is not a URL"),
        ("http://", "is not a URL"),
        ("http://h/?a=b", "it has a query"), ("ftp://h", "is not a URL"),
    ])
    func aURLThatMakesNoSenseIsRefused(url: String, reason: String) {
        let failure = #expect(throws: Failure.self) { _ = try Endpoint.checked(url) }
        #expect(failure?.exit == .usage && failure?.message.contains(reason) == true, "\(failure?.message ?? "")")
        #expect(failure?.message.contains("secret") != true)
    }

    @Test func addressesAreWhatPrometheusCallsInstances() {
        let known = [
            "http://h:9102/": "h:9102", "https://h/prefix": "h:443", "http://[::1]": "[::1]:80",
            "http://[::1]:7": "[::1]:7",
        ]
        for (url, address) in known { #expect(Endpoint(url).address == address) }
    }

    private static let matrix =
        #"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"a"},"values":[[1,"2"]]}]}"#

    @Test(arguments: [
        (503, "Service Unavailable", "HTTP 503: Service Unavailable"),
        (
            503, #"{"status":"error","errorType":"timeout","error":"query timed out"}"#,
            "HTTP 503, timeout: query timed out"
        ),
        (
            422, #"{"status":"error","errorType":"execution","error":"many-to-many"}"#,
            "HTTP 422, execution: many-to-many"
        ),
        (500, "", "HTTP 500"), (200, "<html>\n", "the answer makes no sense: it is not JSON"),
        (200, matrix, "the answer makes no sense: it is not JSON"),
        (200, "", "the answer makes no sense: it is not JSON"),
        (200, #"{"status":"error","errorType":"internal","error":"odd"}"#, "internal: odd"),
        (200, matrix.replacing(#"[1,"2"]"#, with: #"["2",1]"#) + "}", "a sample is not a time and a value"),
        (200, matrix.replacing(#"[1,"2"]"#, with: #"[1]"#) + "}", "a sample is not a time and a value"),
        (200, matrix.replacing(#"[1,"2"]"#, with: #"[1,"x"]"#) + "}", "a sample is not a time and a value"),
        (
            200, matrix.replacing(#"{"__name__":"a"}"#, with: #"{"a":null,"b":"c"}"#) + "}",
            "its shape is not that of a matrix"
        ),
        (200, matrix.replacing("matrix", with: "vector") + "}", "the answer is a vector and no matrix"),
        (200, "[1]", "its shape"),
    ])
    func whatIsNoAnswerIsOneLine(status: Int, body: String, reason: String) throws {
        let answer: JSON = ["status": .integer(Int64(status)), "body": .string(body)]
        let server = try ServerUnderTest(["/api/v1/query": answer])
        let prometheus = Prometheus(Endpoint(server.url))
        let range = (Moment(milliseconds: 0), Moment(milliseconds: 5000))
        let failure = #expect(throws: Failure.self) {
            _ = try prometheus.samples(of: ["a"], from: range.0, to: range.1)
        }
        #expect(failure?.exit == .dataMissing)
        #expect(failure?.message.hasPrefix("ask \(server.url) for a: ") == true)
        #expect(failure?.message.contains(reason) == true, "\(failure?.message ?? "")")
        if status != 200 || body.hasPrefix("<") {
            #expect(throws: Failure.self) { _ = try prometheus.query("a", at: .now) }
        }
    }

    @Test func warningsAreNotesAndTimeHasALimit() throws {
        let remarks = Self.matrix + #","warnings":["partial\ndata"],"infos":["odd name"],"more":{"warnings":["no"]}}"#
        let server = try ServerUnderTest([
            "/api/v1/query": ["body": .string(remarks)], "/slow/api/v1/query": ["body": "", "delay": 2],
            "/torn/api/v1/query": ["body": .string(remarks), "short": 10],
        ])
        let (start, end) = (Moment(milliseconds: 0), Moment(milliseconds: 200_000))
        let samples = try Prometheus(Endpoint(server.url)).samples(of: ["a"], from: start, to: end)
        #expect(samples.notes == ["partial data", "odd name"])
        #expect(samples.recording["a"].map(\.samples) == [[Sample(time: 1000, value: 2)]])
        var slow = Prometheus(Endpoint(server.url + "/slow"))
        slow.timeout = 200
        let late = #expect(throws: Failure.self) { _ = try slow.samples(of: ["a"], from: start, to: end) }
        #expect(late?.message.contains("timed out") == true, "\(late?.message ?? "")")
        slow = Prometheus(Endpoint(server.url + "/torn"))
        slow.timeout = 1000
        let torn = #expect(throws: Failure.self) { _ = try slow.samples(of: ["a"], from: start, to: end) }
        #expect(torn?.message.hasSuffix("it is not JSON") == false, "\(torn?.message ?? "")")
    }
}

import Exposition
import Foundation
import Testing

/// Listeners, routes and encodings, seen by curl.
@Suite(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"), .serialized)
struct HttpTests {
    @Test func servesOnEveryListenerAndAUnixSocketIsLocal() throws {
        let folder = try Scratch()
        let socket = folder("agent.sock")
        // The first is 127.0.0.1, of whom the port is read.
        let agent = try AgentUnderTest(["--listen", "[::1]:0", "--listen", "unix:\(socket)", "--source", "estimator"])
        let port = agent.running.errorText.split(separator: "\n").compactMap { line -> Substring? in
            line.contains("listening on http://[::1]:") ? line.split(separator: ":").last?.prefix { $0.isNumber } : nil
        }.first
        #expect(try Curl("http://127.0.0.1:\(agent.port)/healthz").text == "ok\n")
        #expect(try Curl("http://[::1]:\(try #require(port))/healthz").text == "ok\n")
        #expect(try Curl("http://agent/healthz", ["--unix-socket", socket]).text == "ok\n")
        let sample = try Curl("http://agent/sample", ["--unix-socket", socket, "-X", "POST"])
        #expect(sample.status == 200 && (Double(sample.text.dropLast()) ?? 0) > 1e9)
        kill(agent.running.pid, SIGTERM)
        #expect(agent.running.wait() == 0)
        #expect(!FileManager.default.fileExists(atPath: socket))
    }

    @Test func theEncodedPageIsThePage() throws {
        let agent = try AgentUnderTest(["--source", "estimator", "--interval", "60s"])
        let url = "http://127.0.0.1:\(agent.port)/metrics"
        for _ in 0..<2 {
            _ = try agent.request("POST", "/sample")
            let plain = try Curl(url)
            let packed = try Curl(url, ["-H", "Accept-Encoding: gzip"])
            #expect(plain.headers["content-encoding"] == nil)
            #expect(packed.headers["content-encoding"] == "gzip")
            for answer in [plain, packed] {
                #expect(answer.headers["vary"] == "Accept, Accept-Encoding")
                #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
                #expect(answer.headers["content-length"] == "\(answer.body.count)")
                #expect(answer.headers["date"] != nil)
            }
            #expect(packed.body.count * 2 < plain.body.count)
            #expect(try unpacked(packed.body) == plain.body)
            #expect(try Curl(url).body == plain.body, "the page of one sample stays the same")
        }
    }

    private func unpacked(_ data: Data) throws -> Data {
        let folder = try Scratch()
        try data.write(to: URL(filePath: folder("page.gz")))
        let gzip = try Running("/usr/bin/gzip", ["-d", folder("page.gz")])
        #expect(gzip.wait() == 0, "\(gzip.errorText)")
        return try Data(contentsOf: URL(filePath: folder("page")))
    }

    @Test func headIsGetWithoutItsBody() throws {
        let agent = try AgentUnderTest(["--source", "estimator", "--interval", "60s"])
        for path in ["/metrics", "/healthz", "/readyz", "/", "/nowhere", "/sample"] {
            let url = "http://127.0.0.1:\(agent.port)\(path)"
            let (get, head) = (try Curl(url), try Curl(url, ["--head"]))
            #expect(head.status == get.status, "\(path)")
            #expect(head.headers["content-length"] == get.headers["content-length"])
            #expect(head.headers["content-type"] == get.headers["content-type"])
            #expect(get.body.count > 0 && get.headers["content-length"] == "\(get.body.count)")
        }
    }

    @Test func routesTakeTheirOwnMethodsAlone() throws {
        let agent = try AgentUnderTest(["--source", "estimator", "--web-path", "/energy/v1"])
        func ask(_ method: String, _ path: String, _ arguments: [String] = []) throws -> Curl {
            try Curl("http://127.0.0.1:\(agent.port)\(path)", ["-X", method] + arguments)
        }
        for path in ["/energy/v1", "/healthz", "/readyz", "/"] {
            for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
                let answer = try ask(method, path)
                #expect(answer.status == 405 && answer.headers["allow"] == "GET, HEAD", "\(method) \(path)")
            }
        }
        let sample = try ask("GET", "/sample")
        #expect(sample.status == 405 && sample.headers["allow"] == "POST")
        #expect(try ask("GET", "/metrics").status == 404)
        #expect(try ask("GET", "/energy/v1/").status == 404)
        #expect(try ask("GET", "/energy/v1?format=any&x").status == 200)
        #expect(try ask("GET", "/" + String(repeating: "a", count: 20_000)).status == 414)
        #expect(try ask("GET", "/", ["-H", "X: " + String(repeating: "a", count: 20_000)]).status == 431)
        for length in ["Content-Length: 5000", "Transfer-Encoding: chunked"] {
            let body = ["-H", length, "-H", "Expect:", "--data-binary", String(repeating: "a", count: 5000)]
            #expect(try ask("POST", "/sample", body).status == 413)
        }
    }

    @Test func theLandingPageLinksToTheRest() throws {
        let agent = try AgentUnderTest(["--source", "estimator", "--web-path", "/energy"])
        let page = try Curl("http://127.0.0.1:\(agent.port)/")
        #expect(page.headers["content-type"] == "text/html; charset=utf-8")
        #expect(page.text.contains("<h1>brahe-agent</h1>"))
        for path in ["/energy", "/healthz", "/readyz"] {
            #expect(page.text.contains("href=\"\(path)\""))
            #expect([200, 503].contains(try Curl("http://127.0.0.1:\(agent.port)\(path)").status))
        }
    }

    @Test(arguments: ["metrics", "/healthz", "/", "/a b", "/<b>", "/a?b"])
    func aPathThatCannotBeTheMetricsIsNamed(path: String) throws {
        let agent = try Running(Here.program("brahe-agent"), ["--web-path", path])
        #expect(agent.wait() == 2)
        let wanted = "a path such as /metrics, none of /, /healthz, /readyz and /sample"
        #expect(agent.errorText == "brahe-agent: --web-path \"\(path)\": not \(wanted)\n")
    }
}

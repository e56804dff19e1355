import Exposition
import Foundation
import Testing

/// Basic authentication as a web config file asks for it.
@Suite(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"), .serialized)
struct HttpAuthTests {
    private let folder: Scratch

    // bcrypt by libxcrypt; the first of cost 10, as htpasswd makes them, the others of cost 4.
    private static let secret10 = "$2y$10$abcdefghijklmnopqrstuuqflPDzB6gcMhKa1rZqKiun2YGL5sa2u"
    private static let secret = "$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW"
    private static let changed = "$2b$04$abcdefghijklmnopqrstuu5XQl64I3WPWSJw.ftK7xXCrRn1r6QJi"

    init() throws { folder = try Scratch() }

    private func agent(_ users: String, _ options: [String] = []) throws -> AgentUnderTest {
        let path = try folder.write("web.yml", "basic_auth_users:\n  \(users)\n")
        return try AgentUnderTest(["--source", "estimator", "--web-config", path] + options)
    }

    private func ask(_ agent: AgentUnderTest, _ path: String, _ credential: String?) throws -> Curl {
        try Curl("http://127.0.0.1:\(agent.port)\(path)", credential.map { ["-u", $0] } ?? [])
    }

    @Test func onlyThoseWhoKnowAPasswordAreAnswered() throws {
        let agent = try agent("alice: \(Self.secret)\n  bob: \(Self.changed)")
        for path in ["/metrics", "/healthz", "/readyz", "/", "/sample", "/nowhere"] {
            let answer = try ask(agent, path, nil)
            #expect(answer.status == 401, "\(path)")
            #expect(answer.headers["www-authenticate"] == "Basic realm=\"brahe-agent\", charset=\"UTF-8\"")
        }
        #expect(try ask(agent, "/metrics", "alice:secret").status == 200)
        #expect(try ask(agent, "/metrics", "bob:changed").status == 200)
        #expect(try ask(agent, "/nowhere", "alice:secret").status == 404)
        #expect(try ask(agent, "/metrics", "alice:changed").status == 401)
        let another = try ask(agent, "/metrics", "carol:secret")
        #expect(another.status == 429)
        #expect(another.headers["retry-after"].flatMap { Int($0) }.map { (1...3).contains($0) } == true)
        #expect(try ask(agent, "/metrics", "alice:changed").status == 401, "known to be wrong")
        #expect(try ask(agent, "/metrics", "alice:secret").status == 200, "known to be right")
        usleep(3_200_000)
        #expect(try ask(agent, "/metrics", "carol:secret").status == 401)
    }

    @Test func changedUsersAreTakenUpAndTheOldPasswordIsForgotten() throws {
        let agent = try agent("alice: \(Self.secret)")
        #expect(try ask(agent, "/healthz", "alice:secret").status == 200)
        try folder.write("web.yml", "basic_auth_users:\n  alice: \(Self.changed)\n")
        try agent.running.await("the new users") {
            _ = try? ask(agent, "/healthz", nil)
            return agent.running.errorText.contains("web config read anew")
        }
        #expect(try ask(agent, "/healthz", "alice:changed").status == 200)
        #expect(try ask(agent, "/healthz", "alice:secret").status == 401)
        try folder.write("web.yml", "basic_auth_users:\n  alice: changed\n")
        try agent.running.await("a complaint") {
            agent.running.errorText.contains("web.yml:2: user alice: not a bcrypt")
        }
        #expect(try ask(agent, "/healthz", "alice:changed").status == 200)
    }

    @Test func guessesDoNotHoldUpTheSamples() throws {
        let agent = try agent("alice: \(Self.secret10)", ["--interval", "100ms"])
        func samples() throws -> Double {
            let page = try Scrape(ask(agent, "/metrics", "alice:secret").text)
            return try #require(page.value(named: "brahe_samples_total", labels: [:]))
        }
        let (before, began) = (try samples(), Date())
        let guesses = (0..<2000).map {
            "url=http://127.0.0.1:\(agent.port)/metrics\nuser=alice:\($0)\noutput=/dev/null\nwrite-out=\"%{http_code}\\n\"\n"
        }.joined(separator: "next\n")
        let curl = try Running("/usr/bin/curl", ["-sS", "-K", try folder.write("guesses", guesses)])
        #expect(curl.wait() == 0)
        let between = Date().timeIntervalSince(began)
        // Its password is remembered, so that a scrape comes through in the middle of it all.
        let taken = try samples() - before
        #expect(taken >= between * 10 * 0.8, "\(taken) samples in \(between) s")
        let statuses = curl.outputText.split(separator: "\n")
        let checked = statuses.filter { $0 == "401" }.count
        #expect(statuses.count == 2000 && statuses.allSatisfy { $0 == "401" || $0 == "429" })
        #expect((1...Int(between / 3 + 1)).contains(checked), "\(checked) checked in \(between) s")
    }

    @Test func headersAndARateLimitAreAsAskedFor() throws {
        let path = try folder.write(
            "web.yml",
            """
            http_server_config: {http2: true, headers: {X-Frame-Options: deny, X-XSS-Protection: ""}}
            rate_limit: {interval: 1h, burst: 2}
            """)
        let agent = try AgentUnderTest(["--source", "estimator", "--web-config", path])
        let answers = try (0..<3).map { _ in try ask(agent, "/healthz", nil) }
        #expect(answers.map { $0.status } == [200, 200, 429])
        #expect(answers.allSatisfy { $0.headers["x-frame-options"] == "deny" && $0.headers["x-xss-protection"] == nil })
    }
}

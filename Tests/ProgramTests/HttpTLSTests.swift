import Foundation
import Glibc
import Testing

/// TLS and client certificates as a web config file asks for them, seen by curl.
@Suite(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"), .serialized)
struct HttpTLSTests {
    private let certificates: Certificates

    init() throws {
        certificates = try Certificates()
        try certificates.make("server", names: "IP:127.0.0.1", usage: "serverAuth")
    }

    private func agent(_ section: String) throws -> AgentUnderTest {
        let path = try certificates.folder.write(
            "web.yml", "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n" + section)
        return try AgentUnderTest(["--source", "estimator", "--web-config", path])
    }

    private func ask(_ agent: AgentUnderTest, _ arguments: [String] = []) throws -> Curl {
        try Curl(
            "https://127.0.0.1:\(agent.port)/healthz", ["--cacert", certificates.folder("ca.pem")] + arguments)
    }

    private func showing(_ name: String) -> [String] {
        ["--cert", certificates.folder("\(name).pem"), "--key", certificates.folder("\(name).key")]
    }

    @Test func answersOverTLSAloneAndInTheVersionsAskedFor() throws {
        let agent = try agent("  min_version: TLS12\n  max_version: TLS12\n  curve_preferences: [CurveP384]\n")
        #expect(agent.running.errorText.contains("listening on https://127.0.0.1:\(agent.port)"))
        #expect(try ask(agent).text == "ok\n")
        #expect(try ask(agent, ["--tlsv1.3"]).status == 0)
        #expect(try ask(agent, ["--curves", "X25519"]).status == 0)
        #expect(try Curl("http://127.0.0.1:\(agent.port)/healthz").status == 0)
    }

    @Test func offersTheSuitesAskedForAndNoOthers() throws {
        let agent = try agent(
            "  max_version: TLS12\n"
                + "  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]\n")
        #expect(try ask(agent, ["--ciphers", "ECDHE-ECDSA-AES256-GCM-SHA384"]).status == 200)
        #expect(try ask(agent, ["--ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256"]).status == 0)
    }

    @Test func onlyClientsOfTheAuthorityAndWithAnAllowedNameComeIn() throws {
        try certificates.make("good", names: "DNS:other.example,DNS:good.example", usage: "clientAuth")
        try certificates.make("address", names: "IP:10.1.2.3", usage: "clientAuth")
        try certificates.make("unnamed", names: "DNS:bad.example", usage: "clientAuth")
        try certificates.make("serving", names: "DNS:good.example", usage: "serverAuth")
        let strangers = try Certificates()
        try strangers.make("good", names: "DNS:good.example", usage: "clientAuth")
        let agent = try agent(
            """
              client_ca_file: ca.pem
              client_auth_type: RequireAndVerifyClientCert
              client_allowed_sans: [good.example, 10.1.2.3]

            """)
        #expect(try ask(agent, showing("good")).status == 200)
        #expect(try ask(agent, showing("address")).status == 200)
        #expect(try ask(agent, showing("good") + ["--tls-max", "1.2"]).status == 200)
        for limit in [[], ["--tls-max", "1.2"]] {
            #expect(try ask(agent, limit).status == 0)
            for name in ["unnamed", "serving"] { #expect(try ask(agent, limit + showing(name)).status == 0, "\(name)") }
            let stranger = ["--cert", strangers.folder("good.pem"), "--key", strangers.folder("good.key")]
            #expect(try ask(agent, limit + stranger).status == 0)
        }
    }

    @Test(arguments: [
        // no certificate, one of the authority, one of another
        ("RequestClientCert", [200, 200, 200]), ("RequireAnyClientCert", [0, 200, 200]),
        ("VerifyClientCertIfGiven", [200, 200, 0]), ("RequireAndVerifyClientCert", [0, 200, 0]),
    ])
    func clientAuthTypesAreThoseOfGo(type: String, statuses: [Int]) throws {
        try certificates.make("client", names: "DNS:c", usage: "clientAuth")
        let strangers = try Certificates()
        try strangers.make("client", names: "DNS:c", usage: "clientAuth")
        let agent = try agent("  client_ca_file: ca.pem\n  client_auth_type: \(type)\n")
        let stranger = ["--cert", strangers.folder("client.pem"), "--key", strangers.folder("client.key")]
        #expect(try [[], showing("client"), stranger].map { try ask(agent, $0).status } == statuses)
    }

    @Test func aRotatedCertificateIsTakenUpAndABrokenOneIsNot() throws {
        let agent = try agent("")
        let first = try serial(agent)
        #expect(!first.isEmpty)
        // Its connection is from before the rotation, and its second request from after.
        let patient = try Running(
            "/usr/bin/curl",
            ["-sSv", "--rate", "15/m", "--cacert", certificates.folder("ca.pem")]
                + Array(repeating: "https://127.0.0.1:\(agent.port)/healthz", count: 2))
        try patient.await("its first answer") { patient.outputText == "ok\n" }
        try certificates.make("server", names: "IP:127.0.0.1", usage: "serverAuth")
        try agent.running.await("the new certificate") {
            (try? serial(agent)).map { !$0.isEmpty && $0 != first } ?? false
        }
        let second = try serial(agent)
        #expect(patient.outputText == "ok\n")
        #expect(patient.wait() == 0 && patient.outputText == "ok\nok\n")
        #expect(patient.errorText.contains("Re-using existing connection"))
        try certificates.folder.write("server.pem", "no certificate\n")
        try agent.running.await("a complaint") { agent.running.errorText.contains("web config stays as it was") }
        #expect(try serial(agent) == second)
        usleep(2_500_000)
        let complaints = agent.running.errorText.split(separator: "\n").filter { $0.contains("stays as it was") }
        #expect(complaints.count == 1)
        #expect(complaints.first?.contains("web.yml:3: certificate and key: ") == true, "\(complaints)")
        try certificates.make("server", names: "IP:127.0.0.1", usage: "serverAuth")
        try agent.running.await("the third certificate") {
            (try? serial(agent)).map { !$0.isEmpty && $0 != second } ?? false
        }
    }

    @Test(.enabled(if: access("/usr/bin/prometheus", X_OK) == 0, "needs Debian's prometheus"))
    func aPrometheusScrapesWithCertificateAndPassword() throws {
        try certificates.make("client", names: "DNS:c", usage: "clientAuth")
        let agent = try agent(
            """
              client_ca_file: ca.pem
              client_auth_type: RequireAndVerifyClientCert
            basic_auth_users:
              prometheus: $2y$10$abcdefghijklmnopqrstuuqflPDzB6gcMhKa1rZqKiun2YGL5sa2u

            """)
        let folder = certificates.folder
        let configuration = try folder.write(
            "prometheus.yml",
            """
            global: {scrape_interval: 500ms, scrape_timeout: 500ms}
            scrape_configs:
              - job_name: brahe
                scheme: https
                tls_config: {ca_file: ca.pem, cert_file: client.pem, key_file: client.key}
                basic_auth: {username: prometheus, password: secret}
                static_configs: [{targets: ['127.0.0.1:\(agent.port)']}]
            """)
        let port = try Here.freePort()
        let prometheus = try Running(
            "/usr/bin/prometheus",
            [
                "--config.file=\(configuration)", "--storage.tsdb.path=\(folder("data"))",
                "--web.listen-address=127.0.0.1:\(port)",
            ])
        try prometheus.await("a sample count") {
            let query = try? Running(
                "/usr/bin/promtool", ["query", "instant", "http://127.0.0.1:\(port)", "brahe_samples_total"])
            _ = query?.wait()
            return query?.outputText.hasPrefix("brahe_samples_total{") ?? false
        }
        kill(prometheus.pid, SIGTERM)
        _ = prometheus.wait()
    }

    /// The serial number of the certificate that a new connection is shown.
    private func serial(_ agent: AgentUnderTest) throws -> String {
        let answer = try ask(agent, ["-v"])
        #expect(answer.status == 200)
        let openssl = try Running(
            "/bin/sh",
            [
                "-c",
                "openssl s_client -connect 127.0.0.1:\(agent.port) </dev/null 2>/dev/null | openssl x509 -noout -serial",
            ])
        _ = openssl.wait()
        return openssl.outputText
    }
}

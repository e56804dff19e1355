import Documents
import Exposition
import Foundation
import Host
import Pages
import Samples
import Testing

@Suite(.enabled(if: PrometheusUnderTest.isHere, "needs Debian's prometheus"), .serialized)
struct PrometheusTests {
    @Test func samplesComeBackAsTheyWere() throws {
        let recording = randomRecording(seed: 11, series: 60, samples: 120)
        let server = try PrometheusUnderTest(recording, ["--query.max-samples=3000"])
        let prometheus = Prometheus(Endpoint(server.url + "/"))
        #expect(try prometheus.version().hasPrefix("2."))
        let (start, end) = (Moment(milliseconds: recording.start ?? 0), Moment(milliseconds: recording.end ?? 0))
        var adaptive = Prometheus.Slicing()
        adaptive.samples = 300
        var halved = Prometheus.Slicing()
        // Too many for one query at first; shorter slices are not.
        halved.first = 86_400_000
        for slicing in [.init(every: 7001), .init(every: 60_000), adaptive, halved] {
            let samples = try prometheus.samples(
                of: ["{__name__=~\".+\"}"], from: start, to: end, slicing: slicing)
            #expect(byIdentity(samples.recording) == byIdentity(recording))
        }
        let failure = #expect(throws: Failure.self) {
            _ = try prometheus.samples(
                of: ["{__name__=~\".+\"}"], from: start, to: end, slicing: .init(every: 86_400_000))
        }
        #expect(failure?.message.contains("HTTP 422, execution: query processing would load too many samples") == true)
        // Both ends are in, and nothing beyond them.
        let one = try #require(recording["up"].first)
        let inside = Array(one.samples[10...20])
        let labels = ["number": one.labels["number"] ?? ""]
        let part = try prometheus.samples(
            of: [Prometheus.selector(of: ["up"], labels)], from: inside[0].moment, to: inside[10].moment)
        #expect(part.recording["up"].map(\.samples) == [inside])
        let nothing = try prometheus.samples(of: ["absent_metric"], from: start, to: end)
        #expect(nothing.recording.series.isEmpty && nothing.notes.isEmpty)
    }

    @Test func onlyTheRightUserComesInAndOnlyToTheRightServer() throws {
        let folder = try Scratch()
        let (hash, secret) = ("$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a", "secret")
        try Self.certificates(folder)
        let web = try folder.write(
            "web.yml",
            """
            tls_server_config: {cert_file: server.pem, key_file: server.key, client_ca_file: ca.pem, \
            client_auth_type: RequireAndVerifyClientCert}
            basic_auth_users: {alice: \(hash)}
            """)
        var right = Credentials()
        right.caFile = folder("ca.pem")
        (right.certFile, right.keyFile) = (folder("client.pem"), folder("client.key"))
        (right.user, right.passwordFile) = ("alice", try folder.write("password", secret + "\n"))
        let recording = randomRecording(seed: 5, series: 3, samples: 10)
        let server = try PrometheusUnderTest(
            recording, ["--web.config.file=\(web)", "--web.route-prefix=/deep/prefix"], prefix: "/deep/prefix",
            scheme: "https", ready: { [right] url in Endpoint(url, right).ask("").status == 200 })
        let (start, end) = (Moment(milliseconds: recording.start ?? 0), Moment(milliseconds: recording.end ?? 0))
        func ask(_ change: (inout Credentials) throws -> Void) throws -> String {
            var credentials = right
            try change(&credentials)
            let prometheus = Prometheus(try Endpoint.checked(server.url, credentials))
            do throws(Failure) {
                let samples = try prometheus.samples(of: ["{__name__=~\".+\"}"], from: start, to: end)
                return byIdentity(samples.recording) == byIdentity(recording) ? "" : "other samples"
            } catch {
                #expect(!error.message.contains(secret) && !error.message.contains("\n"))
                return error.message
            }
        }
        #expect(try ask { _ in } == "")
        #expect(try ask { ($0.insecure, $0.caFile) = (true, nil) } == "")
        #expect(try ask { $0.passwordFile = try folder.write("wrong", "Secret") }.contains("HTTP 401"))
        #expect(try ask { ($0.user, $0.passwordFile) = (nil, nil) }.contains("HTTP 401"))
        #expect(try ask { $0.caFile = nil }.contains("certificate"))
        #expect(try ask { $0.caFile = try folder.write("empty.pem", "") }.contains("certificate"))
        #expect(try !ask { ($0.certFile, $0.keyFile) = (nil, nil) }.isEmpty)
        #expect(throws: Failure.self) { _ = try ask { $0.passwordFile = folder("nowhere") } }
        // The name in the certificate must be the server's.
        let other = Prometheus(Endpoint(server.url.replacing("127.0.0.1", with: "localhost"), right))
        let failure = #expect(throws: Failure.self) { _ = try other.version() }
        #expect(failure?.message.contains("SSL") == true, "\(failure?.message ?? "")")
    }

    /// Of several targets the one that tells of energy is found, and a scrape that failed is none of its.
    @Test func theNextScrapeOfTheExporterIsAwaited() throws {
        let folder = try Scratch()
        let energy = "kepler_container_joules_total{container_id=\"a\",mode=\"dynamic\"} 1\n"
        let broken: JSON = ["status": 500, "body": "no sample yet\n"]
        let file = try folder.write("page", energy + "kepler_exporter_build_info{version=\"v0.7.12\"} 1\n")
        let exporter = try ServerUnderTest(["/metrics": [broken, broken, ["file": .string(file)]]])
        let rest = try folder.write("rest", "container_memory_rss{pod=\"p\"} 1\nup_to_now 1\n")
        let other = try ServerUnderTest(["/metrics": ["file": .string(rest)]])
        let instances = [exporter, other].map { String($0.url.dropFirst(7)) }
        let server = try PrometheusUnderTest(
            Recording(),
            configuration: """
                global: {scrape_interval: 300ms, scrape_timeout: 300ms}
                scrape_configs:
                  - {job_name: kepler, static_configs: [{targets: ['\(instances[0])']}]}
                  - {job_name: kubelet, static_configs: [{targets: ['\(instances[1])']}]}
                """)
        var client = PrometheusClient(url: server.url, instance: nil)
        var waits = 0
        let now = Moment.now
        let page = try client.page(from: now) {
            waits += 1
            usleep(20_000)
        }
        #expect(waits > 0)
        #expect(page.read >= now && page.counted == page.read)
        let labels = "{instance=\"\(instances[0])\",job=\"kepler\""
        #expect(page.text.contains("kepler_exporter_build_info\(labels),version=\"v0.7.12\"} 1\n"))
        #expect(!page.text.contains("container_memory_rss") && !page.text.contains("up_to_now"))
        // The page's time is a scrape's, and the first that succeeded.
        let ups = try client.prometheus.samples(of: ["up{job=\"kepler\"}"], from: now + -10_000, to: .now)
        let samples = try #require(ups.recording.series.first).samples
        #expect(samples.first { $0.value == 1 && $0.time >= now.milliseconds }?.time == page.read.milliseconds)
        #expect(samples.first?.value == 0)
        let next = try client.scrape(from: page.read + 1) { usleep(20_000) }
        #expect(next.target == ["instance": instances[0], "job": "kepler"])
        #expect(next.time > page.read)
        #expect(try client.prometheus.interval(of: next.target) == 300)
        #expect(try client.prometheus.interval(of: ["job": "nobody"]) == nil)
        var nobody = PrometheusClient(url: server.url, instance: instances[1])
        nobody.patience = 100
        let missing = #expect(throws: Failure.self) { _ = try nobody.page(from: .now, wait: { usleep(50_000) }) }
        #expect(missing?.message.contains("a scrape of \(instances[1]) after") == true, "\(missing?.message ?? "")")
        // Of two it must be told which.
        try folder.write("rest", energy)
        client.patience = 5000
        let two = #expect(throws: Failure.self) {
            while true { _ = try client.page(from: .now, wait: { usleep(50_000) }) }
        }
        #expect(two?.message.hasSuffix("; name one with --instance") == true, "\(two?.message ?? "")")
        #expect(instances.allSatisfy { two?.message.contains($0) == true })
        nobody.patience = 5000
        #expect(try nobody.page(from: .now, wait: { usleep(50_000) }).text.contains("job=\"kubelet\""))
    }

    @Test func whatPrometheusRefusesIsOneLine() throws {
        let server = try PrometheusUnderTest(Recording())
        let prometheus = Prometheus(Endpoint(server.url))
        let now = Moment.now
        func message(_ body: () throws -> Void) -> String {
            do {
                try body()
                return ""
            } catch {
                return (error as? Failure)?.message ?? "\(error)"
            }
        }
        let parse = message { _ = try prometheus.query("sum(", at: now) }
        #expect(parse.hasPrefix("ask \(server.url) for sum(: HTTP 400, bad_data: "), "\(parse)")
        let points = message { _ = try prometheus.query("up", from: now + -86_400_000, to: now, step: 1000) }
        #expect(points.contains("exceeded maximum resolution of 11,000 points"), "\(points)")
        let vector = message { _ = try prometheus.samples(of: ["vector(1) or up"], from: now, to: now) }
        #expect(vector.contains("HTTP 400, bad_data"), "\(vector)")
        let path = message { _ = try Prometheus(Endpoint(server.url + "/wrong")).version() }
        #expect(path.hasSuffix("HTTP 404: 404 page not found"), "\(path)")
        #expect(try prometheus.query("1/0", at: now).data["result"][1] == "+Inf")
    }

    /// An authority, a server's and a client's certificate.
    private static func certificates(_ folder: Scratch) throws {
        func openssl(_ arguments: [String]) throws { try Running("/usr/bin/openssl", arguments).finish() }
        let curve = ["-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        try openssl(
            ["req", "-x509", "-subj", "/CN=ca", "-days", "2", "-keyout", folder("ca.key"), "-out", folder("ca.pem")]
                + curve)
        for (name, usage) in [("server", "serverAuth"), ("client", "clientAuth")] {
            let extensions = try folder.write("ext", "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=\(usage)\n")
            try openssl(
                ["req", "-subj", "/CN=\(name)", "-keyout", folder("\(name).key"), "-out", folder("csr")] + curve)
            try openssl([
                "x509", "-req", "-in", folder("csr"), "-CA", folder("ca.pem"), "-CAkey", folder("ca.key"),
                "-CAcreateserial",
                "-days", "2", "-extfile", extensions, "-out", folder("\(name).pem"),
            ])
        }
    }
}

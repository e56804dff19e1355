import Documents
import Foundation
import Glibc
import Testing

/// `brahe report` on the past, from a real Prometheus behind a prefix, TLS and a password, that scrapes the real agent.
@Suite(
    .enabled(if: Here.canLoadProbe && PrometheusUnderTest.isHere, "needs root, kernel BTF and Debian's prometheus"),
    .serialized)
struct ReportPrometheusTests {
    private let folder: Scratch
    private let simulator: Simulator
    private let agent: AgentUnderTest
    private let certificates: Certificates

    init() throws {
        folder = try Scratch()
        certificates = try Certificates()
        simulator = try Simulator(package: 40, core: 9, dram: 5)
        agent = try AgentUnderTest(["--sysfs", simulator.root, "--interval", "100ms"])
    }

    @Test func thePastIsReportedThroughAPrefixAndAPassword() throws {
        defer { simulator.stop() }
        try certificates.make("server", names: "IP:127.0.0.1", usage: "serverAuth")
        let files = certificates.folder
        // Of the password `secret`, by libxcrypt.
        let hash = "$2a$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW"
        let web = try files.write(
            "web.yml",
            """
            tls_server_config: {cert_file: server.pem, key_file: server.key}
            basic_auth_users: {alice: '\(hash)'}
            """)
        let prometheus = try ReportPrometheus(
            jobs: ["brahe": agent.port], every: "100ms",
            ["--web.config.file=\(web)", "--web.route-prefix=/deep/prefix"], prefix: "/deep/prefix", scheme: "https",
            access: ["--cacert", files("ca.pem"), "--user", "alice:secret"])
        let password = try files.write("password", "secret\n")
        let source = ["--prometheus", prometheus.url + "/", "--platform-watts", "100"]
        let access = ["--ca-file", files("ca.pem"), "--user", "alice", "--password-file", password]
        usleep(500_000)
        let from = Moment.now
        usleep(7_000_000)
        let to = Moment.now
        usleep(600_000)
        let window = ["--from", from.description, "--to", to.description]
        try brahe(["report", "--folder", folder("first")] + source + access + window)
        let first = try ReportUnderTest(folder("first/run.json"))
        #expect(first.start == from.description && first.end == to.description)
        #expect(first.json["collection"]["mode"] == "prometheus")
        #expect(first.json["collection"]["endpoint"].string == prometheus.url)
        #expect(first.json["collection"]["server_version"].string?.isEmpty == false)
        let due = 45 * first.seconds
        let joules = first.energy["gross_J"].number ?? 0
        #expect(abs(joules / due - 1) < 0.02, "\(joules) J of \(due) J")
        #expect((first.energy["lower_J"].number ?? .infinity) <= due + 0.5, "\(first.energy)")
        #expect((first.energy["upper_J"].number ?? 0) >= due - 0.5, "\(first.energy)")
        try brahe(["report", "--verify", folder("first")])
        // The same by its length, by its label, and from the samples that were kept.
        let same = [
            source + access + ["--to", to.description, "--for", "\(to - from)ms"],
            source + access + ["--from", from.description, "--for", "\(to - from)ms"],
            source + access + window + ["--instance", "127.0.0.1:\(agent.port)"],
            ["--file", folder("first/samples.om"), "--platform-watts", "100"] + window,
        ]
        for (index, options) in same.enumerated() {
            try brahe(["report", "--json", folder("\(index).json")] + options)
            #expect(try ReportUnderTest(folder("\(index).json")).json["results"] == first.json["results"], "\(options)")
        }
        // The beginning as what is taken off: what is steady leaves nothing.
        let middle = from + (to - from) / 5
        try brahe(
            ["report", "--baseline", "\(from)/\(middle)", "--from", middle.description, "--to", to.description]
                + source + access + ["--json", folder("net.json")])
        let net = try ReportUnderTest(folder("net.json")).energy["net"][0]
        #expect(net["window"] == "baseline" && abs((net["power_W"].number ?? 0) - 45) < 1, "\(net)")
        #expect(abs(net["net_J"].number ?? 99) < 5, "\(net)")
        try refusals(source, access, window)
    }

    /// What is refused, each in one line that shows no secret.
    private func refusals(_ source: [String], _ access: [String], _ window: [String]) throws {
        let wrong = try certificates.folder.write("wrong", "Secret\n")
        let refused: [([String], Int32, String)] = [
            (source + window, 8, "certificate"),
            (source + window + Array(access[..<2]), 8, "HTTP 401"),
            (source + window + Array(access[..<4]) + ["--password-file", wrong], 8, "HTTP 401"),
            (source + access + window + ["--instance", "elsewhere:1"], 8, "no series"),
            (source + access + ["--from", "2001-01-01T00:00:00Z", "--for", "1m"], 8, "no series"),
        ]
        for (options, code, reason) in refused {
            let report = try brahe(["report"] + options, ends: code)
            #expect(report.errorText.contains(reason), "\(report.errorText)")
            #expect(report.errorText.split(separator: "\n").count == 1, "\(report.errorText)")
            #expect(!report.errorText.lowercased().contains("secret"))
        }
    }
}

import Documents
import Foundation
import Glibc
import Testing

/// An agent without RAPL, which systemd runs and which answers by TLS to who has the password.
final class SecuredAgent {
    let agent: AgentUnderTest
    let certificates: Certificates
    private let machine: Scratch
    private let unit: TestCgroup

    init() throws {
        machine = try Scratch()
        unit = try TestCgroup(path: "/system.slice/brahe-agent.service")
        certificates = try Certificates()
        try certificates.make("agent", names: "IP:127.0.0.1", usage: "serverAuth")
        // The password is `secret`.
        let configuration = try certificates.folder.write(
            "web.yaml",
            """
            tls_server_config: {cert_file: agent.pem, key_file: agent.key}
            basic_auth_users: {prometheus: '$2a$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW'}
            """)
        agent = try AgentUnderTest(
            ["--sysfs", machine.path, "--web-config", configuration, "--node-name", "node-b"], through: unit.entry)
    }
}

extension TestCgroup {
    /// What starts a program in it.
    var entry: [String] { ["/bin/sh", "-c", #"echo $$ > "$0"/cgroup.procs && exec "$@""#, folder] }
}

/// Debian's Prometheus with the files of deploy/prometheus, in which only times are shorter.
final class ShippedPrometheus {
    let url: String
    let folder: Scratch
    let running: Running

    init(_ agent: UInt16, _ secured: SecuredAgent) throws {
        folder = try Scratch()
        let job = try Shipped.text("prometheus/kubernetes.yaml")
        let configuration = try Shipped.text("prometheus/prometheus.yaml") + Self.found(job, "pods.yaml")
        try folder.write("prometheus.yaml", Self.hasty(configuration))
        for rules in ["rules.yaml", "kepler-compat-rules.yaml"] {
            try folder.write(rules, Self.hasty(Shipped.text("prometheus/\(rules)")))
        }
        try folder.write("nodes.yaml", "- {targets: ['127.0.0.1:\(agent)'], labels: {instance: node-a}}\n")
        try folder.write(
            "nodes-tls.yaml", "- {targets: ['127.0.0.1:\(secured.agent.port)'], labels: {instance: node-b}}\n")
        try folder.write("agent-password", "secret")
        let authority = try String(contentsOfFile: secured.certificates.folder("ca.pem"), encoding: .utf8)
        try folder.write("agent-ca.pem", authority)
        let meta = "__meta_kubernetes_pod"
        try folder.write(
            "pods.yaml",
            """
            - targets: ['127.0.0.1:1']
              labels: {\(meta)_container_port_name: http, \(meta)_node_name: node-c}
            - targets: ['127.0.0.1:2']
              labels: {\(meta)_container_port_name: debug, \(meta)_node_name: node-c}
            """)
        let port = try Here.freePort()
        url = "http://127.0.0.1:\(port)"
        running = try Running(
            "/usr/bin/prometheus",
            [
                "--config.file=\(folder("prometheus.yaml"))", "--storage.tsdb.path=\(folder("data"))",
                "--web.listen-address=127.0.0.1:\(port)", "--web.enable-remote-write-receiver",
            ])
        let ready = url + "/-/ready"
        try running.await("an answer") { (try? Curl(ready))?.status == 200 }
    }

    /// Ends it.
    func stop() {
        kill(running.pid, SIGTERM)
        _ = running.wait()
    }

    /// The same with everything once a second, and with rates over no more than the session has.
    private static func hasty(_ text: String) -> String {
        text.replacing(/interval: \d+[sm]/, with: { _ in "interval: 1s" })
            .replacing("[2m]", with: "[\(ShippedMonitoring.range)s]")
    }

    /// The jobs of a file whose targets are in another file, with the labels that Kubernetes' discovery would give them:
    /// Debian's Prometheus has no such discovery.
    private static func found(_ text: String, _ file: String) -> String {
        var jobs = ""
        var isDiscovery = false
        for line in text.split(separator: "\n").drop(while: { $0 != "scrape_configs:" }).dropFirst() {
            if line == "    kubernetes_sd_configs:" { jobs += "    file_sd_configs: [{files: [\(file)]}]\n" }
            isDiscovery = line == "    kubernetes_sd_configs:" || (isDiscovery && line.hasPrefix("      "))
            if !isDiscovery { jobs += line + "\n" }
        }
        return jobs
    }

    /// An answer of its API.
    func get(_ path: String, _ fields: [String: String] = [:]) throws -> JSON {
        let answer = try Curl(
            "\(url)/api/v1/\(path)", ["-G"] + fields.flatMap { ["--data-urlencode", "\($0.key)=\($0.value)"] })
        guard answer.status == 200 else {
            throw Missing(what: "an answer to \(path) \(fields): \(answer.status) \(answer.text) \(answer.complaint)")
        }
        return try JSON(parsing: answer.text)
    }

    /// An instant vector.
    func ask(_ expression: String, at time: Double) throws -> [ShippedMonitoring.Series] {
        try get("query", ["query": expression, "time": "\(time)"])["data"]["result"].array.map { element in
            ShippedMonitoring.Series(
                labels: element["metric"].object.compactMapValues(\.string),
                value: element["value"][1].string.flatMap { Double($0) } ?? .nan)
        }
    }

    /// What `label_values(selector, label)` is for Grafana.
    func values(_ query: String) throws -> Set<String> {
        guard let match = query.wholeMatch(of: /label_values\((.+), (\w+)\)/) else {
            throw Missing(what: "label_values(…) in \(query)")
        }
        let answer = try get("label/\(match.output.2)/values", ["match[]": String(match.output.1)])
        return Set(answer["data"].array.compactMap(\.string))
    }
}

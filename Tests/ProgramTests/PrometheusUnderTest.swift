import Foundation
import Glibc
import Testing

/// A real Prometheus that scrapes one agent.
final class PrometheusUnderTest {
    private let folder: Scratch
    private let running: Running
    private let port: UInt16

    /// Whether Debian's Prometheus is installed.
    static var isHere: Bool { access("/usr/bin/prometheus", X_OK) == 0 }

    /// Starts it, and waits until it has scraped the agent.
    convenience init(scraping agent: AgentUnderTest) throws { try self.init(scraping: agent.port) }

    /// Starts it, and waits until it has scraped what listens on a port.
    init(scraping target: UInt16) throws {
        folder = try Scratch()
        let configuration = """
            global: {scrape_interval: 500ms, scrape_timeout: 500ms}
            scrape_configs:
              - job_name: brahe
                static_configs: [{targets: ['127.0.0.1:\(target)']}]
            """
        try folder.write("prometheus.yml", configuration)
        port = try Here.freePort()
        running = try Running(
            "/usr/bin/prometheus",
            [
                "--config.file=\(folder("prometheus.yml"))", "--storage.tsdb.path=\(folder("data"))",
                "--web.listen-address=127.0.0.1:\(port)", "--log.level=debug",
            ])
        try running.await("a scrape") { ((try? value("up")) ?? nil) == 1 }
    }

    deinit {
        kill(running.pid, SIGTERM)
        _ = running.wait()
    }

    /// Where its API is.
    var url: String { "http://127.0.0.1:\(port)" }

    /// What it said so far.
    var log: [Substring] { running.errorText.split(separator: "\n") }

    /// The labels and values that an instant query returns.
    func query(_ expression: String) throws -> [(labels: [String: String], value: Double)] {
        let answer = try Curl(
            url + "/api/v1/query", ["--get", "--data-urlencode", "query=\(expression)"])
        struct Answer: Decodable {
            struct Result: Decodable {
                let metric: [String: String]
                let value: [Value]
            }
            struct Payload: Decodable { let result: [Result] }
            let data: Payload
        }
        /// A time is a number and a value a string.
        enum Value: Decodable {
            case number(Double)
            case text(String)
            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let text = try? container.decode(String.self) {
                    self = .text(text)
                } else {
                    self = .number(try container.decode(Double.self))
                }
            }
        }
        return try JSONDecoder().decode(Answer.self, from: answer.body).data.result.map { result in
            guard case .text(let text)? = result.value.last, let value = Double(text) else {
                throw Missing(what: "a value in \(answer.text)")
            }
            return (result.metric, value)
        }
    }

    /// The value of an expression that has one series; nil where it has none.
    func value(_ expression: String) throws -> Double? { try query(expression).first?.value }
}

import Foundation
import Glibc

/// One Prometheus that scrapes one agent under a known load for as long as Kepler's expressions need, and all that it
/// answered then.
struct Monitoring: Sendable {
    /// The watts of each zone, and its idle part.
    static let watts = ["package": 31.0, "core": 17, "uncore": 3, "dram": 5, "psys": 48, "other": 12]
    static let idleWatts = ["package": 11.0, "core": 4, "uncore": 1, "dram": 2, "psys": 19, "other": 6]
    static let node = "node-a"

    let truth: Truth
    /// When the rules were evaluated whose results are seen.
    let rulesAt: Double
    let containers: [TestNode.Workload]
    /// The process at work in the first container.
    let pid: pid_t
    /// Where each zone is read.
    let folders: [String: String]
    /// The kernel's own account of each container, when the last sample was taken.
    let cpuSeconds: [String: Double]
    let memory: [String: (resident: Double, workingSet: Double)]
    /// Vectors by expression.
    let answers: [String: Result<[Series], Missing>]
    /// Values by variable.
    let values: [String: Set<String>]

    /// One element of an instant vector.
    struct Series: Sendable {
        let labels: [String: String]
        let value: Double
    }

    /// The one session of this test run, and its answers.
    static let once = Result { try run() }

    /// Lets everything run until the subqueries have their points, then asks. Takes two to four and a half minutes.
    private static func run() throws -> Monitoring {
        // A subquery's points are at whole multiples of its step: two minutes apart, the first soon after the start.
        let lead = 15.0
        let now = Date().timeIntervalSince1970
        let first = ((now + lead) / 120).rounded(.up) * 120
        usleep(UInt32((first - lead - now) * 1e6))
        let simulator = try Simulator(package: 31, core: 17, dram: 5, uncore: 3, psys: 48)
        defer { simulator.stop() }
        let node = try TestNode()
        defer { node.stop() }
        let agent = try AgentUnderTest(
            [
                "--sysfs", simulator.root, "--compat", "0.9,0.11,0.3", "--levels", "node,container,pod,process,vm",
                "--interval", "\(Int(Prometheus.interval))s", "--cadvisor", "on", "--pod-logs", node.logs.path,
                "--node-name", Self.node,
                // Whatever else this machine runs shall not make the page long, nor appear late with all that it had.
                "--retain-max", "300", "--name-wait", "0s",
            ] + idleWatts.sorted { $0.key < $1.key }.flatMap { ["--idle-watts", "\(zone($0.key))=\($0.value)"] })
        let prometheus = try Prometheus(agent.port)
        // What a page says is read when there is time for it.
        var pages: [PageText] = []
        var times: [Double] = []
        var last = 0.0
        // On a loaded machine, until nothing was missed for a while.
        while last < first + 125 || (last < first + 160 && !isSteady(sampled: times, for: 25)) {
            // The page that Prometheus gets, so that it is rendered once for both.
            let page = try? agent.request("GET", "/metrics", accept: "application/openmetrics-text;version=1.0.0")
            let excerpt = PageText(page?.body ?? "").only(LedgerHistory.families)
            if let sampled = excerpt.series(of: "brahe_sample_timestamp_seconds").first?.value, sampled > last {
                pages.append(excerpt)
                times.append(sampled)
                last = sampled
            } else if Date().timeIntervalSince1970 > last + 30, last > 0 {
                throw Missing(what: "a page of the agent after \(pages.count) samples; \(agent.account)")
            }
            let due = last + Prometheus.interval + 0.02 - Date().timeIntervalSince1970
            usleep(UInt32(max(0.05, min(Prometheus.interval, due)) * 1e6))
        }
        let cpu = try node.containers.map { ($0.id, try node.cpuSeconds(of: $0)) }
        let memory = try node.containers.compactMap { it in try node.memory(of: it).map { (it.id, $0) } }
        // A scrape takes a moment, and is as of when it began.
        usleep(UInt32((Prometheus.interval + 0.5) * 1e6))
        let seen = try prometheus.points("brahe_sample_timestamp_seconds[10m]", at: last)
        let up = try prometheus.points("up[10m]", at: last)
        let at = try latest(up.map { ($0.time, $0.labels["job"] ?? "", $0.value == 1) })
        let failures = up.filter { $0.value == 0 }.reduce(into: [:]) {
            $0[$1.labels["job"] ?? "", default: []].append($1.time)
        }
        var history = LedgerHistory(idleWatts: idleWatts, containers: node.containers)
        for page in pages { history.append(page) }
        for (_, _, sampled) in seen { _ = history.place(ofSampleAt: sampled) }
        var scrapes: [String: [Truth.Moment]] = [:]
        for (time, labels, sampled) in seen where time <= at {
            guard let state = history.place(ofSampleAt: sampled) else {
                throw Missing(what: "the sample of \(sampled) that was scraped at \(time)")
            }
            scrapes[labels["job"] ?? "", default: []].append(.init(time: time, state: state))
        }
        let rules = try prometheus.points("kepler:container_package_watts:2m:by_ns_pod[10s]", at: at)
        var answers: [String: Result<[Series], Missing>] = [:]
        for expression in Dashboard.all.flatMap({ $0.texts(pid: node.pid) }) where answers[expression] == nil {
            answers[expression] = Result { try prometheus.ask(expression, at: at) }.mapError {
                $0 as? Missing ?? Missing(what: "\($0)")
            }
        }
        var values: [String: Set<String>] = [:]
        for (selector, label) in Dashboard.all.flatMap(\.selectors) {
            values["\(selector), \(label)"] = try prometheus.values(of: label, selector, at: at)
        }
        prometheus.stop()
        return Monitoring(
            truth: Truth(history: history, scrapes: scrapes, failures: failures, at: at),
            rulesAt: rules.map(\.time).max() ?? 0,
            containers: node.containers, pid: node.pid, folders: simulator.folders,
            cpuSeconds: Dictionary(uniqueKeysWithValues: cpu), memory: Dictionary(uniqueKeysWithValues: memory),
            answers: answers, values: values)
    }

    /// Whether every sample of the last seconds was polled.
    private static func isSteady(sampled times: [Double], for seconds: Double) -> Bool {
        let recent = times.filter { $0 > (times.last ?? 0) - seconds }
        return zip(recent, recent.dropFirst()).allSatisfy { $1 - $0 < Prometheus.interval * 1.5 }
    }

    /// The last time at which the latest scrape of each job was good.
    private static func latest(_ scrapes: [(time: Double, job: String, isGood: Bool)]) throws -> Double {
        let jobs = Set(scrapes.map(\.job))
        for time in scrapes.map(\.time).sorted(by: >) {
            let past = scrapes.filter { $0.time <= time }
            if jobs.allSatisfy({ job in past.last { $0.job == job }?.isGood == true }) { return time + 0.001 }
        }
        throw Missing(what: "a moment when no scrape failed")
    }

    private static func zone(_ kind: String) -> String { ["psys", "other"].contains(kind) ? kind : kind + "-0" }
}

/// A real Prometheus with Kepler's recording rules, which scrapes one agent three times over:
/// - `dev`: as it is.
/// - `kepler-latest`: the current generation alone, as of another node; dashboards compare the two.
/// - `metal`: the eBPF generation renamed as Kepler's own developers rename that of an old Kepler, and what the zones
///   counted under the names of node_exporter.
final class Prometheus {
    private let folder: Scratch
    private let running: Running
    private let url: String

    /// Where the rules are that we ship.
    static let rules =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/deploy/prometheus/kepler-compat-rules.yaml"

    /// Seconds between scrapes, and between samples.
    static let interval = 2.0

    init(_ agent: UInt16) throws {
        folder = try Scratch()
        // Not once a minute, which would take as long again.
        let text = try String(contentsOfFile: Self.rules, encoding: .utf8)
        let hasty = text.split(separator: "\n").map { line in
            line.contains("interval: ") && !line.hasPrefix("#") ? "    interval: 1s" : String(line)
        }
        try folder.write("rules.yml", hasty.joined(separator: "\n") + "\n")
        let target = "static_configs: [{targets: ['127.0.0.1:\(agent)'], labels: {instance: \(Monitoring.node)}}]"
        let time = "brahe_sample_timestamp_seconds"
        let configuration = """
            global: {scrape_interval: \(Int(Self.interval))s, scrape_timeout: \(Int(Self.interval))s, evaluation_interval: 1s}
            rule_files: [rules.yml]
            scrape_configs:
              - job_name: dev
                \(target)
              - job_name: kepler-latest
                \(target.replacing(Monitoring.node, with: "node-b"))
                metric_relabel_configs:
                  - {source_labels: [__name__], action: keep, regex: 'kepler_(node|process|container)_cpu_.*|kepler_build_info|\(time)'}
                  - {source_labels: [node_name], regex: .+, target_label: node_name, replacement: node-b}
              - job_name: metal
                \(target)
                metric_relabel_configs:
                  - {source_labels: [__name__], action: keep, regex: 'kepler_(node|container)_(package|platform)_joules_total|brahe_zone_joules_total|\(time)'}
                  - {source_labels: [__name__], regex: '(kepler_.*)', target_label: __name__, replacement: old_$1}
                  - {source_labels: [__name__, zone], regex: 'brahe_zone_joules_total;(.*)', target_label: __name__, replacement: 'node_rapl_${1}_joules_total'}
                  - {source_labels: [__name__], regex: node_rapl_package_joules_total, target_label: path, replacement: '/host/sys/class/powercap/intel-rapl:0'}
            """
        try folder.write("prometheus.yml", configuration)
        let port = try Here.freePort()
        url = "http://127.0.0.1:\(port)/api/v1/"
        running = try Running(
            "/usr/bin/prometheus",
            [
                "--config.file=\(folder("prometheus.yml"))", "--storage.tsdb.path=\(folder("data"))",
                "--web.listen-address=127.0.0.1:\(port)",
            ])
    }

    /// Ends it.
    func stop() {
        kill(running.pid, SIGTERM)
        _ = running.wait()
    }

    /// An instant vector.
    func ask(_ expression: String, at time: Double) throws -> [Monitoring.Series] {
        try result(expression, time).compactMap { element in
            guard let pair = element["value"] as? [Any], let value = (pair[1] as? String).flatMap({ Double($0) }) else {
                return nil
            }
            return .init(labels: element["metric"] as? [String: String] ?? [:], value: value)
        }
    }

    /// The points of a range vector.
    func points(_ selector: String, at time: Double) throws -> [(time: Double, labels: [String: String], value: Double)]
    {
        try result(selector, time).flatMap { element -> [(time: Double, labels: [String: String], value: Double)] in
            let labels = element["metric"] as? [String: String] ?? [:]
            return (element["values"] as? [[Any]] ?? []).compactMap { pair in
                guard let time = pair[0] as? Double, let value = (pair[1] as? String).flatMap({ Double($0) }) else {
                    return nil
                }
                return (time: time, labels: labels, value: value)
            }
        }
    }

    /// What `label_values(selector, label)` is for Grafana.
    func values(of label: String, _ selector: String, at time: Double) throws -> Set<String> {
        let range = ["start=\(time - 3600)", "end=\(time)"].flatMap { ["-d", $0] }
        let answer = try Curl(
            "\(url)label/\(label)/values", ["-G", "--data-urlencode", "match[]=\(selector)"] + range)
        return Set(try data(answer, selector) as? [String] ?? [])
    }

    private func result(_ expression: String, _ time: Double) throws -> [[String: Any]] {
        let answer = try Curl(url + "query", ["--data-urlencode", "query=\(expression)", "-d", "time=\(time)"])
        return (try data(answer, expression) as? [String: Any])?["result"] as? [[String: Any]] ?? []
    }

    private func data(_ answer: Curl, _ what: String) throws -> Any? {
        guard answer.status == 200, let json = try JSONSerialization.jsonObject(with: answer.body) as? [String: Any]
        else { throw Missing(what: "an answer to \(what): \(answer.status) \(answer.text) \(answer.complaint)") }
        return json["data"]
    }
}

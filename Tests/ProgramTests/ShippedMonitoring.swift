import Documents
import Foundation
import Glibc
import Testing

/// A real Prometheus with everything of deploy/prometheus, and all that it answered to the dashboards of deploy/grafana.
///
/// It finds three nodes: `node-a` has all there is, `node-b` has no RAPL and speaks TLS with a password, and on `node-c`,
/// which is found as Kubernetes' pods are, nobody listens.
struct ShippedMonitoring: Sendable {
    /// One element of an instant vector.
    struct Series: Equatable, Sendable {
        let labels: [String: String]
        let value: Double
    }

    /// The watts of each zone, and its idle part; `other` is what psys has beyond package and dram.
    static let watts = ["package": 31.0, "core": 17, "uncore": 3, "dram": 5, "psys": 48, "other": 12]
    static let idleWatts = ["package": 11.0, "core": 4, "uncore": 1, "dram": 2, "psys": 19, "other": 6]
    /// Seconds that rates are over.
    static let range = 30
    /// The container that the container's dashboard is asked for.
    static let pod = "helm-controller-9b6bb4f68-k2vp7"

    let containers: [TestNode.Workload]
    /// By dashboard, then by query: with a node and its parts chosen, and with everything, where that is more.
    let answers: [String: [String: [Series]]]
    let answersOfAll: [String: [String: [Series]]]
    /// By dashboard, then by variable.
    let values: [String: [String: Set<String>]]
    /// Prometheus' own account of its rules, and the alerts that there are.
    let rules: JSON
    let alerts: [Series]
    let up: [Series]
    /// What each recording rule gave.
    let records: [String: [Series]]

    /// The one session of this test run.
    static let once = Result { try run() }

    /// Takes three quarters of a minute.
    private static func run() throws -> ShippedMonitoring {
        let simulator = try Simulator(package: 31, core: 17, dram: 5, uncore: 3, psys: 48)
        defer { simulator.stop() }
        let node = try TestNode()
        defer { node.stop() }
        // The agent is a pod, too.
        let uid = Here.podUID()
        let own = try TestCgroup(pod: uid)
        try Self.log(own, uid, in: node.logs)
        let idle = Self.idleWatts.flatMap { kind, watts in
            ["--idle-watts", "\(["psys", "other"].contains(kind) ? kind : kind + "-0")=\(watts)"]
        }
        let agent = try AgentUnderTest(
            [
                "--sysfs", simulator.root, "--pod-logs", node.logs.path, "--node-name", "node-a", "--interval",
                "250ms", "--name-wait", "0s",
            ] + idle,
            through: own.entry)
        let secured = try SecuredAgent()
        let prometheus = try ShippedPrometheus(agent.port, secured)
        defer { prometheus.stop() }
        try prometheus.storeRuns()
        let begin = "min_over_time(timestamp(brahe_samples_total{instance=\"node-a\"})[10m:1s])"
        var first: Double?
        try prometheus.running.await("a scrape") {
            first = (try? prometheus.ask(begin, at: Date().timeIntervalSince1970))?.first?.value
            return first != nil
        }
        // Every window is full, and every rule was evaluated over a full one.
        let end = (first ?? 0) + Double(Self.range) + 5
        usleep(UInt32(max(0, end - Date().timeIntervalSince1970) * 1e6))
        let at = Date().timeIntervalSince1970 - 0.5

        var answers: [String: [String: [Series]]] = [:]
        var answersOfAll: [String: [String: [Series]]] = [:]
        var values: [String: [String: Set<String>]] = [:]
        for name in ShippedDashboard.names {
            let dashboard = try ShippedDashboard(name)
            let chosen = Self.chosen[name] ?? [:]
            let intervals = [
                "__rate_interval": "\(Self.range)s", "__range": name == "runs" ? "90d" : "\(Self.range)s",
                "__interval": "1h",
            ]
            for query in dashboard.queries {
                let text = dashboard.filled(query.text, chosen, intervals)
                answers[name, default: [:]][query.key] = try prometheus.ask(text, at: at)
                guard ["node", "container"].contains(name) else { continue }
                let all = dashboard.filled(query.text, [:], intervals)
                answersOfAll[name, default: [:]][query.key] = try prometheus.ask(all, at: at)
            }
            for variable in dashboard.variables {
                let text = dashboard.filled(variable["definition"].string ?? "", chosen, intervals)
                values[name, default: [:]][variable["name"].string ?? ""] = try prometheus.values(text)
            }
        }
        let rules = try prometheus.get("rules")["data"]
        var records: [String: [Series]] = [:]
        for rule in rules["groups"].array.flatMap({ $0["rules"].array }) where rule["type"] == "recording" {
            let name = rule["name"].string ?? ""
            records[name] = try prometheus.ask(name, at: at)
        }
        return ShippedMonitoring(
            containers: node.containers, answers: answers, answersOfAll: answersOfAll, values: values, rules: rules,
            alerts: try prometheus.ask("ALERTS", at: at), up: try prometheus.ask("up", at: at), records: records)
    }

    /// What is chosen in each dashboard; all of what is not named.
    private static let chosen = [
        "node": ["instance": ["node-a"]], "namespace": ["instance": ["node-a"]],
        "container": ["instance": ["node-a"], "namespace": ["flux-system", "shop"], "pod": [pod]], "runs": chosenRuns,
    ]

    /// What a kubelet does for the agent's own pod.
    private static func log(_ cgroup: TestCgroup, _ uid: String, in logs: Scratch) throws {
        let name = "pods/brahe_brahe-agent-x7k2p_\(uid)/agent"
        try FileManager.default.createDirectory(atPath: logs(name), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: logs("containers/brahe-agent-x7k2p_brahe_agent-\(cgroup.id).log"),
            withDestinationPath: try logs.write(name + "/0.log", ""))
    }
}

import Documents
import Foundation
import Host
import StandIns
import Testing

/// Everything that `brahe pipeline` needs, emulated and with short times: a cluster, an agent, a project and its load.
final class PipelineUnderTest {
    let folder: Scratch
    let cluster: EmulatedCluster
    let agent: AgentUnderTest
    /// The kubectl that brahe uses.
    let kubectl: String
    /// What was in the cluster before any run.
    private let before: Set<String>

    /// The usual project is `shop`: Flux brings its Deployment, and a Deployment of load is its benchmark.
    ///
    /// `manifests` are files below the folder of projects by their paths; `switches` are the emulated cluster's and go
    /// over the usual ones; with `processes` containers are real processes, whose names the agent is told by their
    /// logs; `agent` are further options of the agent.
    init(
        manifests: [String: String] = shop, switches: JSON = [:], processes: Bool = false,
        kubectl: String? = Kubectls.all.last, agent options: [String] = []
    ) throws {
        folder = try Scratch()
        cluster = try EmulatedCluster(Self.merge(Self.switches, switches), processes: processes)
        let logs = processes ? ["--pod-logs", cluster.folder + "/log"] : []
        agent = try AgentUnderTest(["--source", "estimator"] + logs + options)
        self.kubectl = try #require(kubectl, "no kubectl; make test unpacks one")
        before = Set(try Self.everything(in: cluster).map(Self.name))
        for (name, text) in manifests {
            let path = folder("projects/" + name)
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try folder.write("projects/" + name, text)
        }
    }

    /// Delays of the cluster in seconds, and what Flux finds in the artifact of `shop`.
    static let switches: JSON = [
        "seconds": [
            "source": .number(0.05), "reconcile": .number(0.1), "start": .number(0.05), "ready": .number(0.1),
            "terminate": .number(0.1), "collect": .number(0.05), "job": .number(0.5),
        ],
        "workloads": [
            "shop": [
                [
                    "kind": "Deployment", "name": "shop", "images": ["ghcr.io/acme/shop:0"], "namespace": "benchmark",
                ]
            ]
        ],
    ]

    /// The list of projects and the manifests of `shop`.
    static let shop: [String: String] = [
        "projects.json": """
        {"projects": [{"name": "shop", "organization": "acme",
          "benchmark": {"k8s_manifest_file": "shop/benchmark.yaml", "duration_mins": 1},
          "functional_unit": {"name": "order", "value": 300}}]}
        """,
        "shop/shop.yaml": """
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: OCIRepository
        metadata: {name: shop}
        spec: {url: oci://ghcr.io/acme/shop, ref: {tag: $VERSION}, interval: 1h}
        ---
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        metadata: {name: shop}
        spec:
          sourceRef: {kind: OCIRepository, name: shop}
          path: ./
          prune: true
          interval: 1h
          images: [{name: ghcr.io/acme/shop, newTag: $VERSION}]

        """,
        "shop/benchmark.yaml": """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: load}
        spec:
          selector: {matchLabels: {app: load}}
          template:
            metadata: {labels: {app: load}}
            spec:
              containers:
                - name: load
                  image: busybox:1
                  command: ["/bin/sh", "-c", "while true; do :; done"]

        """,
    ]

    /// Starts `brahe COMMAND` for version 1.10 of `shop` with short times. Of options given twice the last counts; what
    /// follows `--` is the command that is the load.
    func start(
        _ command: String = "pipeline", _ options: [String] = [], environment: [String: String] = [:]
    ) throws -> Running {
        let usual = [
            "--project", "shop", "--version", "1.10", "--projects", folder("projects/projects.json"), "--agent",
            "http://127.0.0.1:\(agent.port)", "--baseline", "0s", "--idle", "0s", "--for", "1s", "--poll", "50ms",
            "--deploy-timeout", "30s", "--benchmark-timeout", "30s", "--cleanup-timeout", "30s", "--lock",
            folder("lock"),
        ]
        return try brahe([command] + usual + connection + options, environment)
    }

    /// Starts `brahe resume`, `run` or `cleanup` with a run that is there, the latest one if none is named.
    func take(
        _ command: String, _ run: String? = nil, _ options: [String] = [], environment: [String: String] = [:]
    ) throws -> Running {
        try brahe([command, run ?? runs.last ?? "", "--runs", folder("runs")] + options, environment)
    }

    /// Starts `brahe cleanup --sweep`.
    func sweep(_ options: [String] = [], environment: [String: String] = [:]) throws -> Running {
        try brahe(["cleanup", "--sweep", "--cleanup-timeout", "30s"] + connection + options, environment)
    }

    /// Starts brahe with these arguments and no others, in surroundings that nothing else on this machine has changed.
    func brahe(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Running {
        let known = [
            // kubectl keeps what it discovers there, and another cluster may have had the same port.
            "HOME": folder.path, "GITHUB_STEP_SUMMARY": "", "GITHUB_EVENT_NAME": "", "GITHUB_REF_NAME": "",
            "GITHUB_RUN_ID": "", "KUBECONFIG": "",
        ]
        return try Running(Here.program("brahe"), arguments, environment: known.merging(environment) { $1 })
    }

    /// The options that say which cluster, and where the runs are.
    var connection: [String] {
        ["--kubeconfig", cluster.kubeconfig, "--kubectl", kubectl, "--runs", folder("runs")]
    }

    /// Runs something to its end and checks its exit code.
    @discardableResult func ends(
        _ running: Running, with code: Int32 = 0, _ location: SourceLocation = #_sourceLocation
    ) -> Running {
        let ended = running.wait()
        #expect(ended == code, "\(running.outputText)\(running.errorText)", sourceLocation: location)
        return running
    }

    /// The runs' names, the oldest first.
    var runs: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder("runs"))) ?? []).sorted()
    }

    /// A file of a run, the latest one if none is named; empty if there is none.
    func text(_ name: String, of run: String? = nil) -> String {
        (try? String(contentsOfFile: folder("runs/\(run ?? runs.last ?? "")/\(name)"), encoding: .utf8)) ?? ""
    }

    /// The report of a run, the latest one if none is named; throws if there is none.
    func report(of run: String? = nil) throws -> JSON { try JSON(parsing: text("run.json", of: run)) }

    /// The journal of a run, one entry a line.
    func journal(of run: String? = nil) -> [JSON] {
        text("journal.jsonl", of: run).split(separator: "\n").compactMap { try? JSON(parsing: String($0)) }
    }

    /// Whether a run, the latest one if none is named, has begun a step.
    func hasBegun(_ step: String, of run: String? = nil) -> Bool {
        journal(of: run).contains { $0["step"].string == step && $0["phase"].string == "intent" }
    }

    /// What `brahe status` says of a run.
    func status(of run: String? = nil) throws -> JSON {
        let status = ends(try take("status", run, ["--json"]))
        return try JSON(parsing: status.outputText)
    }

    /// What is in the cluster that was not there before the first run, as `KIND NAMESPACE/NAME`; also leases.
    func left() throws -> [String] {
        try Self.everything(in: cluster).map(Self.name).filter { !before.contains($0) }
    }

    /// Checks that nothing of any run is in the cluster: no object, no pod, no lease.
    func checkIsEmpty(
        _ circumstances: @autoclosure () -> String = "", _ location: SourceLocation = #_sourceLocation
    ) throws {
        let left = try left()
        #expect(left.isEmpty, "\(left): \(circumstances())", sourceLocation: location)
    }

    /// The window of a report with this name: `baseline`, `idle` or `run`.
    static func window(_ name: String, in report: JSON) -> JSON {
        report["windows"].array.first { $0["name"].string == name } ?? .null
    }

    /// How long that window is, in seconds.
    static func seconds(of name: String, in report: JSON) throws -> Double {
        let window = window(name, in: report)
        guard let start = window["start"].string.flatMap(Moment.init),
            let end = window["end"].string.flatMap(Moment.init)
        else { throw Missing(what: "the window \(name) in \(report["windows"].line)") }
        return Double(end - start) / 1000
    }

    /// What the pods of a scope used: `project`, `workload`, `namespace` or `node`.
    static func scope(_ name: String, in report: JSON) -> JSON {
        report["results"]["scopes"].array.first { $0["scope"].string == name } ?? .null
    }

    /// The second over the first, object by object.
    private static func merge(_ one: JSON, _ other: JSON) -> JSON {
        guard case .object(let members) = one, case .object(let others) = other else { return other }
        return .object(members.merging(others) { merge($0, $1) })
    }

    private static func everything(in cluster: EmulatedCluster) throws -> [JSON] {
        let answer = HTTPRequest("GET", cluster.url + "/emulator").answer()
        guard answer.status == 200 else { throw Missing(what: "the cluster's objects: \(answer.reason)") }
        return try JSON(parsing: answer.body)["objects"].array
    }

    private static func name(_ object: JSON) -> String {
        let metadata = object["metadata"]
        return "\(object["kind"].string ?? "") \(metadata["namespace"].string ?? "")/\(metadata["name"].string ?? "")"
    }
}

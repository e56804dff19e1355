import Cluster
import Deployment
import Documents
import Foundation
import Host
import StandIns
import Testing

/// A project in an emulated cluster, and what a run does with it, with times scaled down.
final class DeployFixture {
    static let run = "20261121T080000Z-falco-1.10-01"
    let cluster: EmulatedCluster
    let manifest: Manifest
    let file: String
    let kubectl: Kubectl
    var version: String? = "1.10"
    /// What was said so far.
    private(set) var said: [String] = []
    /// How often it was ticked.
    private(set) var ticks = 0
    var onTick: () throws(Failure) -> Void = {}

    /// Falco as upstream deploys it, in a DaemonSet.
    static let workloads: JSON = [
        "falco-testing": [["kind": "DaemonSet", "name": "falco", "images": ["falcosecurity/falco:1.10-debian"]]]
    ]

    init(
        _ text: String = ManifestTests.falco, switches: JSON = [:], kubectl program: String? = nil,
        run: String = DeployFixture.run
    ) throws {
        var members: [String: JSON] = [
            "seconds": [
                "source": .number(0.05), "reconcile": .number(0.1), "start": .number(0.05), "ready": .number(0.1),
                "terminate": .number(0.1),
            ],
            "workloads": Self.workloads,
        ]
        for (name, value) in switches.object { members[name] = value }
        cluster = try EmulatedCluster(.object(members))
        manifest = try Manifest(
            [.init(path: "falco.yaml", text: text)], version: "1.10", run: run, namespace: "benchmark")
        file = try cluster.write(manifest.rendered)
        kubectl = if let program { cluster.kubectl(program) } else { cluster.kubectl() }
    }

    /// So many seconds to wait, five looks a second.
    func patience(_ seconds: Double) -> Patience {
        var patience = Patience(limitMilliseconds: Int64(seconds * 1000))
        patience.everyMilliseconds = 50
        patience.graceMilliseconds = 300
        patience.say = { [unowned self] in said.append($0) }
        patience.tick = { [unowned self] () throws(Failure) in
            ticks += 1
            try onTick()
        }
        return patience
    }

    /// The API server answers with 503 for a while, and closes its connections for a while longer.
    func serverFails(fromTick first: Int, to last: Int) {
        onTick = { [unowned self] () throws(Failure) in
            if ticks == first { try? cluster.set(["failing": 503]) }
            guard ticks == last else { return }
            try? cluster.set(["failing": .null])
            try? cluster.goAway(seconds: 1)
        }
    }

    func deploy(_ seconds: Double = 20) -> Deploy {
        Deploy(kubectl: kubectl, manifest: manifest, run: Self.run, version: version, patience: patience(seconds))
    }

    func cleanup(_ seconds: Double = 20) -> Cleanup {
        Cleanup(
            kubectl: kubectl, objects: manifest.objects.map(\.reference), run: Self.run, patience: patience(seconds))
    }

    /// Preflight, apply and wait.
    @discardableResult
    func deployed(_ seconds: Double = 20) throws -> Deployed {
        _ = try deploy(seconds).preflight()
        try deploy(seconds).apply(file: file)
        return try deploy(seconds).awaitReady()
    }

    /// Survey, delete and wait; then nothing of it is there.
    func clean(_ seconds: Double = 20, known: Footprint = Footprint()) throws {
        let footprint = try cleanup(seconds).survey(known: Footprint(json: known.json))
        try cleanup(seconds).remove(footprint)
        let remains = try cleanup().remains(footprint)
        guard remains.isEmpty else { throw EmulatedCluster.Unusable(what: "\(remains)") }
    }

    /// What is left of the project in the cluster.
    func left() throws -> [String] {
        try ["Kustomization", "HelmRelease", "GitRepository", "HelmRepository", "DaemonSet", "Deployment", "Pod"]
            .flatMap { kind in try cluster.objects(kind).map { "\(kind) \($0["metadata"]["name"].string ?? "")" } }
    }

    /// The failure that something ends with.
    static func failure(_ work: () throws -> Void) throws -> Failure {
        do {
            try work()
        } catch let failure as Failure {
            return failure
        }
        throw EmulatedCluster.Unusable(what: "it did not fail")
    }
}

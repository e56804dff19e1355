import Cluster
import Deployment
import Documents
import Host
import StandIns
import Testing

struct CleanupTests {
    @Test(arguments: Kubectls.all)
    func nothingIsLeftAndDoingItAgainIsNoHarm(_ program: String) throws {
        let fixture = try DeployFixture(kubectl: program)
        try fixture.deployed()
        #expect(try fixture.left().contains { $0.hasPrefix("Pod ") })
        try fixture.clean()
        #expect(try fixture.left() == [])
        try fixture.clean()
        #expect(try fixture.cleanup().remains(Footprint()) == [])
        // The release goes before its source.
        let deletions = try fixture.cluster.requests().filter { $0.hasPrefix("DELETE ") }
        let release = try #require(deletions.firstIndex { $0.contains("/kustomizations/") })
        let source = try #require(deletions.firstIndex { $0.contains("/gitrepositories/") })
        #expect(release < source)
    }

    @Test func podsThatOutliveTheirKustomizationAreAwaited() throws {
        let fixture = try DeployFixture(switches: ["pods": ["falco": ["outlive": 2]]])
        try fixture.deployed()
        try fixture.clean()
        #expect(try fixture.left() == [])
        #expect(fixture.said.contains { $0.contains("still there: Pod benchmark/falco-") })
    }

    @Test func aFinalizerThatStaysIsNamed() throws {
        let fixture = try DeployFixture(switches: ["flux": ["falco-testing": ["finalizer": "never"]]])
        try fixture.deployed()
        let failure = try DeployFixture.failure { try fixture.clean(1.5) }
        #expect(failure.exit == .cleanup)
        #expect(
            failure.message.hasPrefix(
                "still there: Kustomization benchmark/falco-testing (finalizers: finalizers.fluxcd.io); given up after")
        )
        // Its source stays, for whoever mends it.
        #expect(try fixture.left().contains("GitRepository falco-testing"))
        try fixture.cluster.set(["flux": .null])
        try fixture.clean()
        #expect(try fixture.left() == [])
    }

    @Test func aSlowFinalizerIsWaitedFor() throws {
        let fixture = try DeployFixture(switches: ["flux": ["falco-testing": ["finalizer": 1]]])
        try fixture.deployed()
        try fixture.clean()
        #expect(try fixture.left() == [])
    }

    @Test func whatIsSuspendedIsResumedSoThatNothingIsOrphaned() throws {
        let fixture = try DeployFixture()
        try fixture.deployed()
        let kustomization = fixture.manifest.objects[1].reference
        try fixture.kubectl.run([
            "patch", kustomization.resource, kustomization.name, "--namespace", "benchmark", "--type", "merge",
            "--patch",
            #"{"spec":{"suspend":true}}"#,
        ])
        let footprint = try fixture.cleanup().survey()
        #expect(footprint.objects.map(\.description) == ["DaemonSet benchmark/falco"])
        try fixture.cleanup().remove(footprint)
        #expect(try fixture.left() == [])
        #expect(fixture.said.contains { $0.contains("is suspended; resuming it") })
        #expect(!fixture.said.contains { $0.contains("what Flux has left") })
    }

    @Test func whatFluxHasLeftIsDeletedIfItIsOurs() throws {
        let fixture = try DeployFixture()
        try fixture.deployed()
        let footprint = try fixture.cleanup().survey()
        // Somebody takes the finalizer off, as people do when a deletion hangs.
        try fixture.cluster.remove("Kustomization", "falco-testing")
        #expect(try fixture.cleanup().remains(footprint).contains("DaemonSet benchmark/falco"))
        try fixture.cleanup().remove(Footprint(json: footprint.json))
        #expect(try fixture.left() == [])
        #expect(fixture.said.contains("deleting what Flux has left: DaemonSet benchmark/falco"))
    }

    @Test func whatIsNotOursAnyMoreIsNamedAndNotDeleted() throws {
        let fixture = try DeployFixture(switches: ["flux": ["falco-testing": ["adopted": true]]])
        try fixture.deployed()
        let failure = try DeployFixture.failure { try fixture.clean(1.5) }
        #expect(failure.exit == .cleanup)
        #expect(failure.message.contains("still there: DaemonSet benchmark/falco; given up"))
        #expect(try fixture.left().contains("DaemonSet falco"))
    }

    @Test func aHalfAppliedManifestIsCleanedUp() throws {
        let fixture = try DeployFixture(switches: ["flux": ["falco-testing": ["never": true]]])
        _ = try DeployFixture.failure { try fixture.deployed(0.5) }
        // The first object only, as if the run had died while applying.
        try fixture.cluster.remove("Kustomization", "falco-testing")
        #expect(try fixture.left() == ["GitRepository falco-testing"])
        try fixture.clean()
        #expect(try fixture.left() == [])
    }

    @Test func anAbsentServerIsWaitedFor() throws {
        let fixture = try DeployFixture(switches: ["flux": ["falco-testing": ["finalizer": 1]]])
        try fixture.deployed()
        fixture.serverFails(fromTick: fixture.ticks + 3, to: fixture.ticks + 6)
        try fixture.clean()
        #expect(try fixture.left() == [])
        #expect(fixture.said.contains { $0.hasPrefix("the API server does not answer: ") })
    }

    @Test func aHelmReleaseFromAnOCIRepositoryComesAndGoes() throws {
        let text = """
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: HelmRepository
            metadata: {name: charts}
            spec: {type: oci, interval: 5m, url: "oci://r.example/charts"}
            ---
            apiVersion: helm.toolkit.fluxcd.io/v2
            kind: HelmRelease
            metadata: {name: falco}
            spec:
              interval: 5m
              chart: {spec: {chart: falco, sourceRef: {kind: HelmRepository, name: charts}}}
              values: {image: {tag: $VERSION}}
            """
        let workload: JSON = [["kind": "Deployment", "name": "falco", "images": ["falcosecurity/falco:0"]]]
        let fixture = try DeployFixture(text, switches: ["workloads": ["falco": workload]])
        let deployed = try fixture.deployed()
        #expect(deployed.pods.flatMap { $0.containers.map(\.image) } == ["falcosecurity/falco:1.10"])
        #expect(deployed.workloads.map(\.reference.description) == ["Deployment benchmark/falco"])
        try fixture.clean()
        #expect(try fixture.left() == [])
    }

    @Test func whatMayNotBeSeenIsSaidAndDoesNotStopTheRest() throws {
        let workloads: JSON = [
            ["kind": "DaemonSet", "name": "falco", "images": ["falcosecurity/falco:1.10-debian"]],
            ["apiVersion": "v1", "kind": "Secret", "metadata": ["name": "s"]],
        ]
        let fixture = try DeployFixture(switches: [
            "workloads": ["falco-testing": workloads], "forbidden": ["secrets"],
        ])
        try fixture.deployed()
        try fixture.clean()
        #expect(try fixture.left() == [])
        #expect(fixture.said.contains { $0.hasPrefix("whether Secret benchmark/s goes is not looked at") })
    }

    @Test func aSweepFindsEveryRunAndClearsItAway() throws {
        let fixture = try DeployFixture(run: "run-1")
        let second = """
            {apiVersion: v1, kind: Namespace, metadata: {name: other}}
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: other}, data: {a: b}}
            """
        let manifest = try Manifest(
            [.init(path: "b", text: second)], version: nil, run: "run-2", namespace: "benchmark")
        for text in [fixture.manifest.rendered, manifest.rendered] {
            try fixture.kubectl.run(["apply", "--validate=false", "-f", "-"], input: text)
        }
        let found = try fixture.kubectl.labelled()
        #expect(found.unseen == [])
        #expect(
            found.runs.mapValues { $0.map(\.kind) } == [
                "run-1": ["GitRepository", "Kustomization"], "run-2": ["Namespace", "ConfigMap"],
            ])
        for (run, objects) in found.runs {
            let cleanup = Cleanup(kubectl: fixture.kubectl, objects: objects, run: run, patience: fixture.patience(20))
            try cleanup.remove(try cleanup.survey())
        }
        #expect(try fixture.kubectl.labelled().runs.isEmpty)
        #expect(try fixture.left() == [])
    }
}

import Cluster
import Deployment
import Documents
import Host
import StandIns
import Testing

struct DeployTests {
    @Test(arguments: Kubectls.all)
    func aProjectIsDeployedAndItsFactsAreKnown(_ program: String) throws {
        let fixture = try DeployFixture(kubectl: program)
        #expect(try fixture.deploy().preflight().isEmpty)
        let deployed = try fixture.deployed()
        #expect(deployed.objects.map(\.kind) == ["GitRepository", "Kustomization"])
        #expect(deployed.revisions.values.allSatisfy { $0.hasPrefix("main@sha1:") } && deployed.revisions.count == 1)
        #expect(deployed.workloads.map(\.reference.description) == ["DaemonSet benchmark/falco"])
        let pod = try #require(deployed.pods.first)
        #expect(pod.namespace == "benchmark" && pod.node == "node-1")
        #expect(pod.containers.map(\.image) == ["falcosecurity/falco:1.10-debian"])
        #expect(pod.containers[0].imageID.contains("sha256:"))
        #expect(deployed.footprint.objects.map(\.description) == ["DaemonSet benchmark/falco"])
        #expect(deployed.footprint.pods.count == 1)
        // The same run may go on where it was cut off.
        try fixture.deployed()
        #expect(fixture.ticks > 2)
    }

    @Test func whatIsSlowIsWaitedFor() throws {
        let fixture = try DeployFixture(switches: [
            "flux": ["falco-testing": ["fails": ["reason": "BuildFailed", "message": "no such path", "seconds": 1]]]
        ])
        try fixture.deployed()
        let words = "Kustomization benchmark/falco-testing: Ready is False: BuildFailed: no such path"
        #expect(fixture.said.contains { $0.contains(words) })
        // Said once, not at each look.
        #expect(Set(fixture.said).count == fixture.said.count)
    }

    @Test(arguments: Kubectls.all)
    func readinessOfAnEarlierGenerationIsNotTaken(_ program: String) throws {
        let fixture = try DeployFixture(
            switches: ["flux": ["falco-testing": ["stale": .number(1.5)]]], kubectl: program)
        try fixture.deployed()
        #expect(fixture.said.contains { $0.contains("its status is of an older generation") })
    }

    @Test func whatIsStalledEndsTheWaiting() throws {
        let fixture = try DeployFixture(switches: ["flux": ["falco-testing": ["stalled": "retries exhausted"]]])
        let failure = try DeployFixture.failure { try fixture.deployed(60) }
        #expect(failure.exit == .deploy)
        #expect(failure.message == "Kustomization benchmark/falco-testing: Stalled: InvalidSpec: retries exhausted")
    }

    @Test func whatNeverGetsReadyIsNamedInTheEnd() throws {
        let fixture = try DeployFixture(switches: [
            "flux": ["GitRepository/falco-testing": ["fails": ["reason": "GitOperationFailed", "message": "no host"]]]
        ])
        let failure = try DeployFixture.failure { try fixture.deployed(1.5) }
        #expect(failure.exit == .deploy)
        #expect(
            failure.message.hasPrefix(
                "GitRepository benchmark/falco-testing: Ready is False: GitOperationFailed: no host; given up after 1"))
    }

    @Test func theWrongImageIsNotTheVersion() throws {
        let wrong: JSON = [["kind": "DaemonSet", "name": "falco", "images": ["falcosecurity/falco:1.9-debian"]]]
        let fixture = try DeployFixture(
            // The stand-in for kustomize sets the tag, unless the image goes by another name.
            ManifestTests.falco.replacing("docker.io/falcosecurity/falco\n", with: "docker.io/other/falco\n"),
            switches: ["workloads": ["falco-testing": wrong]])
        let failure = try DeployFixture.failure { try fixture.deployed(2) }
        #expect(failure.exit == .deploy)
        let words = "no container runs version 1.10; there are falcosecurity/falco:1.9-debian; given up"
        #expect(failure.message.hasPrefix(words))
        // Any version will do if none was asked for.
        fixture.version = nil
        try fixture.deployed()
    }

    @Test(arguments: Kubectls.all)
    func whatIsNotServedIsSaidBeforeAnythingIsApplied(_ program: String) throws {
        let beta = ManifestTests.falco
            .replacing("source.toolkit.fluxcd.io/v1", with: "source.toolkit.fluxcd.io/v1beta2")
        let fixture = try DeployFixture(beta, kubectl: program)
        let failure = try DeployFixture.failure { try fixture.deployed() }
        #expect(failure.exit == .configuration)
        #expect(
            failure.message == "falco.yaml:1: GitRepository in source.toolkit.fluxcd.io/v1beta2 is not served; "
                + "use source.toolkit.fluxcd.io/v1")
        let old = try DeployFixture(
            beta, switches: ["served": ["source.toolkit.fluxcd.io": ["v1beta2"]]], kubectl: program)
        #expect(
            try old.deploy().preflight() == [
                "falco.yaml:1: GitRepository in source.toolkit.fluxcd.io/v1beta2: "
                    + "Flux 2.8 no longer serves beta versions"
            ])
        try old.deployed()
        let groups = ["kustomize", "helm", "source"].map { ("\($0).toolkit.fluxcd.io", JSON.array([])) }
        let bare = try DeployFixture(switches: ["served": .object(Dictionary(uniqueKeysWithValues: groups))])
        let none = try DeployFixture.failure { try bare.deployed() }
        #expect(none.exit == .configuration && none.message.contains("the cluster has no Flux"))
    }

    @Test func aClusterThatIsNotReadyForTheRunIsLeftAlone() throws {
        let missing = try DeployFixture(ManifestTests.falco, switches: ["namespaces": ["default"]])
        let failure = try DeployFixture.failure { try missing.deployed() }
        #expect(failure == Failure(.configuration, "falco.yaml:1: the cluster has no namespace benchmark"))
        let fixture = try DeployFixture()
        let foreign = try Manifest(
            [.init(path: "x", text: ManifestTests.falco)], version: "1", run: nil, namespace: "benchmark")
        try fixture.kubectl.run(["apply", "--validate=false", "-f", "-"], input: foreign.rendered)
        let refused = try DeployFixture.failure { try fixture.deployed() }
        #expect(refused.exit == .configuration && refused.message.contains("no run has put it there"))
        // Nor does a cleanup touch it.
        try fixture.clean()
        #expect(try fixture.left().contains("Kustomization falco-testing"))
    }

    @Test func whatAnEarlierRunHasLeftIsNamed() throws {
        let fixture = try DeployFixture(run: "earlier-run")
        try fixture.kubectl.run(["apply", "--validate=false", "-f", fixture.file])
        let failure = try DeployFixture.failure { try fixture.deployed() }
        #expect(failure.exit == .locked && failure.message.contains("the run earlier-run is still in the cluster"))
        #expect(failure.message.hasSuffix("brahe cleanup earlier-run"))
        let sweep = try fixture.kubectl.labelled()
        #expect(sweep.runs.mapValues { $0.map(\.kind) } == ["earlier-run": ["GitRepository", "Kustomization"]])
    }

    @Test(arguments: Kubectls.all)
    func anAbsentServerAndAConflictAreTriedAgain(_ program: String) throws {
        let switches: JSON = ["conflicts": 2, "seconds": ["reconcile": .number(1.5)]]
        let fixture = try DeployFixture(switches: switches, kubectl: program)
        fixture.serverFails(fromTick: 3, to: 6)
        try fixture.deployed()
        #expect(fixture.said.contains { $0.hasPrefix("the API server does not answer: ") })
    }

    @Test func aSignalOrALostLeaseEndsTheWaiting() throws {
        let fixture = try DeployFixture(switches: ["flux": ["falco-testing": ["never": true]]])
        fixture.onTick = { [unowned fixture] () throws(Failure) in
            if fixture.ticks > 4 { throw Failure(.terminated, "ended by SIGTERM") }
        }
        #expect(try DeployFixture.failure { try fixture.deployed(60) }.exit == .terminated)
    }

    @Test(arguments: [
        (#"{"pull":"never"}"#, "ImagePullBackOff"), (#"{"exit":{"after":0,"code":1}}"#, "CrashLoopBackOff"),
    ])
    func podsThatCannotRunEndTheWaiting(_ behaviour: String, _ reason: String) throws {
        let fixture = try DeployFixture(switches: ["pods": ["falco": JSON(parsing: behaviour)]])
        let failure = try DeployFixture.failure { try fixture.deployed(60) }
        #expect(failure.exit == .deploy)
        #expect(failure.message.hasPrefix("Pod benchmark/falco-") && failure.message.contains(reason))
    }

    @Test func aSourceMayBeInTheClusterAnyway() throws {
        let parts = ManifestTests.falco.split(separator: "---\n").map(String.init)
        let fixture = try DeployFixture(parts[1])
        try fixture.kubectl.run(["apply", "--validate=false", "-f", "-", "--namespace", "benchmark"], input: parts[0])
        let deployed = try fixture.deployed()
        #expect(deployed.revisions.map(\.key.description) == ["GitRepository benchmark/falco-testing"])
        try fixture.clean()
        // It is none of ours.
        #expect(try fixture.left() == ["GitRepository falco-testing"])
    }

    @Test func plainWorkloadsAreDeployedToo() throws {
        let text = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: app}
            spec:
              replicas: 2
              selector: {matchLabels: {app: app}}
              template:
                metadata: {labels: {app: app}}
                spec: {containers: [{name: app, image: "r.example/app:$VERSION"}]}
            """
        let fixture = try DeployFixture(text)
        let deployed = try fixture.deployed()
        #expect(deployed.pods.count == 2)
        #expect(deployed.footprint.pods == [Footprint.Pods(namespace: "benchmark", selector: "app=app")])
        try fixture.clean(known: deployed.footprint)
        #expect(try fixture.left() == [])
    }

    @Test func aReleaseThatAReleaseHasMadeIsFollowed() throws {
        let release: JSON = [
            "apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": ["name": "inner"],
            "spec": [
                "interval": "5m",
                "chart": ["spec": ["chart": "falco", "sourceRef": ["kind": "HelmRepository", "name": "charts"]]],
                "values": ["image": ["tag": "1.10"]],
            ],
        ]
        let repository: JSON = [
            "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "HelmRepository", "metadata": ["name": "charts"],
            "spec": ["type": "oci", "url": "oci://r.example/charts"],
        ]
        let fixture = try DeployFixture(switches: [
            "workloads": [
                "falco-testing": [repository, release],
                "inner": [["kind": "Deployment", "name": "falco", "images": ["falcosecurity/falco:0"]]],
            ]
        ])
        let deployed = try fixture.deployed()
        #expect(deployed.pods.flatMap { $0.containers.map(\.image) } == ["falcosecurity/falco:1.10"])
        #expect(
            Set(deployed.footprint.objects.map(\.description)) == [
                "HelmRepository benchmark/charts", "HelmRelease benchmark/inner", "Deployment benchmark/falco",
            ])
        // Suspended, it would leave its Deployment, and nothing in the manifest names it.
        try fixture.kubectl.run([
            "patch", "HelmRelease.v2.helm.toolkit.fluxcd.io", "inner", "--namespace", "benchmark", "--type", "merge",
            "--patch", #"{"spec":{"suspend":true}}"#,
        ])
        try fixture.clean(known: deployed.footprint)
        #expect(try fixture.left() == [])
        #expect(!fixture.said.contains { $0.contains("what Flux has left") })
    }
}

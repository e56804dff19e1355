import Cluster
import Documents
import Foundation
import StandIns
import Testing

/// Every kubectl of this machine against the emulated API server: what it does, and what becomes of its refusals.
@Suite(.enabled(if: !Kubectls.all.isEmpty)) struct KubectlTests {
    private static let map = """
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "map", "namespace": "benchmark"}, "data": {"a": "1"}}
        """

    private func refusal(_ body: () throws -> Void) -> Kubectl.Refusal? {
        do {
            try body()
            return nil
        } catch {
            return (error as? Kubectl.Refused)?.refusal
        }
    }

    @Test(arguments: Kubectls.all) func whatIsAppliedIsThereAndWhatIsDeletedIsNot(_ program: String) throws {
        let cluster = try EmulatedCluster()
        let kubectl = cluster.kubectl(program)
        let path = try cluster.write(Self.map)
        let apply = ["apply", "--validate=false", "-f", path]
        #expect(try kubectl.get("configmaps", "map", namespace: "benchmark") == nil)
        try kubectl.run(apply)
        let first = try #require(try kubectl.get("configmaps", "map", namespace: "benchmark"))
        #expect(first["data"]["a"] == "1")
        try kubectl.run(apply)
        let again = try kubectl.get("configmaps", "map", namespace: "benchmark")
        #expect(again?["metadata"]["resourceVersion"] == first["metadata"]["resourceVersion"])
        _ = try cluster.write(Self.map.replacing("\"1\"", with: "\"2\""))
        try kubectl.run(apply)
        #expect(try kubectl.get("configmaps", "map", namespace: "benchmark")?["data"]["a"] == "2")
        #expect(try kubectl.get("configmaps")?["items"].array.count == 1)
        let delete = ["delete", "--ignore-not-found", "--wait=false", "-f", path]
        try kubectl.run(delete)
        #expect(try kubectl.get("configmaps", "map", namespace: "benchmark") == nil)
        try kubectl.run(delete)
        #expect(try JSON(parsing: kubectl.raw("/version"))["gitVersion"].string?.hasPrefix("v1.") == true)
    }

    @Test(arguments: Kubectls.all) func aChangedSpecIsANewGenerationAndAFinalizerHoldsADeletion(_ program: String)
        throws
    {
        let cluster = try EmulatedCluster(["flux": ["source": ["finalizer": "never"]]])
        let kubectl = cluster.kubectl(program)
        let text = """
            apiVersion: kustomize.toolkit.fluxcd.io/v1
            kind: Kustomization
            metadata: {name: source, namespace: benchmark}
            spec: {path: ./one, prune: true, interval: 1h, sourceRef: {kind: GitRepository, name: none}}
            """
        let kind = "kustomizations.kustomize.toolkit.fluxcd.io"
        let path = try cluster.write(text)
        try kubectl.run(["apply", "--validate=false", "-f", path])
        _ = try cluster.write(text.replacing("./one", with: "./two"))
        try kubectl.run(["apply", "--validate=false", "-f", path])
        let changed = try #require(try kubectl.get(kind, "source", namespace: "benchmark"))
        #expect(changed["metadata"]["generation"] == 2)
        #expect(changed["status"]["observedGeneration"] == -1)
        try kubectl.run(["annotate", kind, "source", "--namespace", "benchmark", "asked=now"])
        try kubectl.run(["delete", "--wait=false", "-f", path])
        let dying = try #require(try kubectl.get(kind, "source", namespace: "benchmark"))
        #expect(dying["metadata"]["deletionTimestamp"].string != nil)
        #expect(dying["metadata"]["annotations"]["asked"] == "now")
        try cluster.set(["flux": .null])
        try cluster.await("its end") { try kubectl.get(kind, "source", namespace: "benchmark") == nil }
    }

    @Test(arguments: Kubectls.all) func eachRefusalIsKnownByItsReason(_ program: String) throws {
        let cluster = try EmulatedCluster(["served": ["helm.toolkit.fluxcd.io": []]])
        var kubectl = cluster.kubectl(program)
        kubectl.timeoutSeconds = 2
        let path = try cluster.write(Self.map)
        try kubectl.run(["create", "--validate=false", "-f", path])
        #expect(refusal { try kubectl.run(["create", "--validate=false", "-f", path]) } == .alreadyExists)
        #expect(refusal { try kubectl.run(["delete", "pod", "none", "--namespace", "benchmark"]) } == .notFound)
        let old = try #require(try kubectl.get("configmaps", "map", namespace: "benchmark"))
        try kubectl.run(["label", "configmaps", "map", "--namespace", "benchmark", "newer=yes"])
        _ = try cluster.write(old.line)
        #expect(refusal { try kubectl.run(["replace", "--validate=false", "-f", path]) } == .conflict)

        let release = try cluster.write(
            """
            {"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease",
             "metadata": {"name": "r", "namespace": "benchmark"}, "spec": {}}
            """, to: "release.json")
        #expect(refusal { try kubectl.run(["apply", "--validate=false", "-f", release]) } == .unknownKind)
        #expect(refusal { _ = try kubectl.get("helmreleases.helm.toolkit.fluxcd.io") } == .unknownKind)
        #expect(
            refusal { _ = try kubectl.get("helmreleases.helm.toolkit.fluxcd.io", "r", namespace: "x") } == .unknownKind)
        #expect(refusal { _ = try kubectl.raw("/apis/helm.toolkit.fluxcd.io/v2") } == .unknownKind)

        try cluster.set(["forbidden": ["configmaps/list", "leases.coordination.k8s.io"]])
        #expect(refusal { _ = try kubectl.get("configmaps") } == .forbidden)
        #expect(
            refusal { _ = try kubectl.get("leases.coordination.k8s.io", "a", namespace: "benchmark") } == .forbidden)
        try cluster.set(["unauthorized": true])
        #expect(refusal { _ = try kubectl.get("configmaps") } == .unauthorized)
        try cluster.set(["unauthorized": .null, "failing": 503])
        #expect(refusal { _ = try kubectl.get("configmaps") } == .unreachable)
        try cluster.set(["failing": .null])
        try cluster.goAway(seconds: 60)
        #expect(refusal { _ = try kubectl.get("configmaps", "map", namespace: "benchmark") } == .unreachable)
        #expect(refusal { try kubectl.run(["apply", "--validate=false", "-f", path]) } == .unreachable)
        #expect(refusal { _ = try kubectl.raw("/version") } == .unreachable)
        cluster.stop()
        #expect(refusal { _ = try kubectl.raw("/version") } == .unreachable)
    }

    @Test(arguments: Kubectls.all) func credentialsThatAreNotThereAreNoUnreachableCluster(_ program: String) throws {
        var kubectl = Kubectl(kubeconfig: "/nonexistent/kubeconfig")
        kubectl.program = program
        let error = #expect(throws: Kubectl.Refused.self) { try kubectl.raw("/version") }
        #expect(error?.refusal == .other)
        #expect(error?.message.contains("/nonexistent/kubeconfig") == true, "\(String(describing: error))")
    }
}

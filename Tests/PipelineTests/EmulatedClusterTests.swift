import Cluster
import Documents
import Foundation
import Glibc
import StandIns
import Testing

/// What the tests of the pipeline rely on in the emulated cluster.
@Suite(.enabled(if: !Kubectls.all.isEmpty)) struct EmulatedClusterTests {
    private static let kustomization = """
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: GitRepository
        metadata: {name: falco, namespace: benchmark}
        spec: {interval: 6h, url: "https://example.com/falco", ref: {branch: main}}
        ---
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        metadata: {name: falco, namespace: benchmark}
        spec:
          interval: 1h
          path: ./falco
          prune: true
          wait: true
          timeout: 1m
          targetNamespace: benchmark
          sourceRef: {kind: GitRepository, name: falco}
          images: [{name: falcosecurity/falco, newTag: 0.41.1-debian}]
        """
    private static let workloads: JSON = [
        "falco": [["kind": "DaemonSet", "name": "falco", "images": ["falcosecurity/falco:latest"]]]
    ]

    /// Applies the Kustomization and waits for its pod to be ready.
    private func deploy(_ cluster: EmulatedCluster) throws -> String {
        let path = try cluster.write(Self.kustomization)
        try cluster.kubectl().run(["apply", "--validate=false", "-f", path])
        try cluster.await("the Kustomization to be ready") {
            let status = try cluster.objects("Kustomization").first?["status"] ?? .null
            return status["conditions"].array.contains { $0["type"] == "Ready" && $0["status"] == "True" }
        }
        return path
    }

    @Test func podsOutliveTheirKustomization() throws {
        let cluster = try EmulatedCluster(["workloads": Self.workloads, "pods": ["falco": ["outlive": .number(0.7)]]])
        let path = try deploy(cluster)
        let status = try cluster.objects("Kustomization")[0]["status"]
        #expect(status["observedGeneration"] == 1)
        #expect(status["inventory"]["entries"][0]["id"] == "benchmark_falco_apps_DaemonSet")
        #expect(status["lastAppliedRevision"].string?.hasPrefix("main@sha1:") == true)
        let pod = try cluster.objects("Pod")[0]
        #expect(pod["status"]["containerStatuses"][0]["image"] == "falcosecurity/falco:0.41.1-debian")

        try cluster.kubectl().run(["delete", "--wait=false", "-f", path])
        try cluster.await("the end of the Kustomization") { try cluster.objects("Kustomization").isEmpty }
        // `kubectl delete --wait` would have returned by now.
        #expect(try cluster.objects("Pod").count == 1)
        try cluster.await("the end of its pod") { try cluster.objects("Pod").isEmpty }
        #expect(try cluster.objects("DaemonSet").isEmpty)
    }

    @Test func aSuspendedKustomizationLeavesOrphans() throws {
        let cluster = try EmulatedCluster(["workloads": Self.workloads])
        let path = try deploy(cluster)
        let kubectl = cluster.kubectl()
        try kubectl.run([
            "patch", "kustomizations.kustomize.toolkit.fluxcd.io", "falco", "--namespace", "benchmark", "--type",
            "merge",
            "--patch", #"{"spec": {"suspend": true}}"#,
        ])
        try kubectl.run(["delete", "--wait=false", "-f", path])
        try cluster.await("the end of the Kustomization") { try cluster.objects("Kustomization").isEmpty }
        usleep(300_000)
        #expect(try cluster.objects("DaemonSet").count == 1)
        #expect(try cluster.objects("Pod").count == 1)
    }

    @Test(.enabled(if: geteuid() == 0)) func aContainerCanBeARealProcessInACgroupOfItsOwn() throws {
        let cluster = try EmulatedCluster(
            ["workloads": Self.workloads, "command": ["sh", "-c", "echo busy; while :; do sleep 1; done"]],
            processes: true)
        let path = try deploy(cluster)
        let process = try #require(try cluster.processes().first)
        let pod = try cluster.objects("Pod")[0]
        let uid = try #require(pod["metadata"]["uid"].string)
        let id = try #require(process["id"].string)
        #expect(pod["status"]["containerStatuses"][0]["containerID"].string == "containerd://" + id)
        let cgroup = try #require(process["cgroup"].string)
        let slice = "kubepods-burstable-pod\(uid.replacing("-", with: "_")).slice"
        #expect(cgroup.hasSuffix("/kubepods.slice/kubepods-burstable.slice/\(slice)/cri-containerd-\(id).scope"))
        let name = try #require(pod["metadata"]["name"].string)
        try cluster.await("its process in its cgroup") {
            try String(contentsOfFile: cgroup + "/cgroup.procs", encoding: .utf8).contains(
                "\(process["pid"].integer ?? 0)")
        }
        let link = cluster.folder + "/log/containers/\(name)_benchmark_falco-\(id).log"
        try cluster.await("its log") { (try? String(contentsOfFile: link, encoding: .utf8)) == "busy\n" }
        #expect(
            FileManager.default.fileExists(atPath: cluster.folder + "/log/pods/benchmark_\(name)_\(uid)/falco/0.log"))
        #expect(cluster.kubectl().lastWords(of: name, namespace: "benchmark") == "busy")

        // It ends by itself, and is started anew.
        let pid = try #require(process["pid"].integer)
        kill(pid_t(pid), SIGKILL)
        try cluster.await("its next run") {
            try cluster.objects("Pod")[0]["status"]["containerStatuses"][0]["restartCount"] == 1
        }
        try cluster.await("its next process") { try cluster.processes().first?["id"].string != id }
        #expect(access(cgroup, F_OK) != 0)

        try cluster.kubectl().run(["delete", "--wait=false", "-f", path])
        let slicePath = (cgroup as NSString).deletingLastPathComponent
        try cluster.await("the end of its cgroup") { access(slicePath, F_OK) != 0 }
        #expect(try cluster.processes().isEmpty)
    }

    @Test(.enabled(if: geteuid() == 0)) func processesEndWithTheEmulator() throws {
        let cluster = try EmulatedCluster(["workloads": Self.workloads], processes: true)
        _ = try deploy(cluster)
        let process = try #require(try cluster.processes().first)
        let cgroup = try #require(process["cgroup"].string)
        #expect(access(cgroup, F_OK) == 0)
        cluster.stop()
        #expect(access((cgroup as NSString).deletingLastPathComponent, F_OK) != 0)
        #expect(kill(pid_t(process["pid"].integer ?? 0), 0) != 0)
    }
}

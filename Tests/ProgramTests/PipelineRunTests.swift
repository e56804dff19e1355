import Documents
import Foundation
import Glibc
import Host
import StandIns
import Testing

/// Whole runs of `brahe pipeline`: containers are real processes, the real agent measures them, and what stands in for
/// RAPL draws known watts for the work that the machine really does.
@Suite(.enabled(if: Here.canLoadProbe && Here.hasV1("cpuacct"), "needs root, kernel BTF and cpuacct"), .serialized)
struct PipelineRunTests {
    private static let idleWatts = 25.0
    private static let busyWatts = 11.0
    /// Two configurations: a Kustomization of an OCI artifact, and a HelmRelease. The Job works for three seconds.
    private static let manifests = [
        "projects.json": """
        {"projects": [{"name": "shop", "organization": "acme", "configs": ["kustomize", "helm"],
          "benchmark": {"k8s_manifest_file": "shop/benchmark.yaml", "duration_mins": 1, "until": {"job": "load"}},
          "functional_unit": {"name": "order", "value": 300}}]}
        """,
        "shop/kustomize.yaml": PipelineUnderTest.shop["shop/shop.yaml"] ?? "",
        "shop/helm.yaml": """
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmRepository
        metadata: {name: shop}
        spec: {type: oci, url: oci://ghcr.io/acme/charts}
        ---
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata: {name: shop}
        spec:
          interval: 1h
          chart:
            spec: {chart: shop, version: $VERSION, sourceRef: {kind: HelmRepository, name: shop}}

        """,
        "shop/benchmark.yaml": """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: load}
        spec:
          backoffLimit: 0
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: load
                  image: busybox:1
                  command: ["/bin/sh", "-c", "timeout 3 /bin/sh -c 'while :; do :; done'; echo done"]

        """,
    ]

    private let simulator: Simulator
    private let pipeline: PipelineUnderTest
    private let record: CPURecord

    init() throws {
        simulator = try Simulator(package: Self.idleWatts - 5, core: 7, dram: 5, busyWatts: Self.busyWatts)
        pipeline = try PipelineUnderTest(
            manifests: Self.manifests, processes: true,
            agent: [
                "--source", "auto", "--sysfs", simulator.root, "--idle-watts", "package-0=\(Self.idleWatts - 5)",
                "--idle-watts", "dram-0=5",
                // A pod that comes in a window this short must have come in it, and not have waited for its name before.
                "--name-wait", "0s",
            ])
        record = try CPURecord(logs: pipeline.cluster.folder + "/log")
    }

    private func stop() {
        record.stop()
        simulator.stop()
    }

    /// Checks the measured window of a report against the kernel's account of CPU time.
    private func checkEnergies(_ report: JSON, pods count: Int = 1, _ location: SourceLocation = #_sourceLocation)
        throws
    {
        let start = try #require(Moment(report["start_time"].string ?? ""), sourceLocation: location)
        let end = try #require(Moment(report["end_time"].string ?? ""), sourceLocation: location)
        for (scope, pods) in [("project", "shop-"), ("workload", "load-")] {
            let found = PipelineUnderTest.scope(scope, in: report)
            #expect(found["unseen"] == [], sourceLocation: location)
            #expect(found["pods"].array.count == count, "\(found)", sourceLocation: location)
            let cpu = try #require(record.seconds(of: pods, from: start, to: end), sourceLocation: location)
            let seconds = found["cpu_s"].number ?? 0
            #expect(
                cpu > 0.4 && abs(seconds / cpu - 1) < 0.04, "\(scope): \(seconds) s of \(cpu) s",
                sourceLocation: location)
            let joules = found["energy"]["gross_J"].number ?? 0
            #expect(found["energy"]["lower_J"].number ?? joules + 1 <= joules, sourceLocation: location)
            #expect(found["energy"]["upper_J"].number ?? 0 >= joules, sourceLocation: location)
            let due = cpu * Self.busyWatts
            #expect(abs(joules / due - 1) < 0.05, "\(scope): \(joules) J of \(due) J", sourceLocation: location)
        }
        let length = Double(end - start) / 1000
        let busy = try #require(record.machineSeconds(from: start, to: end), sourceLocation: location)
        let due = Self.idleWatts * length + Self.busyWatts * busy
        let joules = PipelineUnderTest.scope("node", in: report)["energy"]["gross_J"].number ?? 0
        #expect(abs(joules / due - 1) < 0.03, "the node: \(joules) J of \(due) J", sourceLocation: location)
        let idle = report["results"]["metrics"].array.first { $0["name"] == "node_idle_energy" }?["value"].number ?? 0
        #expect(abs(idle / (Self.idleWatts * length) - 1) < 0.02, "\(idle) J idle", sourceLocation: location)
    }

    /// Checks that nothing of the run is left: no object, no process and no cgroup.
    private func checkIsGone(_ location: SourceLocation = #_sourceLocation) throws {
        try pipeline.checkIsEmpty("", location)
        #expect(try pipeline.cluster.processes().isEmpty, sourceLocation: location)
        #expect(record.cgroups.count >= 2, sourceLocation: location)
        for (pod, path) in record.cgroups {
            #expect(!FileManager.default.fileExists(atPath: path), "\(pod)", sourceLocation: location)
        }
    }

    @Test(arguments: [("kustomize", "OCIRepository"), ("helm", "HelmRelease")])
    func theReportHasWhatTheProcessesOfTheRunWereDue(configuration: String, source: String) throws {
        defer { stop() }
        // Each in another release of kubectl, where there are two.
        let kubectl = configuration == "helm" ? Kubectls.all.last : Kubectls.all.first
        let run = pipeline.ends(
            try pipeline.start(
                "pipeline",
                [
                    "--config", configuration, "--baseline", "1s", "--idle", "1500ms", "--for", "30s", "--ref", "abc",
                    "--kubectl", kubectl ?? "kubectl",
                ]))
        let report = try pipeline.report()
        #expect(report["status"] == "succeeded")
        #expect(report["failure"] == .null)
        #expect(run.outputText == pipeline.text("report.txt"))
        #expect(run.outputText.contains("\nsucceeded: "), "\(run.outputText)")
        try checkEnergies(report)
        try checkIsGone()

        for (name, least, most) in [("baseline", 1, 1.5), ("idle", 1.5, 2), ("run", 2, 6)] {
            let seconds = try PipelineUnderTest.seconds(of: name, in: report)
            #expect(seconds >= least && seconds < most, "\(name): \(seconds) s")
        }
        #expect(report["windows"].array.count == 3)
        #expect(
            report["cncf_project"]
                == ["name": "shop", "org": "acme", "config": .string(configuration), "version": "1.10"])
        #expect(report["collection"]["mode"] == "agent")
        #expect(report["results"]["primary"] == "project")
        #expect(report["trigger"] == ["kind": "local", "ref": "abc", "github_run_id": .null])
        try checkProvenance(report, source: source)
    }

    /// Which bytes were applied, which sources they led to, and which images ran.
    private func checkProvenance(_ report: JSON, source: String) throws {
        let text = try Files.read(pipeline.folder("projects/shop/benchmark.yaml"))
        #expect(report["benchmark"]["manifest_sha256"] == .string(Files.sha256(text)))
        #expect(report["benchmark"]["goal"] == ["job": "load"])
        let meta = report["meta"]
        #expect(meta["rendered_sha256"] == .string(Files.sha256(pipeline.text("rendered.yaml"))))
        #expect(pipeline.text("rendered.yaml").contains("1.10"))
        #expect(meta["functional_unit"] == ["name": "order", "value": 300])
        // What the version stood for: a tag's digest, or the chart's version.
        let revisions = meta["sources"].array.map { "\($0["kind"].string ?? "") \($0["revision"].string ?? "")" }
        let wanted = source == "OCIRepository" ? "OCIRepository 1.10@sha256:" : "HelmRelease 1.10"
        #expect(revisions.contains { $0.hasPrefix(wanted) }, "\(revisions)")
        let containers = meta["pods"].array.flatMap { $0["containers"].array }
        let digest = Files.sha256("ghcr.io/acme/shop:1.10")
        #expect(
            containers == [
                [
                    "name": "shop", "image": "ghcr.io/acme/shop:1.10",
                    "imageID": .string("ghcr.io/acme/shop@sha256:" + digest),
                ]
            ])
        #expect(meta["pods"][0]["node"] == "node-1")
        // The load is what it is by its image, which a tag alone does not tell.
        let load = meta["workload_pods"].array.flatMap { $0["containers"].array }
        #expect(load.map { $0["imageID"] } == [.string("busybox@sha256:" + Files.sha256("busybox:1"))])
        #expect(meta["pipeline_version"].string?.isEmpty == false)
        #expect(meta["kubernetes_version"].string?.hasPrefix("v1.") == true)
        #expect(meta["flux_version"] == "v2.8.0")
        #expect(meta["nodes"][0]["name"] == "node-1" && meta["nodes"][0]["kernel"] == "6.8.0-52-generic")
    }

    @Test func podsThatComeInTheWindowAreCountedWhereTheyBelong() throws {
        defer { stop() }
        // Two pods of the Job, one after the other, and a second pod of the project beside them.
        let text = try Files.read(pipeline.folder("projects/shop/benchmark.yaml"))
        try pipeline.folder.write(
            "projects/shop/benchmark.yaml",
            text.replacing("backoffLimit: 0", with: "backoffLimit: 0\n  completions: 2").replacing(
                "timeout 3", with: "timeout 2"))
        let brahe = try pipeline.start(
            "pipeline", ["--config", "kustomize", "--for", "30s"])
        try brahe.await("the window") { pipeline.journal().contains { $0["detail"]["began"].string != nil } }
        let scale = try Tool(
            [
                pipeline.kubectl, "--kubeconfig", pipeline.cluster.kubeconfig, "--namespace", "benchmark", "patch",
                "deployment", "shop", "--type", "merge", "--patch", #"{"spec":{"replicas":2}}"#,
            ]).run(within: 20_000)
        #expect(scale.code == 0, "\(scale.errors)")
        pipeline.ends(brahe)
        try checkEnergies(try pipeline.report(), pods: 2)
        try checkIsGone()
    }

    @Test(.enabled(if: PrometheusUnderTest.isHere, "needs Prometheus"))
    func stepByStepWithPrometheusInTheAgentsPlace() throws {
        defer { stop() }
        let prometheus = try PrometheusUnderTest(scraping: pipeline.agent)
        let options = [
            "--project", "shop", "--config", "kustomize", "--version", "1.10", "--projects",
            pipeline.folder("projects/projects.json"), "--prometheus", prometheus.url, "--baseline", "1s", "--idle",
            "0s",
            "--for", "30s", "--poll", "50ms", "--lock", pipeline.folder("lock"),
        ]
        let deploy = pipeline.ends(try pipeline.brahe(["deploy"] + options + pipeline.connection))
        // Its name and nothing else, for a script.
        let name = try #require(pipeline.runs.last)
        #expect(deploy.outputText == name + "\n")
        #expect(try pipeline.cluster.objects("Pod").count == 1)
        #expect(pipeline.text("run.json").isEmpty)

        let run = pipeline.ends(try pipeline.take("run", name))
        #expect(run.outputText == pipeline.text("report.txt"))
        #expect(try pipeline.cluster.objects("Deployment").count == 1)
        let report = try pipeline.report()
        #expect(report["status"] == "succeeded")
        #expect(report["collection"]["mode"] == "prometheus")
        #expect(report["collection"]["endpoint"] == .string(prometheus.url))
        #expect(report["collection"]["server_version"].string?.isEmpty == false)
        // As exact as the samples that the scrapes saw.
        #expect(try PipelineUnderTest.seconds(of: "baseline", in: report) > 0.9)
        try checkEnergies(report)

        let text = pipeline.text("run.json")
        pipeline.ends(try pipeline.take("cleanup", name))
        try checkIsGone()
        #expect(pipeline.text("run.json") == text)
        #expect(try pipeline.status()["may_be_in_cluster"] == false)
    }
}

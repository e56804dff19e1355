import Documents
import Foundation
import Host
import StandIns
import Testing

/// deploy/flux: whatever one object names is there, what is generated is the files, and the order is kept.
@Suite(.enabled(if: !Kubectls.all.isEmpty, "needs kubectl"), .serialized)
struct ManifestFluxTests {
    /// The Kustomizations that are applied or bootstrapped.
    private static let entries =
        ["agent", "dashboards", "monitoring"].map { "flux/cluster/\($0).yaml" } + ["flux/falco.yaml"]

    @Test func everythingThatIsNamedIsThere() throws {
        let kustomizations = try Manifests.objects(files: Self.entries)
        let names = kustomizations.compactMap { $0["metadata"]["name"].string }
        #expect(Set(names) == ["monitoring", "brahe-agent", "brahe-dashboards", "metrics-server", "falco"])
        for one in kustomizations {
            #expect(one["apiVersion"] == "kustomize.toolkit.fluxcd.io/v1" && one["kind"] == "Kustomization")
            #expect(one["spec"]["sourceRef"] == ["kind": "GitRepository", "name": "flux-system"])
            #expect(one["spec"]["wait"] == "true" && one["spec"]["prune"] == "true")
            for other in one["spec"]["dependsOn"].array { #expect(names.contains(other["name"].string ?? "")) }
            let path = one["spec"]["path"].string ?? ""
            #expect(path.hasPrefix("./deploy/"))
            let inside = try FileManager.default.contentsOfDirectory(atPath: Here.checkout + path.dropFirst())
            #expect(inside.contains { $0.hasSuffix(".yaml") }, "\(path)")
        }
    }

    @Test func chartsArePinnedAndOfRepositoriesBesideThem() throws {
        let files = ["metrics-server/metrics-server", "falco/falco"].map { "flux/\($0).yaml" }
        let objects = try Manifests.objects(files: files) + Manifests.objects(Manifests.built("flux/monitoring"))
        let releases = objects.filter { $0["kind"] == "HelmRelease" }
        #expect(releases.count == 3)
        for release in releases {
            #expect(release["apiVersion"] == "helm.toolkit.fluxcd.io/v2")
            let chart = release["spec"]["chart"]["spec"]
            #expect(chart["version"].string?.wholeMatch(of: /\d+\.\d+\.\d+/) != nil)
            let repository = objects.one("HelmRepository", chart["sourceRef"]["name"].string)
            #expect(repository["apiVersion"] == "source.toolkit.fluxcd.io/v1")
            #expect(repository["metadata"]["namespace"] == release["metadata"]["namespace"])
            for values in release["spec"]["valuesFrom"].array {
                let map = objects.one("ConfigMap", values["name"].string)
                #expect(map["data"][values["valuesKey"].string ?? ""] != .null)
                #expect(map["metadata"]["namespace"] == release["metadata"]["namespace"])
            }
        }
        let falco = releases.one("HelmRelease", "falco")["spec"]["values"]
        #expect(falco["driver"]["kind"] == "modern_ebpf" && falco["metrics"]["enabled"] == "true")
        let metrics = releases.one("HelmRelease", "metrics-server")["spec"]["values"]
        #expect(metrics["args"] == ["--kubelet-insecure-tls"])
    }

    @Test func theChartMakesThePrometheusRuleOfTheVeryFile() throws {
        let objects = try Manifests.objects(Manifests.built("flux/monitoring"))
        let rules = try Files.read(Manifests.deploy + "/prometheus/rules.yaml")
        #expect(objects.one("ConfigMap", "brahe-rules")["data"]["rules.yaml"].string == rules)
        let stack = objects.one("HelmRelease", "kube-prometheus-stack")["spec"]
        #expect(stack["valuesFrom"].array.map { $0["name"] } == ["brahe-rules"])

        // Helm's template engine, as far as this template needs it: its two actions, and values by name.
        let groups = try #require(rules.firstRange(of: "\ngroups:\n"))
        let block = rules[groups.upperBound...].split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        let template = stack["values"]["extraManifests"].array.first?.string ?? ""
        let rendered = template.replacing("{{ .Release.Namespace }}", with: "monitoring")
            .replacing(" {{- toYaml .Values.groups | nindent 4 }}", with: "\n\(block)")
        let rule = try Manifests.objects(rendered).one("PrometheusRule", "brahe")
        #expect(rule["apiVersion"] == "monitoring.coreos.com/v1" && rule["metadata"]["namespace"] == "monitoring")
        #expect(try rule["spec"] == Manifests.objects(rules).first && !rule["spec"]["groups"].array.isEmpty)
    }

    @Test func everyDashboardIsAConfigMapThatTheSidecarFinds() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Manifests.deploy + "/grafana")
            .filter { $0.hasSuffix(".json") }
        let maps = try Manifests.objects(Manifests.built("grafana"))
        #expect(files.count == 4 && maps.count == 4)
        for file in files {
            let name = "brahe-dashboard-\(file.dropLast(".json".count))"
            let map = maps.one("ConfigMap", name)
            #expect(map["metadata"]["labels"] == ["grafana_dashboard": "1"], "\(name)")
            #expect(try map["data"].texts == [file: Files.read("\(Manifests.deploy)/grafana/\(file)")])
        }
    }

    @Test func fluxBringsThemInOrder() throws {
        let workload: (String, String) -> JSON = { [["kind": .string($0), "name": .string($1), "images": ["i:1"]]] }
        let cluster = try EmulatedCluster([
            "workloads": [
                "monitoring": workload("Deployment", "kube-prometheus-stack-operator"),
                "brahe-agent": workload("DaemonSet", "brahe-agent"), "falco": workload("DaemonSet", "falco"),
            ],
            // What waits must be seen to wait.
            "flux": ["monitoring": ["reconcile": 1]],
        ])
        let source: JSON = [
            "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository",
            "metadata": ["name": "flux-system", "namespace": "flux-system"],
            "spec": ["url": "https://example.org/brahe", "interval": "1h", "ref": ["branch": "main"]],
        ]
        let file = try cluster.write(source.page)
        let home: JSON = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "flux-system"]]
        _ = try cluster.run(["apply", "--validate=false", "--filename", "-"], input: home.page)
        for path in [file, Manifests.deploy + "/flux/cluster", Manifests.deploy + "/flux/falco.yaml"] {
            _ = try cluster.run(["apply", "--validate=false", "--filename", path])
        }
        func ready(_ name: String) throws -> JSON {
            let one = try cluster.objects("Kustomization").one("Kustomization", name)
            return one["status"]["conditions"].array.first { $0["type"] == "Ready" } ?? .null
        }
        try cluster.await("those that wait for monitoring") {
            try ["brahe-agent", "brahe-dashboards", "falco"].allSatisfy {
                try ready($0)["reason"] == "DependencyNotReady"
            }
        }
        #expect(try ready("monitoring")["status"] != "True")
        #expect(try cluster.objects("DaemonSet").isEmpty)
        try cluster.await("all of them") {
            try cluster.objects("Kustomization").allSatisfy {
                try ready($0["metadata"]["name"].string ?? "")["status"] == "True"
            }
        }
        #expect(try cluster.objects("Kustomization").count == 5 && cluster.objects("DaemonSet").count == 2)
    }
}

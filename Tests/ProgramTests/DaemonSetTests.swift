import Documents
import Foundation
import Host
import StandIns
import Testing

/// deploy/daemonset.yaml and its overlays: what they grant, what they ask of the agent, and who finds whom.
@Suite(.enabled(if: !Kubectls.all.isEmpty, "needs kubectl"), .serialized)
struct DaemonSetTests {
    private static let folders =
        ["base"] + ["podmonitor", "annotations", "tls", "benchmark-node"].map { "overlays/\($0)" }

    /// The pod's template and its one container.
    private func pod(_ objects: [JSON]) throws -> (template: JSON, container: JSON) {
        let template = objects.one("DaemonSet")["spec"]["template"]
        let containers = template["spec"]["containers"].array
        #expect(containers.count == 1 && template["spec"]["initContainers"] == .null)
        return (template, try #require(containers.first))
    }

    @Test(arguments: folders) func itHasTwoCapabilitiesAndWritesNowhere(_ folder: String) throws {
        let objects = try Manifests.objects(Manifests.built(folder))
        let (template, container) = try pod(objects)
        #expect(
            container["securityContext"] == [
                "allowPrivilegeEscalation": "false", "readOnlyRootFilesystem": "true",
                "capabilities": ["drop": ["ALL"], "add": ["BPF", "PERFMON"]],
            ])
        #expect(
            template["spec"]["securityContext"] == ["runAsUser": "0", "seccompProfile": ["type": "RuntimeDefault"]])
        for shared in ["hostPID", "hostNetwork", "hostIPC", "shareProcessNamespace", "hostUsers"] {
            #expect(template["spec"][shared] == .null)
        }
        #expect(objects.one("ServiceAccount")["automountServiceAccountToken"] == "false")
        #expect(template["spec"]["serviceAccountName"] == objects.one("ServiceAccount")["metadata"]["name"])
        let namespace = objects.one("Namespace")
        #expect(namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "privileged")
        #expect(objects.allSatisfy { $0 == namespace || $0["metadata"]["namespace"] == namespace["metadata"]["name"] })

        let mounts = container["volumeMounts"].array
        let volumes = template["spec"]["volumes"].array
        #expect(mounts.allSatisfy { $0["readOnly"] == "true" && $0["mountPropagation"] == .null })
        #expect(Set(mounts.map { $0["name"].string }) == Set(volumes.map { $0["name"].string }))
        var host: [String: String] = [:]
        for volume in volumes where volume["hostPath"] != .null {
            let mount = mounts.first { $0["name"] == volume["name"] } ?? .null
            let path = try #require(volume["hostPath"]["path"].string)
            // Only where something is mounted below does it matter, and not every runtime can do it.
            #expect(mount["recursiveReadOnly"] == (path == "/sys/fs/cgroup" ? "IfPossible" : .null))
            host[path] = mount["mountPath"].string
        }
        #expect(
            host == [
                "/sys/class": "/host/sys/class", "/sys/devices": "/host/sys/devices", "/sys/fs/cgroup": "/host/cgroup",
                "/var/log/pods": "/host/log/pods", "/var/log/containers": "/host/log/containers",
            ])
    }

    @Test(arguments: folders) func theAgentKnowsEveryOptionThatIsGivenToIt(_ folder: String) throws {
        let (template, container) = try pod(try Manifests.objects(Manifests.built(folder)))
        var environment: [String: String] = [:]
        for variable in container["env"].array {
            let isNode = variable["valueFrom"]["fieldRef"]["fieldPath"] == "spec.nodeName"
            environment[variable["name"].string ?? ""] = isNode ? "node-of-the-pod" : variable["value"].string
        }
        let agent = try Running(
            Here.program("brahe-agent"), ["config"] + container["args"].array.compactMap(\.string),
            environment: environment)
        #expect(agent.wait() == 0, "\(agent.errorText)")
        let lines = agent.outputText.split(separator: "\n").map(String.init)
        #expect(lines.contains("  - 0.0.0.0:9102  # default"))
        var expected: Set = [
            "sysfs: /host/sys  # flag --sysfs", "cgroup: /host/cgroup  # flag --cgroup",
            "pod-logs: /host/log  # flag --pod-logs", "node-name: node-of-the-pod  # variable NODE_NAME",
        ]
        if folder.hasSuffix("/tls") {
            // Where it is looked for is where the Secret's item lies.
            let mount = container["volumeMounts"].array.first { $0["name"] == "web" }?["mountPath"].string ?? ""
            let sources = template["spec"]["volumes"].array.first { $0["name"] == "web" }?["projected"]["sources"].array
            let items = (sources ?? []).flatMap { $0["secret"]["items"].array.compactMap { $0["path"].string } }
            #expect(items == ["web.yml", "tls.crt", "tls.key"])
            expected.insert("web-config: \(mount)/\(items.first ?? "")  # variable BRAHE_WEB_CONFIG")
        }
        let given = lines.filter { !$0.hasPrefix("#") && !$0.hasSuffix("  # default") }
        #expect(Set(given.filter { $0.contains("  # ") }) == expected)
    }

    @Test(arguments: folders) func theImageIsOfTheVersionThatThisIs(_ folder: String) throws {
        let (template, container) = try pod(try Manifests.objects(Manifests.built(folder)))
        let agent = try Running(Here.program("brahe-agent"), ["--version"])
        #expect(agent.wait() == 0)
        let version = agent.outputText.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
        #expect(container["image"].string == "ghcr.io/brahe-energy/brahe-agent:\(version)")
        #expect(template["metadata"]["labels"]["app.kubernetes.io/version"].string == version)
    }

    @Test(arguments: folders) func whoLooksForThePodsFindsThem(_ folder: String) throws {
        let objects = try Manifests.objects(Manifests.built(folder))
        let (template, container) = try pod(objects)
        let labels = template["metadata"]["labels"].texts
        #expect(container["ports"].array == [["name": "http", "containerPort": "9102"]])

        let service = objects.one("Service")["spec"]
        #expect(service["clusterIP"] == "None")
        #expect(service["ports"].array == [["name": "http", "port": "9102", "targetPort": "http"]])
        var selectors = [objects.one("DaemonSet")["spec"]["selector"]["matchLabels"], service["selector"]]
        let monitor = objects.one("PodMonitor")
        #expect((monitor == .null) == ["base", "overlays/annotations"].contains(folder))
        if monitor != .null {
            selectors.append(monitor["spec"]["selector"]["matchLabels"])
            let endpoint = try #require(monitor["spec"]["podMetricsEndpoints"].array.first)
            #expect(endpoint["port"] == "http" && endpoint["path"] == "/metrics" && endpoint["honorLabels"] == "true")
            #expect(
                endpoint["relabelings"].array
                    == [["sourceLabels": ["__meta_kubernetes_pod_node_name"], "targetLabel": "instance"]])
            #expect((endpoint["scheme"] == "https") == folder.hasSuffix("/tls"))
        }
        for selector in selectors {
            #expect(!selector.texts.isEmpty)
            #expect(selector.texts.allSatisfy { labels[$0.key] == $0.value }, "\(selector.line)")
        }
        let annotations: JSON = [
            "prometheus.io/scrape": "true", "prometheus.io/port": "9102", "prometheus.io/path": "/metrics",
        ]
        #expect(template["metadata"]["annotations"] == (folder.hasSuffix("/annotations") ? annotations : .null))
    }

    @Test(arguments: folders) func aProbeAsksWhatTheAgentAnswers(_ folder: String) throws {
        let (_, container) = try pod(try Manifests.objects(Manifests.built(folder)))
        let paths = ["startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"]
        for (probe, path) in paths {
            // Behind a password a kubelet gets no answer, and can but knock.
            let isLocked = folder.hasSuffix("/tls")
            #expect(container[probe]["tcpSocket"] == (isLocked ? ["port": "http"] : .null))
            #expect(container[probe]["httpGet"] == (isLocked ? .null : ["path": .string(path), "port": "http"]))
        }
    }

    @Test func everyKubectlAppliesItAndAPodIsOnEveryLinuxNode() throws {
        let file = "\(Manifests.deploy)/daemonset.yaml"
        for kubectl in Kubectls.all {
            let nodes: JSON = [
                "linux-1", "linux-2", ["name": "windows", "labels": ["kubernetes.io/os": "windows"]],
            ]
            let cluster = try EmulatedCluster(["nodes": nodes])
            let apply = ["apply", "--validate=false", "--filename", file]
            let dry = try cluster.run(apply + ["--dry-run=client"], by: kubectl)
            #expect(dry.split(separator: "\n").count == 4, "\(dry)")
            #expect(try cluster.objects("DaemonSet").isEmpty)
            let wet = try cluster.run(apply, by: kubectl)
            #expect(wet.replacing(" created", with: " created (dry run)") == dry)
            let status = ["--namespace", "brahe", "rollout", "status", "daemonset/brahe-agent", "--timeout=10s"]
            #expect(try cluster.run(status, by: kubectl).contains("successfully rolled out"))
            let pods = try cluster.objects("Pod")
            #expect(Set(pods.compactMap { $0["spec"]["nodeName"].string }) == ["linux-1", "linux-2"])
            #expect(pods.allSatisfy { $0["metadata"]["namespace"] == "brahe" })
            _ = try cluster.run(["delete", "--ignore-not-found", "--filename", file], by: kubectl)
            try cluster.await("an empty cluster") { try cluster.objects("Pod").isEmpty }
        }
    }

    @Test func theBenchmarkOverlayChoosesTheLabelledNode() throws {
        let label = "node-role.kubernetes.io/benchmark"
        let nodes: JSON = ["bench", ["name": "other", "labels": .object([label: "false"])]]
        let cluster = try EmulatedCluster(["nodes": nodes])
        // The emulated cluster has no operator of Prometheus, so it does not know the PodMonitor.
        let parts = try Manifests.built("overlays/benchmark-node").components(separatedBy: "\n---\n")
            .filter { !$0.contains("kind: PodMonitor") }
        let file = try cluster.write(parts.joined(separator: "\n---\n"))
        _ = try cluster.run(["apply", "--validate=false", "--filename", file])
        try cluster.await("a pod that is ready") {
            try cluster.objects("DaemonSet").first?["status"]["numberReady"].integer == 1
        }
        #expect(try cluster.objects("Pod").map { $0["spec"]["nodeName"].string } == ["bench"])
    }
}

import Deployment
import Documents
import Testing

struct ReadinessTests {
    private func object(
        _ kind: String, group: String = "kustomize.toolkit.fluxcd.io", spec: JSON = [:], observed: Int64? = 2,
        applied: String? = "main@sha1:1", conditions: [JSON]
    ) -> JSON {
        var status: [String: JSON] = ["conditions": .array(conditions)]
        if let observed { status["observedGeneration"] = .integer(observed) }
        if let applied { status["lastAppliedRevision"] = .string(applied) }
        return [
            "apiVersion": .string(group + "/v1"), "kind": .string(kind),
            "metadata": ["name": "a", "namespace": "b", "generation": 2], "spec": spec, "status": .object(status),
        ]
    }

    private func condition(_ type: String, _ status: String, _ reason: String, observed: Int64? = nil) -> JSON {
        var members: [String: JSON] = [
            "type": .string(type), "status": .string(status), "reason": .string(reason), "message": "so\nit is",
        ]
        if let observed { members["observedGeneration"] = .integer(observed) }
        return .object(members)
    }

    private let source: JSON = ["status": ["artifact": ["revision": "main@sha1:1"]]]
    private var ready: JSON { condition("Ready", "True", "ReconciliationSucceeded") }

    @Test func aKustomizationIsReadyWhenItHasAppliedItsSource() {
        let object = object("Kustomization", conditions: [ready])
        #expect(Readiness(of: object, source: source) == .ready)
        #expect(
            Readiness(of: object, source: ["status": ["artifact": ["revision": "main@sha1:2"]]])
                == .waiting("it has applied main@sha1:1, and its source is at main@sha1:2"))
        #expect(Readiness(of: object, source: nil) == .waiting("its source is not there"))
    }

    @Test func readinessOfAnOlderGenerationIsNone() {
        #expect(
            Readiness(of: object("Kustomization", observed: 1, conditions: [ready]), source: source)
                == .waiting("its status is of an older generation"))
        #expect(
            Readiness(of: object("Kustomization", observed: nil, conditions: [ready]), source: source)
                == .waiting("its status is of an older generation"))
        #expect(
            Readiness(of: object("Kustomization", observed: -1, conditions: []), source: source)
                == .waiting("no controller has looked at it"))
        #expect(
            Readiness(
                of: object("Kustomization", conditions: [ready, condition("Reconciling", "True", "Progressing")]),
                source: source) == .waiting("Reconciling: Progressing: so it is"))
    }

    @Test func onlyStalledIsFinal() {
        for reason in ["BuildFailed", "HealthCheckFailed", "DependencyNotReady", "ArtifactFailed"] {
            let failing = object("Kustomization", observed: 1, conditions: [condition("Ready", "False", reason)])
            #expect(Readiness(of: failing, source: source) == .waiting("Ready is False: \(reason): so it is"))
        }
        let helm = "helm.toolkit.fluxcd.io"
        let conditions = [
            condition("Stalled", "True", "RetriesExceeded"), condition("Ready", "False", "InstallFailed"),
        ]
        let stalled = object("HelmRelease", group: helm, conditions: conditions)
        #expect(Readiness(of: stalled) == .failed("Stalled: RetriesExceeded: so it is"))
        // Of an older generation it may have been mended.
        let old = object("HelmRelease", group: helm, observed: 1, conditions: conditions)
        #expect(Readiness(of: old) == .waiting("Ready is False: InstallFailed: so it is"))
        // A controller that says it of this generation need not have finished with it.
        let early = object(
            "Kustomization", observed: -1,
            conditions: [
                condition("Stalled", "True", "AccessDenied", observed: 2), condition("Ready", "False", "AccessDenied"),
            ])
        #expect(Readiness(of: early) == .failed("Stalled: AccessDenied: so it is"))
    }

    @Test func sourcesAndOtherKindsHaveTheirOwnRules() {
        let group = "source.toolkit.fluxcd.io"
        let oci = object("HelmRepository", group: group, spec: ["type": "oci"], observed: nil, conditions: [])
        #expect(Readiness(of: oci) == .ready)
        let plain = object("HelmRepository", group: group, observed: nil, conditions: [])
        #expect(Readiness(of: plain) == .waiting("no controller has looked at it"))
        #expect(
            Readiness(of: object("GitRepository", group: group, conditions: [ready]))
                == .waiting("it has no artifact"))
        let suspended = object("GitRepository", group: group, spec: ["suspend": true], conditions: [ready])
        #expect(Readiness(of: suspended) == .failed("it is suspended"))
        #expect(Readiness(of: object("ConfigMap", group: "x", observed: nil, conditions: [])) == .ready)
        #expect(Readiness(of: nil) == .waiting("it is not there"))
    }

    @Test(arguments: [
        ("falcosecurity/falco:0.41.1-debian", "0.41.1", true), ("falco:v0.41.1", "0.41.1", true),
        ("falco:0.41.1", "v0.41.1", true), ("falco:0.41.10", "0.41.1", false), ("falco:0.41.1-rc1", "0.41.1", false),
        ("falco:0.41.1-rc1", "0.41.1-rc1", true), ("host:5000/falco", "5000", false), ("falco@sha256:12", "12", false),
        ("host:5000/falco:1.0@sha256:12", "1.0", true), ("falco:latest", "0.41.1", false),
        ("falco:vnext", "next", false),
    ])
    func aTagIsAVersionOrNot(_ image: String, _ version: String, _ expected: Bool) {
        #expect(ImageName(image).isVersion(version) == expected)
    }

    @Test func kustomizationsRulesNameTheirImagesExactly() {
        let rule = ImageRule(name: "docker.io/falcosecurity/falco", newName: nil, newTag: "1.0-debian", digest: nil)
        #expect(rule.violation(by: ImageName("falcosecurity/falco:1.0-debian")) == nil)
        #expect(rule.violation(by: ImageName("docker.io/falcosecurity/falco:1.0")) == "is to be 1.0-debian")
        #expect(rule.violation(by: ImageName("falcosecurity/falco-driver-loader:0.9")) == nil)
        let moved = ImageRule(name: "a", newName: "r.example/a", newTag: nil, digest: "sha256:1")
        #expect(moved.violation(by: ImageName("r.example/a@sha256:2")) != nil)
        #expect(VersionCheck.isVersion("r.example/a@sha256:1", "3", by: [moved]))
    }

    @Test(arguments: [
        ("b_falco_apps_DaemonSet", "v1", "DaemonSet b/falco", "apps/v1"),
        ("_system__node_rbac.authorization.k8s.io_ClusterRole", "v1", "ClusterRole system:node", nil),
        ("b_a__Service", "v1", "Service b/a", "v1"), ("_b__Namespace", "v1", "Namespace b", "v1"),
    ])
    func inventoriesNameObjects(_ id: String, _ version: String, _ words: String, _ apiVersion: String?) throws {
        let entry: JSON = ["id": .string(id), "v": .string(version)]
        let reference = try #require(Reference(inventoryEntry: entry))
        #expect(reference.description == words)
        if let apiVersion { #expect(reference.apiVersion == apiVersion) }
        #expect(Reference(json: reference.json) == reference)
        #expect(Reference(inventoryEntry: ["id": "b_a", "v": "v1"]) == nil)
    }

    @Test func aFootprintIsReadBackAsItWasWritten() throws {
        var footprint = Footprint()
        let daemonSet: JSON = [
            "apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": ["name": "falco", "namespace": "b"],
            "spec": [
                "selector": [
                    "matchLabels": ["z": "1", "app": "falco"],
                    "matchExpressions": [["key": "t", "operator": "In", "values": ["x", "y"]]],
                ]
            ],
        ]
        let workload = try #require(Workload(daemonSet))
        #expect(workload.selector == "app=falco,z=1,t in (x,y)")
        footprint.add(objects: [workload.reference, workload.reference], workloads: [workload])
        #expect(footprint.objects.count == 1)
        #expect(Footprint(json: try JSON(parsing: footprint.json.line)) == footprint)
    }

    @Test func discoverySaysWhichVersionToUse() throws {
        var served = ServedKinds(groups: [
            "groups": [
                [
                    "name": "helm.toolkit.fluxcd.io", "preferredVersion": ["version": "v2"],
                    "versions": [["version": "v2beta2"], ["version": "v2"]],
                ]
            ]
        ])
        let kinds: JSON = [
            "resources": [["name": "helmreleases", "kind": "HelmRelease", "verbs": ["list", "delete"]]]
        ]
        served.add(kinds, group: "helm.toolkit.fluxcd.io", version: "v2")
        served.add(["resources": []], group: "helm.toolkit.fluxcd.io", version: "v2beta2")
        func refusal(_ apiVersion: String, _ kind: String) throws -> String? {
            let text = "{apiVersion: \(apiVersion), kind: \(kind), metadata: {name: a}}"
            return served.refusal(of: try ManifestTests.manifest(text).objects[0])
        }
        #expect(try refusal("helm.toolkit.fluxcd.io/v2", "HelmRelease") == nil)
        #expect(
            try refusal("helm.toolkit.fluxcd.io/v2beta1", "HelmRelease")
                == "m.yaml:1: HelmRelease in helm.toolkit.fluxcd.io/v2beta1 is not served; "
                + "use helm.toolkit.fluxcd.io/v2")
        let absent = try refusal("source.toolkit.fluxcd.io/v1", "GitRepository")
        #expect(absent?.contains("this Flux lacks") == true)
        let bare = try ServedKinds(groups: [:]).refusal(of: ManifestTests.manifest(ManifestTests.falco).objects[0])
        #expect(bare?.contains("the cluster has no Flux") == true)
        #expect(served.deletable.map(\.kind) == ["HelmRelease"])
    }
}

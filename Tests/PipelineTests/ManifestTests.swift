import Deployment
import Host
import Testing
import YAML

struct ManifestTests {
    /// Upstream's manifest of one configuration, shortened.
    static let falco = """
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: GitRepository
        metadata:
          name: falco-testing
          namespace: benchmark
        spec:
          interval: 6h
          ref: {branch: main}
          url: https://github.com/falcosecurity/cncf-green-review-testing
        ---
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        metadata:
          name: falco-testing
        spec:
          interval: 6h
          path:  ./kustomize/falco-driver/modern_ebpf
          prune: true
          sourceRef:
            kind: GitRepository
            name: falco-testing
          images:
            - name: docker.io/falcosecurity/falco
              newTag: $VERSION-debian
            - name: docker.io/falcosecurity/falco-driver-loader
              newTag: $VERSION
          commonMetadata:
            labels: {app.kubernetes.io/version: "$VERSION"}
        """

    static func manifest(_ text: String, version: String? = nil, run: String? = nil) throws -> Manifest {
        try Manifest([.init(path: "m.yaml", text: text)], version: version, run: run, namespace: "benchmark")
    }

    @Test func upstreamsManifestIsRenderedWithVersionNamespaceAndLabel() throws {
        let manifest = try Self.manifest(Self.falco, version: "1.10", run: "run-1")
        #expect(manifest.warnings.isEmpty)
        #expect(
            manifest.objects.map(\.reference.description) == [
                "GitRepository benchmark/falco-testing", "Kustomization benchmark/falco-testing",
            ])
        #expect(manifest.objects.map(\.place) == ["m.yaml:1", "m.yaml:11"])
        let read = try YAML.documents(Array(manifest.rendered.utf8), file: "r")
        #expect(read.allSatisfy { $0["metadata"]?["labels"]?[Manifest.label]?.string == "run-1" })
        let images = try #require(read[1]["spec"]?["images"]?.items)
        // Plain in the file, and yet no number in the cluster.
        #expect(images.map { $0["newTag"]?.string } == ["1.10-debian", "1.10"])
        #expect(read[1]["spec"]?["prune"]?.plain == true)
        // What was stored says the same when a cleanup reads it.
        let again = try Self.manifest(manifest.rendered)
        #expect(again.rendered == manifest.rendered)
        #expect(again.objects.map(\.reference) == manifest.objects.map(\.reference))
    }

    @Test(arguments: [
        ("$VERSION", "1"), ("v${VERSION}-x", "v1-x"), ("$VERSIONS", nil), ("$VERSION_2", nil), ("${VERSION:-3}", nil),
        ("$$VERSION", nil), ("$$$VERSION", nil), ("$HOME/$VERSION.$VERSION", "$HOME/1.1"), ("${VERSION", nil),
        ("$", nil), ("é$VERSION", "é1"), ("$VERSION-$$VERSION", "1-$$VERSION"),
    ])
    func onlyTheVersionIsReplaced(_ text: String, _ expected: String?) {
        #expect(VersionWord.replacing(in: text, by: "1") == expected)
    }

    @Test(arguments: ["1: {a: b}", "x\"\n- y", "#no", "null", "$VERSION", "'", "*a", "0x10", "\\n", ""])
    func noVersionChangesWhatTheManifestIsMadeOf(_ version: String) throws {
        let manifest = try Self.manifest(Self.falco, version: version)
        let read = try YAML.documents(Array(manifest.rendered.utf8), file: "r")
        #expect(read[1]["spec"]?["images"]?.items[1]["newTag"]?.string == version)
        #expect(read.count == 2)
        #expect(read[1]["spec"]?["sourceRef"]?["kind"]?.text == "GitRepository")
    }

    @Test func aManifestThatDoesNotAskForTheVersionIsWarnedOf() throws {
        let text = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: $VERSIONS}}"
        #expect(try Self.manifest(text, version: "1").warnings.count == 1)
        #expect(throws: YAML.Malformed.self) { try Self.manifest(text).requireSomethingToRun() }
        try Self.manifest(Self.falco).requireSomethingToRun()
    }

    @Test(arguments: [
        ("kind: A\nmetadata: {name: a}", "m.yaml:1: an object without apiVersion"),
        ("apiVersion: v1\nmetadata: {name: a}", "m.yaml:1: an object without kind"),
        ("apiVersion: v1\nkind: Pod", "m.yaml:1: a Pod without metadata"),
        ("apiVersion: v1\nkind: Pod\nmetadata:\n  labels: {}", "m.yaml:4: an object without metadata.name"),
        ("apiVersion: v1\nkind: Pod\nmetadata:\n  name: 12", "m.yaml:4: metadata.name must be a string"),
        ("apiVersion: v1\nkind: Pod\nmetadata:\n  name: A_b", "m.yaml:4: A_b is no name of a Pod"),
        ("apiVersion: v1\nkind: List\nitems: []", "m.yaml:2: a List: write its items out as documents of their own"),
        ("- 1", "m.yaml:1: an object must be a mapping"),
        ("# nothing", "m.yaml: there is no object in it"),
        (
            "{apiVersion: v1, kind: Pod, metadata: {name: a}}\n---\n"
                + "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: benchmark}}",
            "m.yaml:3: Pod benchmark/a is there twice, first at m.yaml:1"
        ),
        (
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\nspec:\n"
                + "  deletionPolicy: Orphan",
            "m.yaml:5: deletionPolicy Orphan: what Kustomization benchmark/a deploys would stay in the cluster"
        ),
        (
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\nspec:\n"
                + "  prune: false",
            "m.yaml:5: Kustomization benchmark/a without prune: true: what it deploys would stay in the cluster"
        ),
        (
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: a}\nspec:\n  suspend: true",
            "m.yaml:5: HelmRelease benchmark/a is suspended: Flux would never deploy it"
        ),
    ])
    func whatIsWrongIsSaidWithItsLine(_ text: String, _ message: String) {
        #expect {
            try Self.manifest(text)
        } throws: {
            "\($0)" == message
        }
    }

    @Test func bothFilesAreChosenWhenBothExist() throws {
        func files(_ configuration: String?, _ files: [String]) throws -> [String] {
            try ManifestChoice.files(
                project: "falco", configuration: configuration, projects: ["falco", "x"], files: files)
        }
        let all = ["ebpf.yaml", "falco.yaml", "kmod.yaml"]
        #expect(try files("kmod", all) == ["falco/falco.yaml", "falco/kmod.yaml"])
        #expect(try files(nil, all) == ["falco/falco.yaml"])
        #expect(try files("kmod", ["kmod.yaml"]) == ["falco/kmod.yaml"])
        #expect(throws: ManifestChoice.Missing(reason: "no configuration bpf of falco there; there are: ebpf, kmod")) {
            try files("bpf", all)
        }
        #expect(throws: ManifestChoice.Missing.self) { try files(nil, ["kmod.yaml"]) }
        #expect(throws: ManifestChoice.Missing(reason: "no project flaco there; there are: falco, x")) {
            try ManifestChoice.files(project: "flaco", configuration: nil, projects: ["falco", "x"], files: [])
        }
    }
}

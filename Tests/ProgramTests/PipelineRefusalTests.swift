import Documents
import Foundation
import Glibc
import Host
import StandIns
import Testing

/// Runs that are refused before anything is changed: one line that says why, the exit code, and a cluster that was only
/// asked.
@Suite(.enabled(if: Here.canLoadProbe && !Kubectls.all.isEmpty, "needs root, kernel BTF and kubectl"), .serialized)
struct PipelineRefusalTests {
    /// What is wrong, and what must be said of it.
    private struct Case {
        let name: String
        var files: [String: String] = [:]
        var switches: [String: JSON] = [:]
        var options: [String] = []
        let code: Int32
        let words: [String]
    }

    private static let flux = PipelineUnderTest.shop["shop/shop.yaml"] ?? ""
    private static func shop(_ old: String, _ new: String) -> [String: String] {
        ["shop/shop.yaml": flux.replacing(old, with: new)]
    }

    /// Written down wrongly.
    private static let files = [
        Case(name: "no YAML", files: shop("spec: {url", "spec: [{url"), code: 3, words: ["shop/shop.yaml:5: "]),
        Case(
            name: "no kind", files: shop("kind: Kustomization", "king: x"), code: 3, words: ["shop.yaml:6: ", "kind"]),
        Case(
            name: "nothing would be taken away", files: shop("prune: true", "deletionPolicy: Orphan"), code: 3,
            words: ["shop.yaml:12: ", "deletionPolicy Orphan"]),
        Case(
            name: "two of the same", files: shop("kind: OCIRepository", "kind: Kustomization"), code: 3,
            words: ["shop/shop.yaml:"]),
        Case(name: "empty", files: ["shop/shop.yaml": "# nothing\n"], code: 3, words: ["shop"]),
        Case(name: "no list", files: ["projects.json": "{"], code: 3, words: ["projects.json"]),
        Case(
            name: "a list of another form", files: ["projects.json": #"{"projects": [{"name": 7}]}"#], code: 3,
            words: ["projects.json", "name"]),
        Case(
            name: "which configuration",
            files: [
                "projects.json": #"{"projects": [{"name": "shop", "organization": "acme", "configs": ["a", "b"]}]}"#
            ], code: 2, words: ["no --config; shop has a, b"]),
        Case(
            name: "no manifest",
            files: ["projects.json": #"{"projects": [{"name": "shoe", "organization": "acme"}]}"#],
            options: ["--project", "shoe"], code: 3, words: ["shoe"]),
        Case(
            name: "a benchmark that is none", files: ["shop/benchmark.yaml": "kind: Job\nmetadata: {}\n"], code: 3,
            words: ["shop/benchmark.yaml:1: "]),
        Case(
            name: "a Job that nobody makes", options: ["--until-job", "load"], code: 3,
            words: ["find Job load", "it has no Job"]),
    ]

    /// Asked for wrongly.
    private static let options = [
        Case(name: "project", options: ["--project", "shoe"], code: 3, words: ["find project shoe", "it has shop"]),
        Case(name: "configuration", options: ["--config", "x"], code: 3, words: ["find configuration x of shop"]),
        Case(
            name: "version", options: ["--version", "1.0; rm -rf /"], code: 2, words: ["--version", "no version has"]),
        Case(name: "newline", options: ["--version", "1.0\n"], code: 2, words: ["--version", "no version has"]),
        Case(name: "empty version", options: ["--version", ""], code: 2, words: ["--version"]),
        Case(name: "metric", options: ["--until-metric", "x"], code: 2, words: ["--until-metric: x is not NAME=N"]),
        Case(name: "window", options: ["--for", "0s"], code: 2, words: ["--for"]),
        Case(name: "time", options: ["--idle", "soon"], code: 2, words: ["--idle", "soon"]),
        Case(name: "option", options: ["--frobnicate"], code: 2, words: ["--frobnicate"]),
        Case(name: "runs", options: ["--runs", "/proc/nope"], code: 3, words: ["/proc/nope"]),
        Case(
            name: "digest", options: ["--sha256", String(repeating: "0", count: 64)], code: 3,
            words: ["shop/benchmark.yaml: its SHA-256 is ", " and should be 000"]),
        Case(
            name: "benchmark", options: ["--benchmark", "/nonexistent.yaml"], code: 3,
            words: ["/nonexistent.yaml", "No such file"]),
    ]

    /// Tools, the cluster and the agent.
    private static let surroundings = [
        Case(
            name: "no command", options: ["--", "wrk-that-nobody-has"], code: 3,
            words: ["find the command wrk-that-nobody-has, which is to end the window: it is not there"]),
        Case(
            name: "no kubectl", options: ["--kubectl", "/nonexistent/kubectl"], code: 3,
            words: ["/nonexistent/kubectl: No such file"]),
        Case(
            name: "no kubeconfig", options: ["--kubeconfig", "/nonexistent"], code: 3,
            words: ["the kubeconfig /nonexistent: No such file"]),
        Case(
            name: "a kubeconfig of nonsense", options: ["--kubeconfig", "/etc/passwd"], code: 3, words: ["/etc/passwd"]),
        Case(name: "no such context", options: ["--context", "nowhere"], code: 3, words: ["context", "nowhere"]),
        Case(name: "no agent", options: ["--agent", "http://127.0.0.1:1"], code: 3, words: ["http://127.0.0.1:1"]),
        Case(name: "no namespace", options: ["--namespace", "nowhere"], code: 3, words: ["no namespace nowhere"]),
        Case(
            name: "an object's namespace is missing", files: shop("{name: shop}", "{name: shop, namespace: nowhere}"),
            code: 3, words: ["shop.yaml:", "no namespace nowhere"]),
        Case(
            name: "Flux is not installed",
            switches: ["served": ["kustomize.toolkit.fluxcd.io": [], "source.toolkit.fluxcd.io": []]], code: 3,
            words: ["shop.yaml:1: ", "source.toolkit.fluxcd.io"]),
        Case(
            name: "a version of yesterday",
            files: shop("kustomize.toolkit.fluxcd.io/v1", "kustomize.toolkit.fluxcd.io/v1beta2"),
            code: 3, words: ["shop.yaml:6: ", "v1beta2", "kustomize.toolkit.fluxcd.io/v1"]),
        Case(
            name: "a version of tomorrow", switches: ["served": ["source.toolkit.fluxcd.io": ["v1beta2"]]], code: 3,
            words: ["shop.yaml:1: ", "source.toolkit.fluxcd.io/v1beta2"]),
        Case(name: "not let in", switches: ["unauthorized": true], code: 3, words: ["logged in"]),
    ]

    private func check(_ cases: [Case], _ pipeline: PipelineUnderTest) throws {
        let files = FileManager.default
        for one in cases {
            let projects = pipeline.folder("cases/\(one.name)")
            try files.createDirectory(atPath: projects + "/shop", withIntermediateDirectories: true)
            for (file, text) in PipelineUnderTest.shop.merging(one.files, uniquingKeysWith: { $1 }) {
                try text.write(toFile: "\(projects)/\(file)", atomically: false, encoding: .utf8)
            }
            for (name, value) in one.switches { try pipeline.cluster.set([name: value]) }
            let before = try pipeline.cluster.requests().count
            let brahe = try pipeline.start("pipeline", ["--projects", projects + "/projects.json"] + one.options)
            let code = brahe.wait()
            for name in one.switches.keys { try pipeline.cluster.set([name: .null]) }

            #expect(code == one.code, "\(one.name): \(brahe.errorText)")
            #expect(brahe.outputText.isEmpty, "\(one.name)")
            let failures = Self.failures(brahe.errorText)
            #expect(failures.count == 1, "\(one.name): \(brahe.errorText)")
            for word in one.words { #expect(failures.first?.contains(word) == true, "\(one.name): \(failures)") }
            let writes = try pipeline.cluster.requests().dropFirst(before).filter {
                !$0.hasPrefix("GET ") && !$0.contains("/leases")
            }
            #expect(writes.isEmpty, "\(one.name): \(writes)")
            try pipeline.checkIsEmpty(one.name)
        }
    }

    /// The lines that are no progress.
    private static func failures(_ text: String) -> [Substring] {
        text.split(separator: "\n").filter {
            !$0.hasPrefix("brahe: run 2") && (!$0.hasPrefix("[") || $0.contains(": failed after "))
        }
    }

    @Test func whatIsWrittenDownWrongly() throws { try check(Self.files, PipelineUnderTest()) }

    @Test func whatIsAskedForWrongly() throws { try check(Self.options, PipelineUnderTest()) }

    @Test(arguments: Kubectls.all)
    func whatIsNotThere(kubectl: String) throws {
        let pipeline = try PipelineUnderTest(kubectl: kubectl)
        try check(Self.surroundings, pipeline)
        // Away for good.
        pipeline.cluster.stop()
        let brahe = try pipeline.start()
        #expect(brahe.wait() == 6, "\(brahe.errorText)")
        #expect(Self.failures(brahe.errorText).count == 1, "\(brahe.errorText)")
    }

    @Test func anAgentWithoutEnergyIsRefusedBeforeTheRun() throws {
        let empty = try Scratch()
        let pipeline = try PipelineUnderTest(agent: ["--source", "auto", "--sysfs", empty.path])
        try check([Case(name: "none", code: 3, words: ["no source of energy"])], pipeline)
    }

    @Test func aBenchmarkFromTheNetworkMustBePinned() throws {
        let pipeline = try PipelineUnderTest()
        let port = try Here.freePort()
        let server = try Running(
            "/usr/bin/python3",
            ["-m", "http.server", "--bind", "127.0.0.1", "--directory", pipeline.folder("projects"), "\(port)"])
        let url = "http://127.0.0.1:\(port)/shop/benchmark.yaml"
        try server.await("its port") { HTTPRequest("GET", url).answer().status == 200 }
        let digest = Files.sha256(PipelineUnderTest.shop["shop/benchmark.yaml"] ?? "")
        try check(
            [
                Case(
                    name: "unpinned", options: ["--benchmark", url], code: 3,
                    words: [url, "nothing pins it", "(now \(digest))"]),
                Case(
                    name: "another", options: ["--benchmark", url, "--sha256", String(digest.reversed())], code: 3,
                    words: [url, "its SHA-256 is \(digest)"]),
                Case(name: "none", options: ["--benchmark", url + ".gone"], code: 3, words: [url + ".gone", "404"]),
            ], pipeline)
        pipeline.ends(try pipeline.start("pipeline", ["--benchmark", url, "--sha256", digest.uppercased()]))
        #expect(try pipeline.report()["benchmark"]["manifest"] == .string(url))
        #expect(try pipeline.report()["benchmark"]["manifest_sha256"] == .string(digest))
        try pipeline.checkIsEmpty()
        kill(server.pid, SIGTERM)
    }
}

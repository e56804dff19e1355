import Documents
import Foundation
import Glibc
import Host
import StandIns
import Testing

/// The projects that brahe ships, and docs/onboarding.md step by step.
@Suite(.enabled(if: Here.canLoadProbe && !Kubectls.all.isEmpty, "needs root, kernel BTF and kubectl"), .serialized)
struct ShippedProjectsTests {
    private static let projects = Here.checkout + "/projects"

    /// What the artifacts and the charts of the shipped projects bring.
    private static let switches: JSON = {
        let falco: JSON = [
            [
                "kind": "DaemonSet", "name": "falco",
                "images": ["docker.io/falcosecurity/falco:0", "docker.io/falcosecurity/falco-driver-loader:0"],
            ]
        ]
        let podinfo: JSON = [["kind": "Deployment", "name": "podinfo", "images": ["ghcr.io/stefanprodan/podinfo:0"]]]
        return [
            "workloads": [
                "podinfo": podinfo, "falco-ebpf": falco, "falco-modern-ebpf": falco, "falco-kmod": falco,
            ],
            "pods": ["podinfo-requests": ["exit": ["after": 3, "code": 0]]],
        ]
    }()

    /// All projects with their configurations.
    private static func listed() throws -> [(project: String, configuration: String)] {
        try JSON(parsing: Files.read(projects + "/projects.json"))["projects"].array.flatMap { project in
            project["configs"].array.map { (project["name"].string ?? "", $0.string ?? "") }
        }
    }

    @Test func everyConfigurationHasAPlanAndEachOfItsManifestsIsAppliedByBothKubectls() throws {
        let pipeline = try PipelineUnderTest(manifests: [:], switches: Self.switches)
        let all = try Self.listed()
        #expect(
            all.map { "\($0.project) \($0.configuration)" }.sorted() == [
                "falco ebpf", "falco kmod", "falco modern-ebpf", "podinfo helm", "podinfo kustomize",
            ])
        var planned: Set<String> = []
        for (project, configuration) in all {
            let plan = pipeline.ends(
                try pipeline.start(
                    "plan",
                    [
                        "--projects", Self.projects + "/projects.json", "--project", project, "--config", configuration,
                    ]))
            #expect(plan.errorText.isEmpty, "\(plan.errorText)")
            let files = plan.outputText.matches(of: /read (\S+\.yaml)/).map { String($0.output.1) }
            #expect(files.contains("\(Self.projects)/\(project)/\(configuration).yaml"), "\(files)")
            planned.formUnion(files)
        }
        // No file lies about that no run would read.
        let shipped = try FileManager.default.subpathsOfDirectory(atPath: Self.projects).filter {
            $0.hasSuffix(".yaml")
        }
        #expect(planned == Set(shipped.map { "\(Self.projects)/\($0)" }))

        for kubectl in Kubectls.all {
            let connection = ["--kubeconfig", pipeline.cluster.kubeconfig, "--cache-dir", pipeline.folder("cache")]
            for file in planned.sorted() {
                let text = try Files.read(file).replacing("$VERSION", with: "6.7.1")
                let path = try pipeline.folder.write("applied.yaml", text)
                // Only the shell of the benchmark has variables of its own.
                #expect(!text.contains("$") || file.hasSuffix("/benchmark.yaml"), "\(file)")
                for verb in [["apply", "--validate=false"], ["delete", "--wait=false", "--ignore-not-found"]] {
                    let done = try Tool([kubectl] + connection + verb + ["--filename", path]).run(within: 20_000)
                    #expect(done.code == 0, "\(kubectl) \(verb[0]) \(file): \(done.errors)")
                }
            }
            try pipeline.cluster.await("an empty cluster") { try pipeline.left().isEmpty }
        }
    }

    @Test func falcoIsDeployedInTheVersionAskedForAndTakenAway() throws {
        let load = try Scratch()
        let benchmark = try load.write("load.yaml", PipelineUnderTest.shop["shop/benchmark.yaml"] ?? "")
        let running = try Self.listed().filter { $0.project == "falco" }.map { _, configuration in
            let pipeline = try PipelineUnderTest(manifests: [:], switches: Self.switches)
            let options = [
                "--projects", Self.projects + "/projects.json", "--project", "falco", "--config", configuration,
                "--version", "0.41.1", "--warmup", "100ms",
                // The real one is in the network.
                "--benchmark", benchmark,
            ]
            return (configuration, pipeline, try pipeline.start("pipeline", options))
        }
        for (configuration, pipeline, brahe) in running {
            pipeline.ends(brahe)
            let images = try pipeline.report()["meta"]["pods"].array.flatMap { $0["containers"].array }
                .compactMap { $0["image"].string }
            #expect(
                images == [
                    "docker.io/falcosecurity/falco:0.41.1-debian", "docker.io/falcosecurity/falco-driver-loader:0.41.1",
                ], "\(configuration)")
            let sources = try pipeline.report()["meta"]["sources"].array.compactMap { $0["revision"].string }
            #expect(sources == ["main@sha1:78e06e28879c535ec9ff436327578d556d9bdc1f"], "\(configuration)")
            try pipeline.checkIsEmpty(configuration)
        }
    }

    /// The commands of the document's section with this heading, as they are written there.
    private static func commands(_ heading: String) throws -> [[String]] {
        let text = try Files.read(Here.checkout + "/docs/onboarding.md")
        let section = try #require(text.split(separator: "\n## ").first { $0.hasPrefix(heading) })
        // Every other part is between the fences of code.
        let code = section.split(separator: "```", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.flatMap { $0.element.split(separator: "\n").dropFirst() }
        return code.map { line in line.prefix { $0 != "#" }.split(separator: " ").dropFirst().map(String.init) }
    }

    @Test func theDocumentsStepsDoWhatItSays() throws {
        let steps = try Self.commands("5. Try it")
        #expect(steps.map { $0[0] } == ["plan", "deploy", "run", "cleanup", "pipeline", "trigger"])
        let pipeline = try PipelineUnderTest(manifests: [:], switches: Self.switches)
        // The surroundings that differ from a newcomer's.
        let own = [
            "--projects", Self.projects + "/projects.json", "--agent", "http://127.0.0.1:\(pipeline.agent.port)",
            "--poll", "50ms", "--lock", pipeline.folder("lock"), "--baseline", "100ms", "--idle", "100ms",
        ]
        for step in steps.dropLast() {
            let words = step.map { $0 == "RUN" ? pipeline.runs.last ?? "" : $0 }
            let ofARun = step.contains("RUN")
            let options = ofARun ? ["--runs", pipeline.folder("runs")] : own + pipeline.connection
            let brahe = pipeline.ends(try pipeline.brahe(words + options))
            switch step[0] {
            case "plan": #expect(pipeline.runs.isEmpty)
            case "deploy":
                #expect(brahe.outputText == "\(pipeline.runs.last ?? "")\n")
                #expect(try pipeline.cluster.objects("HelmRelease").count == 1)
            case "run": #expect(try pipeline.report()["status"] == "succeeded" && !pipeline.left().isEmpty)
            default:
                try pipeline.checkIsEmpty("\(step)")
                #expect(try pipeline.report()["status"] == "succeeded")
            }
        }
        #expect(pipeline.runs.count == 2)

        let github = try GitHubStandIn()
        let trigger = steps.last ?? []
        let words = trigger.dropFirst().map { $0 == "OWNER/REPOSITORY" ? "o/r" : $0 }
        let brahe = try github.start(words + ["--projects", Self.projects + "/projects.json"])
        #expect(brahe.wait() == 0, "\(brahe.errorText)")
        #expect(github.dispatches == 1)
    }
}

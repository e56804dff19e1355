import Documents
import Foundation
import Glibc
import Testing

/// `brahe pipeline` with several runs to do.
@Suite(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"), .serialized)
struct PipelineRepeatTests {
    /// Two configurations, of which one is refused before anything is deployed.
    private static var manifests: [String: String] {
        [
            "projects.json": """
            {"projects": [{"name": "shop", "organization": "acme", "configs": ["good", "broken"],
              "benchmark": {"k8s_manifest_file": "shop/benchmark.yaml", "duration_mins": 1}}]}
            """,
            "shop/good.yaml": PipelineUnderTest.shop["shop/shop.yaml"] ?? "",
            "shop/broken.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n",
            "shop/benchmark.yaml": PipelineUnderTest.shop["shop/benchmark.yaml"] ?? "",
        ]
    }

    @Test func runsAreInterleavedAndOneThatFailsDoesNotKeepTheOthersFromIt() throws {
        let pipeline = try PipelineUnderTest(manifests: Self.manifests)
        let running = try pipeline.start(
            "pipeline",
            ["--config", "good", "--config", "broken", "--repeat", "2", "--cool-down", "100ms", "--for", "300ms"])
        pipeline.ends(running, with: 3)
        let asked = try pipeline.runs.map { run in
            try JSON(parsing: pipeline.text("request.json", of: run))["project"]["configuration"].string
        }
        #expect(asked == ["good", "broken", "broken", "good"])
        #expect(running.outputText.contains("\n\n2 of 4 runs succeeded.\n"), "\(running.outputText)")
        let paths = pipeline.runs.map { pipeline.folder("runs/") + $0 }
        try #require(paths.count == 4)
        #expect(
            running.outputText.hasSuffix(
                "\nbrahe compare good=\(paths[0]),\(paths[3]) broken=\(paths[1]),\(paths[2])\n"),
            "\(running.outputText)")
        try pipeline.checkIsEmpty()
    }

    @Test func aSignalEndsTheRunAndAllThatWouldFollow() throws {
        let pipeline = try PipelineUnderTest()
        let running = try pipeline.start(
            "pipeline", ["--version", "1.11", "--repeat", "3", "--for", "30s"])
        try running.await("the window") { pipeline.hasBegun("window") || pipeline.hasBegun("measure") }
        kill(running.pid, SIGTERM)
        pipeline.ends(running, with: 143)
        #expect(pipeline.runs.count == 1)
        #expect(running.errorText.contains("the other 5 runs are not done"), "\(running.errorText)")
        try pipeline.checkIsEmpty()
    }

    @Test(arguments: [
        (["--repeat", "0"], "option --repeat: 0 is not a number from 1 to 1000"),
        (["--cool-down", "1s"], "option --cool-down is for several runs"),
        (["--repeat", "2", "--version", "1 0"], "--version: \"1 0\""),
    ])
    func whatMakesNoSenseIsSaidBeforeAnythingIsDone(options: [String], reason: String) throws {
        let pipeline = try PipelineUnderTest()
        let running = pipeline.ends(try pipeline.start("pipeline", options), with: 2)
        #expect(running.errorText.contains(reason), "\(running.errorText)")
        #expect(pipeline.runs.isEmpty)
    }
}

import Documents
import Foundation
import Glibc
import Host
import StandIns
import Testing

/// Runs that fail after something was changed: what is said, what is left, and what the report says.
@Suite(.enabled(if: Here.canLoadProbe && !Kubectls.all.isEmpty, "needs root, kernel BTF and kubectl"), .serialized)
struct PipelineFailureTests {
    /// How a pod dies in the measured window, and what must be said of it.
    private static let deaths: [(behaviour: JSON, words: [String])] = [
        (
            ["shop-": ["exit": ["after": 0, "code": 139, "log": ["orders: 17", "segmentation fault"]]]],
            ["Pod benchmark/shop-", "container shop", "139", "its last words: ", "orders: 17 | segmentation fault"]
        ),
        (
            ["shop-": ["exit": ["after": 0, "code": 137, "reason": "OOMKilled", "log": ["growing"]]]],
            ["Pod benchmark/shop-", "OOMKilled", "137", "its last words: ", "growing"]
        ),
        (
            ["load-": ["exit": ["after": 0, "code": 1, "log": ["no answer from shop"]]]],
            ["Pod benchmark/load-", "container load", "1", "its last words: ", "no answer from shop"]
        ),
    ]

    @Test func aPodThatDiesInTheWindowFailsTheRun() throws {
        let running = try Self.deaths.indices.map { _ in
            let pipeline = try PipelineUnderTest()
            return (pipeline, try pipeline.start("pipeline", ["--for", "60s"]))
        }
        let deleted = try PipelineUnderTest()
        let other = try deleted.start("pipeline", ["--for", "60s"])
        // It dies after the only look for which there is time.
        let late = try PipelineUnderTest()
        let last = try late.start("pipeline", ["--for", "2s", "--poll", "2500ms"])
        for (pipeline, brahe) in running + [(deleted, other), (late, last)] {
            try brahe.await("the window") { pipeline.journal().contains { $0["detail"]["began"].string != nil } }
        }
        usleep(300_000)
        try late.cluster.set(["pods": Self.deaths[0].behaviour])
        for (death, (pipeline, _)) in zip(Self.deaths, running) { try pipeline.cluster.set(["pods": death.behaviour]) }
        let pod = try #require(try deleted.cluster.objects("Pod").compactMap { $0["metadata"]["name"].string }.min())
        try deleted.cluster.remove("Pod", pod)

        for (death, (pipeline, brahe)) in zip(Self.deaths, running) {
            try check(pipeline, brahe, death.words)
        }
        try check(deleted, other, ["Pod benchmark/\(pod): "])
        try check(late, last, Self.deaths[0].words)
    }

    private func check(_ pipeline: PipelineUnderTest, _ brahe: Running, _ words: [String]) throws {
        pipeline.ends(brahe, with: 7)
        let lines = brahe.errorText.split(separator: "\n").filter { $0.contains(": failed after ") }
        #expect(lines.count == 1, "\(brahe.errorText)")
        var rest = lines.first ?? ""
        for word in words {
            let found = rest.range(of: word)
            #expect(found != nil, "\(word) is missing in \(lines)")
            rest = rest[(found?.upperBound ?? rest.startIndex)...]
        }
        let report = try pipeline.report()
        #expect(report["status"] == "failed")
        #expect(lines.first?.hasSuffix(report["failure"].string ?? "?") == true)
        #expect(pipeline.text("report.txt").contains("failed: \(report["failure"].string ?? "?")"))
        #expect(brahe.outputText.isEmpty)
        try pipeline.checkIsEmpty(brahe.errorText)
    }

    /// What is wrong with a cluster, and with which code and words the run ends.
    private struct Trouble: CustomStringConvertible {
        let description: String
        var manifests = PipelineUnderTest.shop
        let switches: JSON
        var options: [String] = []
        let code: Int32
        let words: [String]
    }

    @Test func whatDoesNotGetReadyEndsWithSixAndIsTakenAway() throws {
        let soon = ["--deploy-timeout", "2s"]
        let troubles = [
            Trouble(
                description: "never ready", switches: ["flux": ["shop": ["never": true]]], options: soon, code: 6,
                words: ["Kustomization benchmark/shop", "given up after"]),
            Trouble(
                description: "stalled", switches: ["flux": ["shop": ["stalled": "no such path: ./x"]]], code: 6,
                words: ["Kustomization benchmark/shop", "Stalled", "no such path: ./x"]),
            Trouble(
                description: "another image runs",
                switches: ["workloads": ["shop": [["kind": "Deployment", "name": "shop", "images": ["nginx:9"]]]]],
                options: soon, code: 6, words: ["1.10"]),
            Trouble(
                description: "an image that cannot be pulled", switches: ["pods": ["shop": ["pull": "never"]]],
                options: soon, code: 6, words: ["Pod benchmark/shop-", "ImagePullBackOff", "ghcr.io/acme/shop:1.10"]),
        ]
        try check(troubles)
    }

    @Test func whatStaysInTheClusterIsNamedAndTheExitCodeIsNine() throws {
        let pipeline = try PipelineUnderTest(switches: ["flux": ["Kustomization/shop": ["finalizer": "never"]]])
        let brahe = pipeline.ends(try pipeline.start("pipeline", ["--cleanup-timeout", "1s"]), with: 9)
        let line = brahe.errorText.split(separator: "\n").first { $0.contains("cleanup: failed after ") } ?? ""
        #expect(line.contains("Kustomization benchmark/shop (finalizers: finalizers.fluxcd.io)"), "\(brahe.errorText)")
        let run = try #require(pipeline.runs.last)
        #expect(brahe.errorText.contains("brahe cleanup \(run)\n"), "\(brahe.errorText)")
        #expect(try pipeline.left().contains("Kustomization benchmark/shop"))
        // The measurement was whole before.
        #expect(try pipeline.report()["status"] == "succeeded")

        // Nobody else gets in between, and once the cause is mended the cleanup ends.
        let second = pipeline.ends(try pipeline.start(), with: 4)
        #expect(second.errorText.contains(run), "\(second.errorText)")
        try pipeline.cluster.set(["flux": .null])
        pipeline.ends(try pipeline.take("cleanup", run))
        try pipeline.checkIsEmpty()
    }

    private func check(_ troubles: [Trouble]) throws {
        let running = try troubles.map { trouble in
            let pipeline = try PipelineUnderTest(manifests: trouble.manifests, switches: trouble.switches)
            return (trouble, pipeline, try pipeline.start("pipeline", trouble.options))
        }
        for (trouble, pipeline, brahe) in running {
            #expect(brahe.wait() == trouble.code, "\(trouble): \(brahe.errorText)")
            let failure = try pipeline.report()["failure"].string ?? ""
            for word in trouble.words { #expect(failure.contains(word), "\(trouble): \(failure)") }
            #expect(brahe.errorText.contains(": \(failure)\n"), "\(trouble): \(brahe.errorText)")
            #expect(try pipeline.report()["status"] == "failed")
            // Nothing was measured, and no table says so.
            let text = pipeline.text("report.txt")
            #expect(text.contains("\nfailed: ") && text.contains(failure), "\(trouble): \(text)")
            #expect(!text.contains("ENERGY") && !text.contains(" J"), "\(trouble): \(text)")
            try pipeline.checkIsEmpty("\(trouble): \(brahe.errorText)")
        }
    }
}

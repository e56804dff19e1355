import Exposition
import Foundation
import Testing

@testable import Agent

/// Every row of docs/compat.md, held against the page of a running agent.
@Suite(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"), .serialized)
struct CompatibilityTests {
    private static var document: String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .path + "/docs/compat.md"
    }

    private static var metrics: [KeplerInventory.Metric] { KeplerInventory.sections.flatMap(\.metrics) }

    @Test func everyMetricIsWhatTheTableSays() throws {
        let node = try WholeNode()
        let page = try node.agent.scrape()
        var expected: Set<String> = []
        for metric in Self.metrics {
            switch metric.verdict {
            case .present:
                expected.insert(metric.name)
                #expect(page.types[metric.name] == metric.type, "\(metric.name)")
                let series = page.series(named: metric.name)
                #expect(!series.isEmpty, "\(metric.name) has no series")
                for one in series { #expect(Set(one.labels.keys) == Set(metric.labels), "\(metric.name)") }
            case .renamed(let ours):
                #expect(page.types[metric.name] == nil, "\(metric.name)")
                #expect(!page.series(named: ours).isEmpty, "\(metric.name) is to be \(ours)")
            case .refused:
                #expect(page.types[metric.name] == nil, "\(metric.name)")
                #expect(page.series(named: metric.name).isEmpty, "\(metric.name)")
            }
        }
        // Nothing has a name of Kepler's that Kepler does not have.
        for family in page.types.keys where ["kepler_", "pod_", "node_"].contains(where: { family.hasPrefix($0) }) {
            #expect(expected.contains(family), "\(family) is not in the inventory")
        }
    }

    @Test func everyWordOfALabelIsInTheTable() throws {
        let node = try WholeNode()
        let page = try node.agent.scrape()
        for words in KeplerInventory.words {
            let known = Set(words.present + words.ours.map(\.word))
            let names = Set(KeplerInventory.metrics(words.generation).map(\.name))
            let met = Set(page.samples.filter { names.contains($0.name) }.compactMap { $0.labels[words.label] })
            #expect(!met.isEmpty, "\(words.label)")
            #expect(met.isSubset(of: known), "\(words.label): \(met.subtracting(known).sorted())")
        }
        // What the node has of each level is told apart.
        let states = page.series(named: "kepler_container_cpu_joules_total").filter { $0.labels["zone"] == "psys" }
        #expect(states.first { $0.labels["container_id"] == node.container.id }?.labels["state"] == "running")
        #expect(states.first { $0.labels["container_id"] == node.gone }?.labels["state"] == "terminated")
        let pod = page.series(named: "kepler_pod_cpu_joules_total").first { $0.labels["pod_id"] == WholeNode.uid }
        #expect(pod?.labels["pod_name"] == "web-0")
        let inContainer = page.series(named: "kepler_process_cpu_seconds_total").filter {
            $0.labels["container_id"] == node.container.id
        }
        #expect(inContainer.contains { $0.labels["type"] == "container" && $0.labels["pid"] == "\(node.process.pid)" })
    }

    @Test func everyEndpointAnswersAsTheTableSays() throws {
        let agent = try AgentUnderTest(["--source", "estimator"])
        for endpoint in KeplerInventory.endpoints {
            #expect(try agent.request("GET", endpoint.path).status == endpoint.status, "\(endpoint.path)")
        }
    }

    @Test func everyOptionOfKeplersIsKnownAndEveryOneOfOursThatTakesItsPlaceIsThere() throws {
        let known = KeplerInventory.options.flatMap(\.names)
        for name in known {
            switch KeplerNames.counterpart(of: name) {
            case .option(let ours): #expect(Option.all.contains { $0.name == ours }, "\(name): --\(ours)")
            case .nothing(let reason): #expect(!reason.isEmpty)
            case nil: Issue.record("\(name) is not known")
            }
        }
        let help = try Running(Here.program("brahe-agent"), ["--help"])
        #expect(help.wait() == 0)
        for option in Option.all { #expect(help.outputText.contains("\n  --\(option.name) "), "\(option.name)") }
    }

    @Test func theDocumentIsWhatTheInventorySays() throws {
        let text = CompatibilityPage.rendered()
        if ProcessInfo.processInfo.environment["BRAHE_WRITE_DOCS"] == "1" {
            try text.write(toFile: Self.document, atomically: true, encoding: .utf8)
        }
        let written = (try? String(contentsOfFile: Self.document, encoding: .utf8)) ?? ""
        #expect(written == text, "docs/compat.md is not what `make docs` writes")
    }
}

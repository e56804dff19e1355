import Exposition
import Foundation
import Testing

/// The page of a whole node in both formats.
@Suite(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"), .serialized)
struct PageFormatTests {
    private static let openMetrics = ["-H", "Accept: application/openmetrics-text; version=1.0.0"]

    /// Two pages of one sample. What cAdvisor counts is read for each page, so it is left out.
    private func pages() throws -> (text: String, openMetrics: String) {
        let node = try WholeNode(["--compat", "0.9,0.11,0.3", "--levels", "node,container,pod,process,vm"])
        let url = "http://127.0.0.1:\(node.agent.port)/metrics"
        return (try Curl(url).text, try Curl(url, Self.openMetrics).text)
    }

    @Test func bothFormatsAreWellFormedAndSayTheSame() throws {
        let (text, openMetrics) = try pages()
        try headsAreRight(text, isOpenMetrics: false)
        try headsAreRight(openMetrics, isOpenMetrics: true)
        #expect(openMetrics.hasSuffix("\n# EOF\n"))
        #expect(!text.contains("# EOF"))

        let plain = try Scrape(text)
        let open = try Scrape(openMetrics)
        let created = open.samples.filter { $0.name.hasSuffix("_created") }
        let values = Dictionary(uniqueKeysWithValues: plain.samples.map { ($0.identity, $0.value) })
        let others = Dictionary(
            uniqueKeysWithValues: open.samples.filter { !$0.name.hasSuffix("_created") }.map { ($0.identity, $0.value) }
        )
        #expect(values == others)
        #expect(values.count > 500)

        // Each series of a counter has its time, and nothing else has.
        let counters = plain.samples.filter { plain.types[$0.name] == "counter" && $0.name.hasSuffix("_total") }
        let expected = Set(
            counters.map {
                Scrape.Identity(name: String($0.name.dropLast("_total".count)) + "_created", labels: $0.labels)
            })
        #expect(Set(created.map(\.identity)) == expected)
        let now = Date().timeIntervalSince1970
        #expect(created.allSatisfy { $0.value > now - 120 && $0.value <= now })
    }

    private func headsAreRight(_ text: String, isOpenMetrics: Bool) throws {
        let page = try ExpositionText(text)
        #expect(Set(page.families.map(\.name)).count == page.families.count)
        for family in page.families {
            #expect(family.help == 1 && family.types == 1, "\(family.name)")
            let types = isOpenMetrics ? ["counter", "gauge", "unknown"] : ["counter", "gauge"]
            #expect(types.contains(family.type), "\(family.name) is a \(family.type)")
            #expect(isOpenMetrics || family.unit == nil, "\(family.name)")
            if let unit = family.unit { #expect(family.name.hasSuffix("_" + unit), "\(family.name): \(unit)") }
            let names =
                isOpenMetrics && family.type == "counter"
                ? [family.name + "_total", family.name + "_created"] : [family.name]
            #expect(family.series.allSatisfy { names.contains($0) }, "\(family.name)")
        }
    }
}

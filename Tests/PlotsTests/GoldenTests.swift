import Documents
import Foundation
import Host
import Testing

@testable import Plots

/// Each output of a fixed document is, to the letter, the file that was looked at.
@Suite struct GoldenTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")

    static let outputs: [(name: String, text: @Sendable () -> String)] = [
        ("power.svg", { PowerPlot(run: Fixtures.rich()).svg }),
        ("power-narrow.svg", { PowerPlot(run: Fixtures.rich(), width: 340).svg }),
        ("power-estimate.svg", { PowerPlot(run: Fixtures.estimated()).svg }),
        ("power-none.svg", { PowerPlot(run: Fixtures.failed()).svg }),
        ("energy.svg", { EnergyPlot(run: Fixtures.rich()).svg }),
        ("energy-narrow.svg", { EnergyPlot(run: Fixtures.rich(), width: 340).svg }),
        ("comparison.svg", { ComparisonPlot.all(of: Fixtures.comparison()).first?.svg ?? "" }),
        ("comparison-narrow.svg", { ComparisonPlot.all(of: Fixtures.comparison(), width: 340).first?.svg ?? "" }),
        ("trend.svg", { TrendPlot(Fixtures.trend()).svg }),
        ("trend-narrow.svg", { TrendPlot(Fixtures.trend(), width: 340).svg }),
        ("run.json", { (try? JSON(exactly: Fixtures.rich()).page) ?? "" }),
        ("compare.json", { (try? JSON(exactly: Fixtures.comparison()).page) ?? "" }),
        ("run.html", { HTMLReport(run: Fixtures.rich()).text }),
        ("run-invalid.html", { HTMLReport(run: Fixtures.invalid()).text }),
        ("run-failed.html", { HTMLReport(run: Fixtures.failed()).text }),
        ("run-estimate.html", { HTMLReport(run: Fixtures.estimated()).text }),
        ("compare.html", { HTMLReport(compare: Fixtures.comparison()).text }),
        ("trend.html", { HTMLReport(trends: Fixtures.trends()).text }),
        ("trend.md", { MarkdownReport(trends: Fixtures.trends()).text }),
        ("run.md", { MarkdownReport(run: Fixtures.rich()).text }),
        ("run-invalid.md", { MarkdownReport(run: Fixtures.invalid()).text }),
        ("run-failed.md", { MarkdownReport(run: Fixtures.failed()).text }),
        ("run-estimate.md", { MarkdownReport(run: Fixtures.estimated()).text }),
        ("compare.md", { MarkdownReport(compare: Fixtures.comparison()).text }),
        ("run.txt", { TextReport(run: Fixtures.rich()).text }),
        ("run-invalid.txt", { TextReport(run: Fixtures.invalid()).text }),
        ("run-failed.txt", { TextReport(run: Fixtures.failed()).text }),
        ("run-estimate.txt", { TextReport(run: Fixtures.estimated()).text }),
        ("compare.txt", { TextReport(compare: Fixtures.comparison()).text }),
    ]

    @Test(arguments: outputs.map(\.name)) func anOutputIsWhatItWas(_ name: String) throws {
        let text = try #require(Self.outputs.first { $0.name == name }).text()
        let file = Self.folder.appendingPathComponent(name)
        if ProcessInfo.processInfo.environment["BRAHE_WRITE_GOLDEN"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let written = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        let same = written == text
        #expect(same, "Golden/\(name) is not what BRAHE_WRITE_GOLDEN=1 writes")
    }
}

import Plots
import Testing

@Suite struct TerminalPlotTests {
    private func line(_ name: String, _ values: [Double]) -> TerminalPlot.Line {
        TerminalPlot.Line(
            name: name, points: values.enumerated().map { (1_700_000_000 + Double($0.offset) * 60, $0.element) })
    }

    @Test func aRisingLineGoesUpFromCornerToCorner() {
        let plot = TerminalPlot([line("", (0...10).map(Double.init))], unit: "W", isColoured: false)
        let rows = plot.text(columns: 40, rows: 6, gap: 90).split(separator: "\n")
        #expect(rows.allSatisfy { $0.count <= 40 })
        #expect(rows.first?.hasPrefix("10 W ┤") == true && rows.first?.hasSuffix("⠔⠒⠉") == true, "\(rows)")
        #expect(rows[5].hasPrefix("   0 ┤⣀⠤"), "\(rows)")
        #expect(rows.last?.hasSuffix("UTC") == true && rows.last?.contains(" 22:20 ") == true, "\(rows)")
    }

    @Test func gapsStayOpenAndWhatIsNoNumberIsLeftOut() {
        func dots(_ values: [Double], gap: Double) -> Int {
            TerminalPlot([line("", values)], unit: "", isColoured: false).text(columns: 60, gap: gap)
                .unicodeScalars.count { (0x2801...0x28ff).contains($0.value) }
        }
        let whole = dots([5, 5, 5, 5, 5], gap: 90)
        #expect(whole > 40)
        #expect(dots([5, 5, .nan, 5, 5], gap: 90) < whole * 3 / 4)
        #expect(dots([5, .infinity, .nan, -.infinity, 5], gap: 90) == 2)
        let nothing = TerminalPlot([line("a", [.nan])], unit: "", isColoured: false)
        #expect(nothing.text(columns: 60, gap: 1) == "nothing to plot\n")
        #expect(
            !TerminalPlot([line("a", [1e308, -1e308])], unit: "", isColoured: false).text(columns: 1, gap: 90).isEmpty)
    }

    @Test func severalLinesHaveALegendAndColours() {
        let lines = (0..<9).map { line("pod \($0)\u{1B}[5m", [Double($0), 1]) }
        let text = TerminalPlot(lines, unit: "J", isColoured: true).text(columns: 70, gap: 90)
        #expect(text.contains("━\u{1B}[0m pod 5\u{FFFD}[5m\n") && !text.contains("pod 6"))
        #expect(text.contains("\u{1B}[36m") && text.contains("\u{1B}[31m"))
    }
}

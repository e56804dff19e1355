import Documents
import Results
import Testing

@testable import Plots

@Suite struct DrawingTests {
    /// Every label lies on the plane, and no two share a point.
    private static func check(_ drawing: Drawing, _ what: String) {
        let boxes = drawing.labels.map { (text: $0.text, box: $0.box) }
        for (place, one) in boxes.enumerated() {
            #expect(
                one.box.left >= -0.2 && one.box.right <= drawing.width + 0.2 && one.box.top >= -0.2
                    && one.box.bottom <= drawing.height + 0.2, "\(what): \(one.text) lies outside")
            for other in boxes.prefix(place) {
                #expect(!one.box.overlaps(other.box), "\(what): \(one.text) overlaps \(other.text)")
            }
        }
    }

    /// Every number in an attribute is a plain one: neither NaN nor an infinity nor an exponent.
    private static func coordinates(of svg: String, _ what: String) {
        var names = 0
        for part in svg.split(separator: "<").dropFirst() where !part.hasPrefix("/") {
            let tag = part.prefix { $0 != ">" }
            for attribute in tag.split(separator: " ").dropFirst() where attribute.contains("=\"") {
                let pair = attribute.split(separator: "=", maxSplits: 1)
                guard ["x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height"].contains(pair[0]) else {
                    continue
                }
                let value = pair[1].filter { $0 != "\"" && $0 != "/" && $0 != "%" }
                names += 1
                #expect(Double(value) != nil && !value.contains { "eEnN".contains($0) }, "\(what): \(attribute)")
            }
            if let path = tag.split(separator: "d=\"").dropFirst().first?.prefix(while: { $0 != "\"" }),
                tag.hasPrefix("path")
            {
                for number in path.split(whereSeparator: { "MLHV ".contains($0) }) {
                    #expect(Double(number) != nil && !number.contains("e"), "\(what): \(number)")
                }
            }
        }
        #expect(names > 2 || svg.contains("viewBox"))
    }

    @Test(arguments: [0.66, 660, 0.000_66, 66_000, 0.0123]) func everyAxisOfPowerHasItsNumbers(_ watts: Double) {
        var run = Fixtures.rich()
        run.results?.power = [
            PowerEntry(name: "node", times: [0, 15, 30], watts: [watts * 9, watts * 10]),
            PowerEntry(name: "project", times: [0, 15, 30], watts: [watts, watts]),
        ]
        for width in [320.0, 720] {
            let labels = PowerPlot(run: run, width: width).drawing.labels.map(\.text)
            for high in [watts, watts * 10] {
                let last = Ticks(over: 0...high, about: 4).labels("W").last ?? ""
                #expect(labels.contains(last), "no \(last) among \(labels)")
            }
        }
    }

    @Test func whateverTheDocumentNothingOverlapsAndAllIsFinite() {
        var random = SplitMix64(seed: 77)
        for round in 0..<100 {
            let wild = Wild(&random)
            let (run, comparison, trend) = (wild.run(&random), wild.comparison(&random), wild.trend(&random))
            for width in [320.0, 340, 720] {
                let plots: [(String, any Plot)] =
                    [
                        ("power", PowerPlot(run: run, width: width)), ("energy", EnergyPlot(run: run, width: width)),
                        ("trend", TrendPlot(trend, width: width)),
                    ]
                    + ComparisonPlot.all(of: comparison, width: width).map { ("comparison", $0) }
                for (name, plot) in plots {
                    Self.check(plot.drawing, "\(round) \(name) \(width)")
                    Self.coordinates(of: plot.svg, "\(round) \(name) \(width)")
                }
            }
            let texts = [
                HTMLReport(run: run).text, HTMLReport(compare: comparison).text, MarkdownReport(run: run).text,
                MarkdownReport(compare: comparison).text, HTMLReport(trends: [trend]).text,
                MarkdownReport(trends: [trend]).text, TextReport(run: run).text, TextReport(compare: comparison).text,
            ]
            for text in texts.prefix(6) { #expect(!text.contains("<script"), "\(round)") }
            for text in texts {
                #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" || $0 == "\0" }, "\(round)")
                #expect(!text.contains(" nan ") && !text.contains(" inf "), "\(round)")
            }
        }
    }

    @Test func nothingThatMattersIsLeftOutForWantOfRoom() {
        for width in [320.0, 340, 720] {
            let power = PowerPlot(run: Fixtures.rich(), width: width).drawing.labels.map(\.text)
            for name in ["baseline", "idle", "run", "node", "project", "workload", "0", "100 W", "30 W"] {
                #expect(power.contains(name), "\(width): \(name)")
            }
            #expect(power.filter { $0.hasPrefix("08:") }.count >= 2, "\(width): \(power)")
            #expect(EnergyPlot(run: Fixtures.rich(), width: width).drawing.labels.count == 2 * 16, "\(width)")
            for plot in ComparisonPlot.all(of: Fixtures.comparison(), width: width) {
                let labels = plot.drawing.labels.map(\.text)
                #expect(labels.filter { $0 == "modern-ebpf 0.41.1" }.count == 2, "\(width): \(labels)")
                #expect(labels.contains("0"))
            }
            #expect(
                TrendPlot(Fixtures.trend(), width: width).drawing.labels.map(\.text).contains("far from the others"))
        }
    }

    @Test func aGapIsAGap() {
        let entry = PowerEntry(name: "node", times: [0, 15, 30, 45, 60], watts: [10, nil, 20, 30])
        let steps = Steps(entry)
        #expect(steps.joules == 15 * (10 + 20 + 30))
        let (x, y) = (Scale(0, 60, from: 0, to: 60), Scale(0, 30, from: 30, to: 0))
        #expect(steps.path(x: x, y: y) == "M0 20H15M30 10H45V0H60")
        // Times that stand still or go back, and watts that are none, are gaps too.
        let broken = PowerEntry(name: "node", times: [0, 15, 15, 10, .nan, 60, 75], watts: [1, 2, 3, 4, 5, .infinity])
        #expect(Steps(broken).steps == [.init(start: 0, end: 15, watts: 1)])
    }

    @Test func fewerStepsHaveTheSameEnergy() {
        var random = SplitMix64(seed: 3)
        let times = (0...3600).map(Double.init)
        let entry = PowerEntry(
            name: "node", times: times,
            watts: (0..<3600).map { $0 % 500 == 7 ? nil : .random(in: 0...90, using: &random) })
        let steps = Steps(entry)
        let thin = steps.thinned(to: 10)
        #expect(thin.steps.count < 400 && thin.steps.count > 300)
        #expect(abs(thin.joules - steps.joules) < 1e-6 * steps.joules)
        #expect(steps.thinned(to: 0).steps == steps.steps)
    }

    @Test func whatIsBeyondFifteenIsOneBar() throws {
        let pods = Fixtures.consumers().filter { $0.level == "pod" }
        let bars = EnergyPlot.bars(of: pods)
        #expect(bars.count == 16)
        let last = try #require(bars.last)
        #expect(last.name == "3 others")
        #expect(last.folded)
        let (sum, all) = (bars.reduce(0) { $0 + $1.joules }, pods.reduce(0) { $0 + ($1.joules ?? 0) })
        #expect(abs(sum - all) < 1e-6)
        #expect(EnergyPlot.bars(of: Array(pods.prefix(15))).count == 15)
        #expect(zip(bars, bars.dropFirst(1).dropLast()).allSatisfy { $0.joules >= $1.joules })
    }
}

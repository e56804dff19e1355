import Foundation
import Host
import Results
import Testing

@testable import Plots

/// What the golden files must be, besides what they were.
@Suite struct FormTests {
    /// Prints a line for each thing that is wrong with the files of a folder.
    private static let checker = #"""
        import os, sys, xml.etree.ElementTree as E
        folder = sys.argv[1]
        SVG = "{http://www.w3.org/2000/svg}"
        def tag(e): return e.tag.split("}")[-1]
        for name in sorted(os.listdir(folder)):
            if not name.endswith((".svg", ".html")): continue
            def wrong(what): print(name + ": " + what)
            text = open(os.path.join(folder, name), encoding="utf-8").read()
            try: root = E.fromstring(text.encode())
            except E.ParseError as error: wrong(str(error)); continue
            for e in root.iter():
                if tag(e) in ("script", "link", "img", "iframe", "object", "image", "use", "a", "form"): wrong("has " + tag(e))
                for key, value in e.attrib.items():
                    if key.split("}")[-1] in ("src", "href", "style", "action", "data"): wrong("attribute " + key)
                    if key.lower().startswith("on"): wrong("attribute " + key)
                if tag(e) == "style" and ("url(" in e.text or "@import" in e.text): wrong("style loads")
                if tag(e) == "svg":
                    if [tag(c) for c in e][:2] != ["title", "desc"] or not all(c.text for c in e[:2]): wrong("svg untold")
                    if e.get("role") != "img" or not e.get("viewBox"): wrong("svg without role or size")
                    if name.endswith(".html") and e.find(".//" + SVG + "style") is not None: wrong("style within")
                if tag(e) == "table":
                    if [tag(c) for c in e] != ["caption", "thead", "tbody"] or not e[0].text: wrong("table without caption")
                    if any(c.get("scope") != "col" for c in e[1][0]): wrong("heading without scope")
                    for row in e[2]:
                        if tag(row[0]) != "th" or row[0].get("scope") != "row": wrong("row without heading")
                        if len(row) != len(e[1][0]): wrong("row of another length")
            if name.endswith(".html"):
                heads = [tag(e) for e in root.iter() if tag(e) in ("h1", "h2", "h3", "h4")]
                if heads[:1] != ["h1"] or set(heads[1:]) - {"h2"}: wrong("headings " + " ".join(heads))
                for part in ("main", "header", "footer"):
                    if len([e for e in root.iter() if tag(e) == part]) != 1: wrong("not one " + part)
        """#

    @Test func filesAreWellFormedLoadNothingAndTellOfThemselves() throws {
        let outcome = try Tool(["python3", "-c", Self.checker, GoldenTests.folder.path]).run(within: 60_000)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output == "", "\(outcome.output)")
    }

    @Test func noNameOfOthersMakesACellOfMarkdown() throws {
        for (name, text) in GoldenTests.outputs where name.hasSuffix(".md") {
            let text = text()
            var columns: Int?
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                guard line.hasPrefix("|") else {
                    columns = nil
                    continue
                }
                let bars = line.filter { $0 == "|" }.count
                #expect(columns ?? bars == bars, "\(name): \(line)")
                columns = bars
            }
            for mark in ["<script", "`x`", "&*_"] { #expect(!text.contains(mark), "\(name)") }
        }
        #expect(Markdown.escaped("a|b\n# c") == "a&#124;b &#35; c")
        #expect(Markdown.escaped("http://x www.y.z @me") == "http:&#47;/x www&#46;y.z &#64;me")
    }

    @Test func eachEstimateIsMarked() throws {
        let text = TextReport(run: Fixtures.estimated()).text
        let numbers = text.split(separator: "  ").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { $0.hasSuffix("J") || $0.hasSuffix("W") || $0.hasSuffix("Wh") }.filter {
                $0.contains { $0.isNumber } && !$0.contains("..")
            }
        #expect(numbers.count > 40)
        for number in numbers { #expect(number.hasPrefix("\u{2248} "), "\(number)") }
        for output in [
            text, HTMLReport(run: Fixtures.estimated()).text, MarkdownReport(run: Fixtures.estimated()).text,
        ] {
            #expect(output.contains("These are estimates: "))
            #expect(output.contains("Range, estimated") || output.contains("RANGE, ESTIMATED"))
        }
        #expect(PowerPlot(run: Fixtures.estimated()).svg.contains("UTC, estimated"))
        #expect(EnergyPlot(run: Fixtures.estimated()).drawing.labels.contains { $0.text == "\u{2248} 21.35 kJ" })
        #expect(!HTMLReport(run: Fixtures.rich()).text.contains("\u{2248}"))
    }

    @Test func aModelsJoulesAreMarkedInEveryForm() {
        var run = Fixtures.rich()
        run.collection?.energySource = "estimator"
        for text in [TextReport(run: run).text, HTMLReport(run: run).text, MarkdownReport(run: run).text] {
            #expect(text.contains("nothing meters the machine"))
            #expect(text.contains("\u{2248} 7.868 kJ"))
            #expect(!text.contains("Bounds") && !text.contains("BOUNDS"))
        }
        #expect(PowerPlot(run: run).svg.contains("UTC, estimated"))
    }

    @Test func metricsOfOneNameAreToldApartAndWhatUsedNothingIsCounted() throws {
        var run = Fixtures.rich()
        var results = try #require(run.results)
        func metric(_ name: String, _ value: Double?, _ aggregation: String) -> ResultsEntry.Metric {
            .init(
                name: name, value: value, reason: value == nil ? "nothing measures it" : nil, unit: "W",
                scope: "project", aggregation: aggregation)
        }
        results.metrics = [
            metric("power", 1, "mean"), metric("power", 2, "max"), metric("other", 3, "mean"),
            metric("rss", nil, "mean"), metric("rss", nil, "max"),
        ]
        func consumer(_ level: String, _ label: String, _ value: String, _ joules: Double) -> ConsumerEntry {
            var entry = ConsumerEntry(level: level, labels: [label: value])
            entry.joules = joules
            return entry
        }
        results.consumers = [
            consumer("cgroup", "path", "/a", 1), consumer("cgroup", "path", "/b", 0),
            consumer("container", "container_id", "0123456789abcdef", 1),
        ]
        run.results = results
        let sheets = RunSheets(run)
        #expect(sheets.metrics.rows.map { $0[0] } == ["power, mean", "power, max", "other"])
        #expect(sheets.metrics.note == "rss of project has no value: nothing measures it.")
        let consumers = sheets.consumers(atMost: 9)
        #expect(consumers.map { $0.rows.map { $0[0] } } == [["unnamed container 0123456789ab"], ["/a"]])
        #expect(consumers.last?.note == "1 more used nothing.")
        // What was read at both edges is no interval.
        #expect(Tone(estimate: false).range(5, "J", from: 5, to: 5) == "exact")
    }

    /// How far a colour's luminance is from another's, as WCAG 2 has it.
    private static func contrast(_ one: String, _ other: String) -> Double {
        func luminance(_ colour: String) -> Double {
            let digits = Array(colour.dropFirst())
            let wide = digits.count == 3 ? digits.flatMap { [$0, $0] } : digits
            let parts = [0, 2, 4].map { place -> Double in
                let value = Double(Int(String(wide[place...(place + 1)]), radix: 16) ?? 0) / 255
                return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
            }
            return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
        }
        let lights = [luminance(one), luminance(other)].sorted()
        return (lights[1] + 0.05) / (lights[0] + 0.05)
    }

    @Test(arguments: ["\(Theme.page)", "\(Theme.colours)"]) func coloursKeepTheirContrast(_ sheet: String) throws {
        // Light, dark and paper, each a block of variables that begins with its ground.
        let blocks = sheet.split(separator: "--paper:").dropFirst().map { "--paper:" + $0.prefix { $0 != "}" } }
        #expect(blocks.count == 3)
        for block in blocks {
            let pairs = block.split(separator: ";").map {
                $0.trimmingCharacters(in: .whitespacesAndNewlines).split(separator: ":")
            }
            let colours = Dictionary(uniqueKeysWithValues: pairs.map { (String($0[0].dropFirst(2)), String($0[1])) })
            for ground in ["paper", "raised"].compactMap({ colours[$0] }) {
                for text in ["ink", "soft", "accent", "bad", "doubt"] {
                    guard let colour = colours[text] else { continue }
                    #expect(Self.contrast(colour, ground) >= 4.5, "\(text) \(colour) on \(ground)")
                }
                for line in ["second", "third", "fourth"] {
                    #expect(Self.contrast(try #require(colours[line]), ground) >= 3, "\(line) on \(ground)")
                }
            }
        }
    }
}

import Exposition
import Foundation
import Testing

/// A page line by line, as a scraper meets it: what `Scrape` does not keep of it.
struct ExpositionText {
    /// One family's head and the names of the series below it.
    struct Family {
        let name: String
        var help = 0
        var type = ""
        var types = 0
        var unit: String?
        var series: [String] = []
    }

    let families: [Family]
    /// How many lines are series.
    let series: Int
    let lines: [Substring]

    /// Reads a page whose every family begins with its HELP; throws where a family is not in one piece.
    init(_ text: String) throws {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        var families: [Family] = []
        var series = 0
        for line in lines where line != "# EOF" {
            let words = line.split(separator: " ", maxSplits: 3)
            guard line.hasPrefix("#") else {
                guard !families.isEmpty else { throw Missing(what: "a family before \(line)") }
                families[families.count - 1].series.append(String(line.prefix { $0 != "{" && $0 != " " }))
                series += 1
                continue
            }
            guard words.count >= 3 else { throw Missing(what: "a name in \(line)") }
            if words[1] == "HELP" { families.append(Family(name: String(words[2]))) }
            guard families.last?.name == String(words[2]) else { throw Missing(what: "the HELP before \(line)") }
            switch words[1] {
            case "HELP": families[families.count - 1].help += words.count == 4 ? 1 : 0
            case "TYPE":
                families[families.count - 1].type = String(words.last ?? "")
                families[families.count - 1].types += 1
            case "UNIT": families[families.count - 1].unit = words.count == 4 ? String(words[3]) : ""
            default: throw Missing(what: "a meaning of \(line)")
            }
        }
        self.families = families
        self.series = series
    }
}

/// A page held against those before it: what may never fall.
struct CounterWatch {
    private var last: [Scrape.Identity: Double] = [:]
    private var sums: [String: Double] = [:]
    /// Which series are added up: not those that go with what they tell of, nor others whose growth would hide a fall.
    private let adds: (Scrape.Series) -> Bool

    init(adding adds: @escaping (Scrape.Series) -> Bool) { self.adds = adds }

    /// Checks that no counter fell, by series and, over all labels, by family.
    mutating func check(_ page: Scrape) {
        var now: [Scrape.Identity: Double] = [:]
        var sums: [String: Double] = [:]
        for series in page.samples where page.types[series.name] == "counter" {
            now[series.identity] = series.value
            if adds(series) { sums[series.name, default: 0] += series.value }
            if let before = last[series.identity] {
                #expect(series.value >= before, "\(series.identity) fell from \(before) to \(series.value)")
            }
        }
        for (family, before) in self.sums {
            let sum = sums[family] ?? 0
            // Thousands of doubles are added up: a nanojoule is no loss.
            #expect(sum >= before - max(1e-6, before * 1e-12), "the sum of \(family) fell from \(before) to \(sum)")
        }
        last = now
        self.sums = sums
    }
}

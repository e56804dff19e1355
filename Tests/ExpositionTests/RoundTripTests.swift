import Exposition
import Testing

/// Parsing a page gives what was written on it.
@Suite struct RoundTripTests {
    @Test func aScrapeOfAPageIsThePage() throws {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("ab\\\"\n{}=, é/-#0")
        for _ in 0..<300 {
            var page = Page()
            var written: [(labels: [String: String], microunits: UInt64)] = []
            page.family("energy_joules_total", .counter, "Energy, in joules.")
            for row in 0..<Int.random(in: 1...20, using: &generator) {
                let length = Int.random(in: 0...12, using: &generator)
                let name = String((0..<length).map { _ in alphabet.randomElement(using: &generator) ?? "a" })
                let number = UInt64.random(
                    in: 0...(1 << UInt64.random(in: 0...52, using: &generator)), using: &generator)
                page.begin()
                page.label("row", String(row))
                page.label("name", name)
                page.label("mode", "dynamic")
                page.value(number, decimals: 6)
                written.append((["row": String(row), "name": name, "mode": "dynamic"], number))
            }
            let text = String(decoding: page.bytes, as: UTF8.self)
            let scrape = try Scrape(text)
            #expect(scrape.types == ["energy_joules_total": "counter"])
            #expect(scrape.samples.map(\.labels) == written.map(\.labels), "\(text)")
            #expect(scrape.samples.map(\.microunits) == written.map(\.microunits), "\(text)")
        }
    }
}

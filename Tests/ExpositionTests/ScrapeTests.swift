import Exposition
import Testing

@Suite struct ScrapeTests {
    @Test func aPageIsReadWithTypesLabelsAndTimestamps() throws {
        let scrape = try Scrape(
            """
            # HELP joules Energy, in joules.
            # TYPE joules counter
            joules{zone="package",cpu="0"} 12.000001
            joules { zone = "dram", cpu = "0", } 3 1792075261123
            up 1
            # EOF
            """)
        #expect(scrape.types == ["joules": "counter"])
        #expect(scrape.samples.map(\.name) == ["joules", "joules", "up"])
        #expect(scrape.series(named: "joules").map(\.microunits) == [12_000_001, 3_000_000])
        #expect(scrape.value(named: "joules", labels: ["cpu": "0", "zone": "dram"]) == 3)
        #expect(scrape.value(named: "joules", labels: ["zone": "dram"]) == nil)
        #expect(scrape.value(named: "up") == 1)
    }

    @Test func escapesInLabelValuesAreUndone() throws {
        let scrape = try Scrape(#"m{a="back\\slash",b="quo\"te",c="new\nline",d="}, ="} 1"#)
        #expect(
            scrape.samples.map(\.labels) == [
                ["a": "back\\slash", "b": "quo\"te", "c": "new\nline", "d": "}, ="]
            ])
    }

    @Test(arguments: [
        ("1e+06", 1e6), ("1.5e-3", 0.0015), ("+Inf", .infinity), ("-Inf", -.infinity), ("-2", -2), ("1e6", 1e6),
    ])
    func valuesThatAreNoPlainDecimalHaveNoMicrounits(text: String, value: Double) throws {
        let series = try #require(try Scrape("m \(text)").samples.first)
        #expect(series.value == value)
        #expect(series.microunits == nil)
    }

    @Test func notANumberIsAValue() throws {
        #expect(try #require(try Scrape("m NaN\n").samples.first).value.isNaN)
    }

    @Test(arguments: [
        ("{} 1", "no metric name"),
        ("9m 1", "no metric name"),
        ("m", "no value"),
        ("m one", "value one is not a number"),
        ("m 0x10", "value 0x10 is not a number"),
        ("m 1 soon", "timestamp soon is not a number"),
        ("m 1 2 3", "text after the timestamp"),
        ("m{a} 1", "no = after a"),
        ("m{a=1} 1", "no \" after a"),
        ("m{a=\"1} 1", "label value without end"),
        ("m{a=\"\\t\"} 1", "unknown escape in a label value"),
        ("m{a=\"1\"", "no } after the labels"),
        ("m{a=\"1\" b=\"2\"} 1", "no } after the labels"),
        ("m{=\"1\"} 1", "no label name"),
        ("m{a=\"1\",a=\"2\"} 1", "label a twice"),
        ("# TYPE m", "TYPE wants a name and a type"),
    ])
    func aMalformedLineIsNamed(line: String, reason: String) throws {
        let error = #expect(throws: ScrapeError.self) { try Scrape("up 1\n\n" + line + "\n") }
        #expect(error?.line == 3)
        #expect(error?.reason == reason)
        #expect(error.map { "\($0)" } == "line 3: \(reason)")
    }

    @Test func aSeriesThatComesTwiceIsAnErrorInWhateverOrderItsLabelsAre() throws {
        let error = #expect(throws: ScrapeError.self) {
            try Scrape("m{a=\"1\",b=\"2\"} 1\nm{a=\"2\",b=\"1\"} 1\nm{b=\"2\",a=\"1\"} 1\n")
        }
        #expect(error?.description == "line 3: duplicate series of m")
    }

    @Test(
        arguments: [
            ("0", 0), ("0.000001", 1), (".5", 500_000), ("5.", 5_000_000), ("007.10", 7_100_000),
            ("18446744073709.551615", UInt64.max),
            ("18446744073709.551616", nil), ("18446744073710", nil), ("99999999999999999999999", nil),
            ("0.0000001", nil), ("1.2.3", nil), (".", nil), ("", nil), ("-1", nil), ("+1", nil), ("1e3", nil),
        ] as [(String, UInt64?)])
    func microunitsAreExactOrAbsent(decimal: String, expected: UInt64?) {
        #expect(Scrape.microunits(of: decimal) == expected)
    }

    @Test func everyMicrojouleSurvivesItsDecimal() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let microunits =
                UInt64.random(in: 0...UInt64.max, using: &random) >> UInt64.random(in: 0..<64, using: &random)
            let decimals = String(microunits % 1_000_000)
            let padded = String(repeating: "0", count: 6 - decimals.count) + decimals
            let decimal = "\(microunits / 1_000_000).\(padded)"
            #expect(try Scrape("m{a=\"1\"} \(decimal)").samples.first?.microunits == microunits)
        }
    }
}

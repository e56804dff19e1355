import Carbon
import Documents
import Registry
import Testing

/// When a run starts for cleaner power.
struct ForecastTests {
    private static func hour(_ hour: Int) -> Moment {
        Moment(milliseconds: 1_795_248_000_000 + Int64(hour) * 3_600_000)
    }

    /// A plain list of one value an hour; nil for a missing one.
    private static func plain(_ values: [Double?]) -> String {
        let slots = values.enumerated().map { index, value in
            #"{"datetime": "\#(hour(index))", "carbonIntensity": \#(value.map { "\($0)" } ?? "null")}"#
        }
        return "[\(slots.joined(separator: ","))]"
    }

    @Test func theSameIntensityIsReadFromEachShape() throws {
        let electricityMaps = """
            {"zone": "FR", "updatedAt": "2026-11-21T07:00:00.000Z", "forecast": [
              {"carbonIntensity": 45.359237, "datetime": "2026-11-21T08:00:00.000Z"},
              {"carbonIntensity": null, "datetime": "2026-11-21T09:00:00.000Z"}]}
            """
        let wattTime = """
            {"data": [{"point_time": "2026-11-21T08:00:00+00:00", "value": 100},
                      {"point_time": "2026-11-21T09:00:00+00:00", "value": null}],
             "meta": {"region": "CAISO_NORTH", "signal_type": "co2_moer", "units": "lbs_co2_per_mwh"}}
            """
        let plain = """
            [{"datetime": "2026-11-21T09:00:00Z", "carbonIntensity": -1},
             {"datetime": "2026-11-21T08:00:00Z", "carbonIntensity": 45.359237}]
            """
        for text in [electricityMaps, wattTime, plain] {
            let slots = try Forecast(parsing: text).slots
            let slot = try #require(slots.first)
            #expect(slots.count == 1)
            #expect(slot.start == Moment("2026-11-21T08:00:00Z"))
            #expect(slot.end == Moment("2026-11-21T09:00:00Z"))
            #expect(abs(slot.intensity - 45.359237) < 1e-9)
        }
    }

    @Test(arguments: [
        "[]", "{}", #"[{"datetime": "soon", "carbonIntensity": 1}]"#,
        #"[{"datetime": "2026-11-21T08:00:00Z", "carbonIntensity": null}]"#,
        #"{"data": [{"point_time": "2026-11-21T08:00:00Z", "value": 50}], "meta": {"units": "percentile"}}"#,
    ])
    func whatIsNoForecastIsRefused(_ text: String) {
        #expect(throws: Misread.self) { try Forecast(parsing: text) }
    }

    @Test func theStartWithTheLowestMeanIsFoundAlsoBetweenTheHours() throws {
        let forecast = try Forecast(parsing: Self.plain([300, 100, 200, 50, 400]))
        // An hour: the lowest one.
        let hour = try #require(forecast.best(from: Self.hour(0), within: 4 * 3_600_000, lasting: 3_600_000))
        #expect(hour.start == Self.hour(3) && hour.intensity == 50)
        // Two and a half: all of hours 1 and 3 are not to be had without 2; it ends with hour 3.
        let long = try #require(forecast.best(from: Self.hour(0), within: 4 * 3_600_000, lasting: 9_000_000))
        #expect(long.start == Self.hour(4) + -9_000_000)
        #expect(abs(long.intensity - 300 / 2.5) < 1e-9)
        // The window ends before the lowest hour can begin.
        let short = try #require(forecast.best(from: Self.hour(0), within: 5_400_000, lasting: 3_600_000))
        #expect(short.start == Self.hour(1))
    }

    @Test func theLowestMeanIsThatOfACloseSearch() throws {
        var state: UInt64 = 7
        func random(_ limit: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return (state >> 33) % limit
        }
        for _ in 0..<50 {
            let values = (0..<8).map { _ in random(8) == 0 ? nil : Double(random(400) + 1) }
            guard let forecast = try? Forecast(parsing: Self.plain(values)) else { continue }
            let duration = Int64(random(10) + 1) * 900_000
            let best = forecast.best(from: Self.hour(1), within: 14_400_000, lasting: duration)
            var lowest: Double?
            // Each start by the quarter of an hour, and nothing changes its slope in between.
            for start in stride(from: Self.hour(1).milliseconds, through: Self.hour(5).milliseconds, by: 900_000) {
                let quarters = stride(from: start, to: start + duration, by: 900_000).map { time -> Double? in
                    let index = Int((time - Self.hour(0).milliseconds) / 3_600_000)
                    return index < values.count ? values[index] : nil
                }
                guard !quarters.contains(nil) else { continue }
                let mean = quarters.compactMap { $0 }.reduce(0, +) / Double(quarters.count)
                lowest = min(lowest ?? mean, mean)
            }
            #expect((best == nil) == (lowest == nil))
            if let best, let lowest { #expect(abs(best.intensity - lowest) < 1e-6) }
        }
    }

    @Test func aGapIsNeverStartedIn() throws {
        let forecast = try Forecast(parsing: Self.plain([nil, 300, nil, 200, 100]))
        #expect(forecast.best(from: Self.hour(2), within: 1_800_000, lasting: 3_600_000) == nil)
        let choice = try #require(forecast.best(from: Self.hour(0), within: 3 * 3_600_000, lasting: 3_600_000))
        #expect(choice.start == Self.hour(3))
    }

    @Test func aTimeOfDayIsTheNextOneInUTC() throws {
        let time = try #require(TimeOfDay("08:00Z"))
        let eight = try #require(Moment("2026-11-21T08:00:00Z"))
        #expect(time.next(after: eight + -1) == eight)
        #expect(time.next(after: eight) == eight + 86_400_000)
        #expect(TimeOfDay("23:59:58Z")?.description == "23:59:58Z")
        for text in ["08:00", "8:00Z", "24:00Z", "08:60Z", "08Z", "08:00:00:00Z", "-1:00Z"] {
            #expect(TimeOfDay(text) == nil, "\(text)")
        }
    }

    @Test func aTableOfNumbersIsReadToo() throws {
        let read = try Intensities(
            parsing: """
                # from the operator
                datetime,zone,carbonIntensity
                2026-11-21T08:00:00Z,FR,40
                "2026-11-21T08:30:00Z","FR",50

                2026-11-21T09:00:00Z,FR,
                """)
        #expect(read.kind == nil && read.slots.map(\.intensity) == [40, 50])
        #expect(read.mean(from: Self.hour(0), lasting: 3_600_000) == 45)
        #expect(read.mean(from: Self.hour(0), lasting: 3_600_001) == nil)
        for text in [
            "time,value\n1,2", "datetime,carbonIntensity\nnow,1", "datetime,carbonIntensity\n2026-11-21T08:00:00Z,x",
        ] {
            #expect(throws: Misread.self) { try Intensities(parsing: text) }
        }
    }

    @Test func anHourThatAServiceLeavesOutIsAGap() throws {
        let hours = [0, 1, 2, 4].map {
            #"{"datetime": "\#(Self.hour($0))", "carbonIntensity": 100, "emissionFactorType": "direct"}"#
        }
        let read = try Intensities(parsing: #"{"zone": "DE", "history": [\#(hours.joined(separator: ","))]}"#)
        #expect(read.kind == .average && read.region == "DE" && read.factorType == "direct")
        #expect(read.mean(from: Self.hour(0), lasting: 3 * 3_600_000) == 100)
        #expect(read.mean(from: Self.hour(3), lasting: 3_600_000) == nil)
        // Of a list of one's own a value holds until the next.
        #expect(
            try Intensities(parsing: "[\(hours.joined(separator: ","))]").mean(from: Self.hour(3), lasting: 1) == 100)
    }

    @Test func twoKindsOfFactorsAndTwoValuesOfOneTimeAreRefused() {
        let hour = Self.hour(0)
        for (one, other) in [
            (
                #""carbonIntensity": 1, "emissionFactorType": "direct""#,
                #""carbonIntensity": 1, "emissionFactorType": "lifecycle""#
            ),
            (#""carbonIntensity": 1"#, #""carbonIntensity": 2"#),
        ] {
            #expect(throws: Misread.self) {
                try Intensities(
                    parsing: #"{"data": [{"datetime": "\#(hour)", \#(one)}, {"datetime": "\#(hour)", \#(other)}]}"#)
            }
        }
    }

    @Test func theBundledTablesSayWhatTheyAreAndWhatTheyDoNotKnow() throws {
        let ember = try YearlyTable(.ember)
        #expect(ember.revision.hasPrefix("2025-08-03") && ember.licence == "CC BY-SA 4.0")
        #expect(try ember.value(of: "FRA") == ember.value(of: "France", in: 2024))
        #expect(try ember.value(of: "FRA").intensity == 44.18)
        let maps = try YearlyTable(.electricityMaps)
        #expect(try maps.value(of: "US-MIDA-PJM", in: 2023).intensity == 401)
        #expect(try maps.value(of: "FR").year == 2025)
        // 0 is no clean grid, it is a missing number.
        #expect(throws: Misread.self) { try ember.value(of: "CAF") }
        #expect(throws: Misread.self) { try ember.value(of: "FRA", in: 1999) }
        #expect(throws: Misread.self) { try ember.value(of: "Atlantis") }
    }

    private static func factors(_ text: String) throws -> (Factors, [String]) {
        var warnings: [String] = []
        return (try Factors(parsing: text, warnings: &warnings), warnings)
    }

    private static let wholeFactors = """
        {"region": "FRA", "intensity": {"source": "table", "dataset": "ember"}, "pue": {"provider": "p", "value": 1.42},
         "embodied": {"TE_g": 550000, "EL_h": 35040, "RS": 1, "source": "Boavizta"}}
        """

    @Test func factorsHaveNoDefaultsAndNoMarketInThem() throws {
        let (factors, none) = try Self.factors(Self.wholeFactors)
        #expect(none.isEmpty && factors.pue.value == 1.42 && factors.embodied.life == 35040)
        let (_, warnings) = try Self.factors(Self.wholeFactors.replacing("\"region\"", with: "\"note\": 1, \"region\""))
        #expect(warnings == ["note: not known, ignored"])
        for (part, instead) in [
            ("\"region\": \"FRA\",", ""), ("1.42", "0.9"), ("\"RS\": 1,", "\"RS\": 0,"), ("35040", "\"35040\""),
            ("\"TE_g\": 550000, ", ""), ("ember", "guess"), ("\"table\",", "\"tabel\","),
            ("\"ember\"", "\"ember\", \"accounting\": \"market-based\""),
            ("\"ember\"", "\"ember\", \"fallback\": {\"source\": \"watttime\"}"),
        ] {
            let text = Self.wholeFactors.replacing(part, with: instead)
            #expect(text != Self.wholeFactors)
            #expect(throws: Misread.self, "\(instead)") { try Self.factors(text) }
        }
        let window = (Self.hour(0), Self.hour(1))
        let applied = try AppliedIntensity(factors, from: window.0, to: window.1)
        #expect(applied.slices.map(\.value) == [44.18] && applied.kind == .average)
        #expect(applied.source.contains("France 2024") && applied.revision.contains("co2.js"))
    }
}

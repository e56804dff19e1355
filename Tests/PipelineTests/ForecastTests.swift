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
}

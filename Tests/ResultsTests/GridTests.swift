import Carbon
import Documents
import Foundation
import Grid
import Host
import Testing

/// Electricity Maps and WattTime, by a loopback server with their shapes.
@Suite struct GridTests {
    private let start = Moment(milliseconds: 1_795_248_300_000)  // 2026-11-21T08:05:00Z
    private var end: Moment { start + 900_000 }

    private static func factors(_ intensity: String, region: String = "FR") throws -> Factors {
        var warnings: [String] = []
        let factors = try Factors(
            parsing: """
                {"region": "\(region)", "intensity": \(intensity), "pue": {"provider": "p", "value": 1.5},
                 "embodied": {"TE_g": 1000, "EL_h": 100, "RS": 1, "source": "s"}}
                """, warnings: &warnings)
        #expect(warnings.isEmpty)
        return factors
    }

    /// A file with a secret, gone when the closure returns.
    private static func withFile<T>(_ text: String, _ body: (String) throws -> T) throws -> T {
        let path = FileManager.default.temporaryDirectory.appending(path: "brahe-\(UUID().uuidString)").path
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    private static func hours(_ values: [(hour: Int, value: JSON)]) -> JSON {
        .array(
            values.map { value in
                [
                    "carbonIntensity": value.value, "emissionFactorType": "lifecycle", "isEstimated": true,
                    "datetime": .string("2026-11-21T\(value.hour < 10 ? "0" : "")\(value.hour):00:00.000Z"),
                    // Whoever takes this for the time of the value is an hour off.
                    "updatedAt": "2026-11-21T06:00:00.000Z",
                ]
            })
    }

    @Test func electricityMapsIsAskedForTheFinestThatItGives() throws {
        let service = try GridService([
            ["path": "/v4/carbon-intensity/past-range", "status": 403, "body": "not in your plan"],
            [
                "path": "/v3/carbon-intensity/past-range", "status": 429, "headers": ["Retry-After": "0"],
                "body": "slow down",
            ],
            ["path": "/v3/carbon-intensity/past-range", "status": 404, "body": "no"],
            [
                "path": "/v3/carbon-intensity/history",
                "body": ["zone": "FR", "history": Self.hours([(6, 30), (7, 40), (8, .null)])],
            ],
            [
                "path": "/v3/carbon-intensity/latest",
                "body": Self.hours([(8, 50)])[0],
            ],
        ])
        let applied = try Self.withFile("sesame\n") { file in
            try Grid.intensity(
                Self.factors(
                    #"{"source": "electricity-maps", "url": "\#(service.url)", "token_file": "\#(file)"}"#),
                from: start, to: end)
        }
        #expect(applied.slices.map(\.value) == [50] && applied.slices[0].estimated)
        #expect(applied.kind == .average && applied.factorType == "lifecycle" && applied.region == "FR")
        let requests = try service.requests()
        #expect(requests.count == 5)
        #expect(requests.allSatisfy { $0["headers"]["auth-token"] == "sesame" })
        let query = requests[0]["path"].string ?? ""
        #expect(query.contains("zone=FR&start=2026-11-21T08%3A00%3A00.000Z&end=2026-11-21T09%3A00%3A00.000Z"))
    }

    @Test func aRefusedTokenIsSaidAndNeverShown() throws {
        let service = try GridService([
            ["path": "/v4/", "status": 401, "body": "the token sesame is not known"]
        ])
        try Self.withFile("sesame\n") { file in
            let factors = try Self.factors(
                #"{"source": "electricity-maps", "url": "\#(service.url)", "token_file": "\#(file)"}"#)
            let failure = #expect(throws: Failure.self) { try Grid.intensity(factors, from: start, to: end) }
            #expect(failure?.exit == .configuration)
            #expect(failure?.message.contains("(secret)") == true && failure?.message.contains("sesame") == false)
        }
    }

    @Test func wattTimeIsLoggedInAgainAndItsValuesAreMarginal() throws {
        let data: JSON = [
            "data": [
                ["point_time": "2026-11-21T08:05:00+00:00", "value": 100],
                ["point_time": "2026-11-21T08:10:00+00:00", "value": 200],
                ["point_time": "2026-11-21T08:15:00+00:00", "value": 300],
            ],
            "meta": [
                "region": "CAISO_NORTH", "signal_type": "co2_moer", "units": "lbs_co2_per_mwh",
                "model": ["date": "2026-03-01"],
            ],
        ]
        let service = try GridService([
            ["path": "/login", "body": ["token": "first"]],
            ["path": "/v3/historical", "status": 401, "body": "expired"],
            ["path": "/login", "body": ["token": "second"]],
            ["path": "/v3/historical", "body": data],
        ])
        let applied = try Self.withFile("user:pass word\n") { file in
            try Grid.intensity(
                Self.factors(
                    #"{"source": "watttime", "url": "\#(service.url)", "token_file": "\#(file)"}"#,
                    region: "CAISO_NORTH"), from: start, to: end)
        }
        #expect(applied.kind == .marginal && applied.revision.hasSuffix("2026-03-01"))
        let starts: [Int64] = [0, 300_000, 600_000]
        #expect(applied.slices.map(\.start) == starts.map { (start + $0).description })
        for (slice, grams) in zip(applied.slices, [45.359237, 90.718474, 136.077711]) {
            #expect(abs(slice.value - grams) < 1e-9)
        }
        let requests = try service.requests()
        #expect(
            requests.map { $0["headers"]["authorization"].string ?? "" } == [
                "Basic dXNlcjpwYXNzIHdvcmQ=", "Bearer first", "Basic dXNlcjpwYXNzIHdvcmQ=", "Bearer second",
            ])
    }

    @Test func aGapIsAnErrorUnlessAFallbackWasAskedForAndThenItIsRecorded() throws {
        let hours = JSON.object([
            "zone": "FR", "data": Self.hours([(7, 40), (8, .null), (9, 60)]),
        ])
        let late = Moment(milliseconds: 1_795_248_000_000) + -60_000
        try Self.withFile(hours.line) { file in
            let plain = #""source": "file", "path": "\#(file)", "kind": "average", "name": "n", "revision": "1""#
            #expect(throws: Failure.self) {
                try Grid.intensity(Self.factors("{\(plain)}"), from: late, to: late + 3_720_000)
            }
            let fallback = #""fallback": {"source": "table", "dataset": "electricity-maps", "year": 2023}"#
            let applied = try Grid.intensity(
                Self.factors("{\(plain), \(fallback)}"), from: late, to: late + 3_720_000)
            #expect(applied.slices.map(\.value) == [40, 49, 60])
            #expect(applied.slices.map(\.fallback) == [false, true, false])
            #expect(applied.fallbackSource?.contains("France 2023") == true)
            let marginal = plain.replacingOccurrences(of: "average", with: "marginal")
            #expect(throws: Failure.self) {
                try Grid.intensity(Self.factors("{\(marginal)}"), from: late, to: late + 60_000)
            }
        }
    }
}

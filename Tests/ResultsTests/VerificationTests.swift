import Documents
import Foundation
import Results
import Samples
import Testing

/// A document proves itself, and nothing that was changed in it stays unnoticed.
@Suite struct VerificationTests {
    private static func whole() throws -> JSON { try JSON(exactly: Laboratory.whole.get()) }

    @Test func ourOwnPassesWithAndWithoutItsSamples() throws {
        let document = try JSON(parsing: Self.whole().page)
        #expect(Verification(of: document).mismatches == [])
        // As they lie beside it: in another order, and as text.
        let kept = try Recording(openMetrics: Laboratory.recording().openMetrics, of: "samples.om")
        #expect(Verification(of: document, recording: kept).mismatches == [])
    }

    /// Fixture: the example of cncf-tags/green-reviews-tooling, docs/proposals/proposal-003-report.md at
    /// c7028f975484f5911844adf642e78c0f4a1290ec, Apache 2.0.
    @Test func upstreamsExampleIsRefusedForWhatItSays() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "upstream.json")
        let document = try JSON(parsing: String(contentsOf: path, encoding: .utf8))
        let mismatches = Verification(of: document).mismatches
        #expect(
            mismatches.map(\.path) == ["results.sci.components.energy_consumption.value", "results.sci.value"])
        // 7867.5075 J are 0.0021854 kWh, and 0.0041 kWh make 4.3788 g.
        #expect(abs((mismatches.first?.recomputed.number ?? 0) - 0.00218541875) < 1e-11)
        #expect(abs((mismatches.last?.recomputed.number ?? 0) - 4.37883182) < 1e-8)
        // With these two put right it would pass.
        let right = document.replacing(
            "results.sci.components.energy_consumption.value", with: .number(7867.507499998423 / 3.6e6)
        )
        .replacing("results.sci.value", with: .number(7867.507499998423 / 3.6e6 * 78.81 * 1.42 + 3.92))
        #expect(Verification(of: right).mismatches == [])
    }

    @Test func everyNumberThatIsChangedByAMillionthIsNamed() throws {
        let document = try Self.whole()
        let recording = Laboratory.recording()
        let numbers = document["results"].numbers("results") + document["collection"].numbers("collection")
        #expect(numbers.count > 1000)
        func changed(_ document: JSON, _ number: (path: String, value: Double)) -> JSON {
            document.replacing(number.path, with: .number(number.value == 0 ? 1e-6 : number.value * (1 + 1e-6)))
        }
        // Making everything again takes its time: all at once, and some one by one.
        let all = Verification(of: numbers.reduce(document, changed), recording: recording).mismatches.map(\.path)
        #expect(Set(numbers.map(\.path)).subtracting(all) == [])
        for index in stride(from: 0, to: numbers.count, by: 41) {
            let mismatches = Verification(of: changed(document, numbers[index]), recording: recording).mismatches
            #expect(mismatches.contains { $0.path == numbers[index].path }, "\(numbers[index].path)")
            #expect(mismatches.count < 20)
        }
    }

    @Test func mostIsNamedEvenWithoutTheSamples() throws {
        let document = try Self.whole()
        // What only samples tell.
        let told = [
            "lower", "upper", "peak_W", "power_sd_W", "energy_sd_J", "power_W", "results.power", "platform_max_W",
            "memory", "series", "node_idle_energy", "consumers", "cpu_cores",
        ]
        for (path, value) in document["results"].numbers("results") {
            let changed = document.replacing(path, with: .number(value == 0 ? 1e-6 : value * (1 + 1e-6)))
            let mismatches = Verification(of: changed).mismatches
            guard mismatches.isEmpty else { continue }
            let name =
                path.hasPrefix("results.metrics")
                ? Self.metric(document, path) : path
            #expect(told.contains { name.contains($0) }, "\(path) \(name)")
        }
    }

    private static func metric(_ document: JSON, _ path: String) -> String {
        let index = Int(path.drop { $0 != "[" }.dropFirst().prefix { $0 != "]" }) ?? -1
        let metric = document["results"]["metrics"][index]
        return "\(path.split(separator: ".").last ?? "") \(metric["name"].string ?? "") \(metric["unit"].string ?? "")"
    }

    @Test(arguments: [
        ("end_time", JSON("2026-11-21T08:00:00.000Z"), "end_time"),
        ("windows[0].end", "yesterday", "windows[0].end"),
        ("results.energy.upper_J", 1, "results.energy.gross_J"),
        ("collection.coverage", JSON.number(0.9), "collection.gates[0].value"),
        ("collection.gates[0].limit", 2, "status"),
        ("results.sci.components.functional_unit.value", 0, "results.sci.components.functional_unit.value"),
        ("results.sci.units", "gCO2eq per mile", "results.sci.units"),
        (
            "results.sci.components.emissions_factor.slices[0].end", "2026-11-21T08:21:00.000Z",
            "results.sci.components.emissions_factor.slices[1].start"
        ),
        ("inputs", .null, "inputs"),
    ])
    func whatMakesNoSenseIsNamed(_ path: String, _ value: JSON, _ named: String) throws {
        let changed = try Self.whole().replacing(path, with: value)
        let paths = Verification(of: changed, recording: Laboratory.recording()).mismatches.map(\.path)
        #expect(paths.contains(named), "\(paths)")
    }

    @Test func noDocumentIsTooStrange() throws {
        var document = try Self.whole()
        let recording = Laboratory.recording()
        var state: UInt64 = 3
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return Int((state >> 33) % UInt64(limit))
        }
        let values: [JSON] = [
            .null, true, -1, 0, .number(1e308), .number(-1e300), .integer(.max), .integer(.min), "", "x", [], [1], [:],
            "2026-11-21T08:10:00.000Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z",
        ]
        for part in ["inputs", "results", "collection"] {
            let paths =
                document[part].numbers(part).map(\.path) + ["start_time", "windows[2].end", part, "\(part).sci"]
            for step in 0..<60 {
                let path = paths[random(paths.count)]
                let changed = document.replacing(path, with: values[random(values.count)])
                _ = Verification(of: changed)
                guard step.isMultiple(of: 10) || part == "inputs" else { continue }
                _ = Verification(of: changed, recording: recording)
                // The strangeness grows.
                if part != "inputs" { document = changed }
            }
        }
        #expect(!Verification(of: document).mismatches.isEmpty)
    }
}

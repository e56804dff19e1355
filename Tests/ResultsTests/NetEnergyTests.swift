import Documents
import Exposition
import Metering
import Results
import Samples
import Testing

/// The uncertainty of a net energy is honest: the truth lies within it about as often as it says.
@Suite struct NetEnergyTests {
    /// A node whose own power wanders around 20 W, and a load of 5 W in the run: what is net is 4500 J.
    private static func net(_ random: inout Wander) throws -> EnergyEntry.Net? {
        var recording = Recording()
        var samples: [Sample] = []
        var up: [Sample] = []
        var joules = 0.0
        for second in Int64(0)...1500 {
            let time = Laboratory.moment(second).milliseconds
            if second.isMultiple(of: 5) {
                samples.append(Sample(time: time, value: (joules * 1e6).rounded() / 1e6))
                up.append(Sample(time: time, value: 1))
            }
            joules += 20 + random.next() + (second >= 600 ? 5 : 0)
        }
        let labels = ["instance": "n", "zone": "package", "node_name": "n"]
        recording.append(samples, to: Scrape.Identity(name: "kepler_node_cpu_joules_total", labels: labels))
        recording.append(up, to: Scrape.Identity(name: "up", labels: ["instance": "n"]))
        var inputs = InputsEntry(terms: Terms(platformMaxWatts: 100), primary: "node", scopes: [])
        inputs.bootstrap.resamples = 200
        let spans: [(String, Int64, Int64)] = [("baseline", 0, 600), ("run", 600, 1500)]
        let windows = spans.map {
            RunDocument.Window(name: $0.0, start: "\(Laboratory.moment($0.1))", end: "\(Laboratory.moment($0.2))")
        }
        return try Assessment(of: recording, inputs: inputs, windows: windows).results().energy?.net.first
    }

    /// Noise whose neighbours are alike: each second keeps nine tenths of the last one's.
    private struct Wander {
        var state: UInt64 = 5
        var level = 0.0

        mutating func next() -> Double {
            let parts = (0..<12).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1
                return Double(state >> 33) / Double(1 << 31)
            }
            level = 0.9 * level + parts.reduce(-6, +)
            return level
        }
    }

    @Test func theTruthLiesWithinAsOftenAsItSays() throws {
        var random = Wander()
        var inside = 0
        for _ in 0..<100 {
            let net = try #require(try Self.net(&random))
            if abs(net.netJ - 4500) <= net.uncertaintyJ { inside += 1 }
            // The wandering of 10 s, over 600 s and 900 s: about 0.52 W of the difference of the means, so 920 J.
            #expect(net.uncertaintyJ > 450 && net.uncertaintyJ < 1800)
        }
        // Of 100 at 95 in 100, fewer than 85 or none outside would be strange; blocks of 30 s are a little short for it.
        #expect(inside >= 85 && inside < 100, "\(inside)")
    }

    @Test func aWindowThatIsTooShortIsSaidToBe() throws {
        let recording = Laboratory.recording()
        var windows = Laboratory.windows
        windows[1].end = "\(Laboratory.moment(700))"
        let assessment = try Assessment(of: recording, inputs: Laboratory.inputs(), windows: windows)
        let collection = assessment.collection(mode: "file", endpoint: "")
        #expect(collection.warnings.contains { $0.contains("idle is shorter than two blocks") })
        #expect(try assessment.results().energy?.net.count == 1)
        // A window before the recording begins tells nothing, and nothing is taken off.
        windows[0].start = "\(Laboratory.moment(-900))"
        windows[0].end = "\(Laboratory.moment(-600))"
        let other = try Assessment(of: recording, inputs: Laboratory.inputs(), windows: windows)
        #expect(
            other.collection(mode: "file", endpoint: "").warnings.contains {
                $0.contains("nothing of the window baseline")
            })
        #expect(try other.results().scopes.last?.energy?.net.map(\.window) == ["idle"])
    }
}

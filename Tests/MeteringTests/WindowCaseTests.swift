import Metering
import Samples
import Testing

/// The seven cases in which PromQL's functions go wrong, each with a truth that is known: a window of 900 s, scraped every
/// 15 s (the scrapes lie 7 s off the edges), and again with forced samples at the edges and polls every second.
@Suite struct WindowCaseTests {
    private static let begin: Int64 = 1_000_000
    private static let end: Int64 = begin + 900_000
    private static let terms = Terms(platformMaxWatts: 100, cpus: 8)

    private struct Case {
        var draw: Draw
        var birth: Int64 = .min / 2
        var death: Int64 = .max
        var exporter = Exporter()
    }

    private static func scrapes() -> [Int64] { Exporter.times(every: 15_000, from: begin - 53_000, to: end + 60_000) }

    private static func polls() -> [Int64] {
        Exporter.times(every: 1000, from: begin - 5000, to: end + 5000)
    }

    private func estimate(_ one: Case, keeps: Bool = false) throws -> (Estimate, Findings) {
        let series = one.exporter.counter(
            "kepler_container_joules_total", ebpf("pod"), one.draw, from: one.birth,
            shown: { one.birth < $0 && ($0 < one.death || keeps) })
        // Something else lives all along, so that the exporter has something to show.
        let other = one.exporter.counter("kepler_container_joules_total", ebpf("other"), Draw([(0, 1)]))
        let meter = try Meter(Recording(one.exporter.selves() + [series, other]), terms: Self.terms)
        let findings = meter.findings(in: phase(Self.begin, Self.end))
        return (try #require(findings.pod("pod")), findings)
    }

    private static func steady(_ scrapes: [Int64]) -> Case {
        var one = Case(draw: Draw([(0, 10)]))
        one.exporter.scrapes = scrapes
        return one
    }

    private static func bursts(_ scrapes: [Int64]) -> Case {
        var one = steady(scrapes)
        one.draw = Draw([(begin, 100), (begin + 10_000, 0), (end - 10_000, 100), (end, 0)])
        return one
    }

    /// In steps of a watt, for energies to be whole.
    private static func ramp(_ scrapes: [Int64]) -> Case {
        var one = steady(scrapes)
        one.draw = Draw.ramp(0, 20, over: begin - 100_000...end + 100_000)
        return one
    }

    @Test func steadyPower() throws {
        let one = Self.steady(Self.scrapes())
        let (energy, findings) = try estimate(one)
        #expect(energy == Estimate(9_000_000_000, from: 8_850_000_000, to: 9_150_000_000))
        #expect(findings.quality.coverage == 1 && findings.quality.largestGap == 15_000)
        let gates = Gate.all(of: findings, energy: energy, terms: Self.terms)
        #expect(gates.map(\.passed) == [true, true, true], "3.3 % wide")
    }

    @Test func aPodThatLivesForPartOfTheWindow() throws {
        var one = Self.steady(Self.scrapes())
        (one.birth, one.death) = (Self.begin + 195_000, Self.begin + 595_000)
        one.draw = Draw([(one.birth, 40), (one.death, 0)])
        let (energy, findings) = try estimate(one)
        #expect(energy.holds(16_000_000_000) && energy.error(16_000_000_000) <= 0.01)
        // The last sample is 3 s older than the end, and the next scrape 15 s younger than that sample.
        #expect(energy.upper - energy.value == 100 * 15_000_000)
        #expect((findings.quality.births, findings.quality.deaths) == (1, 1))
    }

    @Test func anExporterThatBeginsAnew() throws {
        var one = Self.steady(Self.scrapes())
        let outage = Self.begin + 397_000
        one.exporter.failures = [outage + 15_000, outage + 30_000]
        one.exporter.lives.append(outage + 8000)
        let (energy, findings) = try estimate(one)
        #expect(energy.holds(9_000_000_000) && energy.error(9_000_000_000) <= 0.01)
        #expect(energy.value == 8_920_000_000)
        #expect(findings.quality.resets == 2 && findings.notes.contains { $0.contains("began anew") })
    }

    @Test func scrapesThatAreMissingNearTheEnd() throws {
        var one = Self.steady(Self.scrapes())
        one.exporter.failures = Set(one.exporter.scrapes.filter { Self.end - 40_000 < $0 && $0 < Self.end })
        let (energy, findings) = try estimate(one)
        #expect(energy.value == 9_000_000_000 && energy.holds(9_000_000_000))
        #expect(findings.quality.found == 57 && findings.quality.largestGap == 60_000)
        #expect(Gate.all(of: findings, energy: energy, terms: Self.terms).map(\.passed) == [true, false, false])
    }

    @Test func aPodThatLivesForTwentySeconds() throws {
        var one = Self.steady(Self.scrapes())
        (one.birth, one.death) = (Self.begin + 395_000, Self.begin + 415_000)
        one.draw = Draw([(one.birth, 100), (one.death, 0)])
        let (energy, _) = try estimate(one)
        #expect(energy.holds(2_000_000_000) && energy.value == 1_700_000_000)
        // Our agent keeps the last value for minutes.
        one.exporter.isAgent = true
        let (kept, _) = try estimate(one, keeps: true)
        #expect(kept == Estimate(2_000_000_000, from: 2_000_000_000, to: 2_000_000_000))
    }

    @Test func aRamp() throws {
        let (energy, _) = try estimate(Self.ramp(Self.scrapes()))
        let truth = Self.ramp([]).draw.energy(from: Self.begin, to: Self.end)
        #expect(energy.holds(truth) && energy.error(truth) <= 0.01)
    }

    @Test func burstsAtBothEdges() throws {
        let (energy, findings) = try estimate(Self.bursts(Self.scrapes()))
        #expect(energy.holds(2_000_000_000))
        #expect(findings.quality.interpolated > 0)
        #expect(Gate.all(of: findings, energy: energy, terms: Self.terms).last?.passed == false)
    }

    @Test(arguments: [(steady, 9000), (ramp, nil), (bursts, 2000)] as [(@Sendable ([Int64]) -> Case, Int64?)])
    private func directlyWithForcedEdges(make: @Sendable ([Int64]) -> Case, joules: Int64?) throws {
        var one = make(Self.polls())
        one.exporter.isAgent = true
        // Each value is up to a second old, but for the forced ones, which the agent takes when asked.
        one.exporter.age = { [Self.begin, Self.end].contains($0) ? 0 : ($0 / 1000 * 7919) % 997 * 1000 }
        let truth = joules.map { $0 * 1_000_000 } ?? one.draw.energy(from: Self.begin, to: Self.end)
        let (energy, _) = try estimate(one)
        #expect(energy.holds(truth) && energy.error(truth) <= 0.005)
        #expect(Double(energy.upper - energy.lower) <= 0.001 * Double(truth))
    }

    @Test func missingPollsDirectly() throws {
        var one = Self.steady(Self.polls())
        one.exporter.isAgent = true
        one.exporter.failures = Set(one.exporter.scrapes.filter { Self.end - 40_000 < $0 && $0 < Self.end })
        let (energy, _) = try estimate(one)
        #expect(energy.holds(9_000_000_000) && energy.error(9_000_000_000) <= 0.005)
    }
}

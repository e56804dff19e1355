import Results
import Statistics
import Testing

@Suite struct ComparingCalibrationTests {
    private func calibration(_ values: [Double]) -> Calibration {
        Calibration(
            workload: ["w"], node: nil, source: "powercap",
            runs: values.map {
                Calibration.Run(start: "", joules: $0, nodeJ: nil, cpuS: 0, wallS: 1)
            }, repetitions: 500)
    }

    @Test func theNoiseFloorIsTheSpreadAndTheDrift() throws {
        var generator = Generator(seed: 5)
        let quiet = calibration((0..<10).map { _ in 100 + 0.3 * generator.normal() })
        // CPU time is 0 and the node's energy unknown: no floor of theirs.
        #expect(quiet.floors.map(\.metric) == ["energy"])
        let floor = try #require(quiet.floors.first)
        #expect(floor.variation.lower < 0.003 && floor.variation.upper > 0.003)
        #expect(quiet.warnings == [])
        let (five, ten) = (try #require(floor.detectable5), try #require(floor.detectable10))
        #expect(ten < five && five < 0.02)

        let drifting = calibration((0..<10).map { 100 + Double($0) + 0.1 * generator.normal() })
        #expect(abs((drifting.floors.first?.drift ?? 0) - 9 / 104.5) < 0.005)
        #expect(drifting.warnings.count == 2)
        #expect(drifting.warnings.last?.contains("drifts") == true)
        #expect(calibration([100, 101]).floors == [])
    }
}

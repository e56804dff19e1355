import Attribution
import Testing

@testable import Node

@Suite struct EstimatorTests {
    private static let twoSockets = Topology(
        places: [0, 0, 1, 1].map { Topology.Domain(package: $0, die: 0) })

    @Test(
        arguments: [
            (0, 0, 0),
            // Four idle CPUs for a second, and with one of them busy, and all.
            (4_000_000_000, 0, 2_960_000),
            (4_000_000_000, 1_000_000_000, 5_720_000),
            (4_000_000_000, 4_000_000_000, 14_000_000),
            // A year of 256 busy CPUs.
            (8_073_216_000_000_000_000, 8_073_216_000_000_000_000, 28_256_256_000_000_000),
        ] as [(UInt64, UInt64, UInt64)])
    func energyIsIdlePowerTimesTimePlusBusyPowerTimesWork(wall: UInt64, busy: UInt64, microjoules: UInt64) {
        #expect(Self.estimator().spend(zone: 0, wall: wall, busy: busy) == Energy(microjoules: microjoules))
    }

    @Test func everySocketIsAPackage() {
        let zones = Self.estimator().zones
        #expect(zones.map(\.package) == ["0", "1"])
        #expect(zones.map(\.domains) == [0..<1, 1..<2])
        #expect(zones.allSatisfy { $0.kind == .package })
    }

    @Test func manySmallStepsAreOneLargeOne() {
        let steps = Self.estimator()
        let once = Self.estimator()
        var state: UInt64 = 1
        var wall: UInt64 = 0
        var busy: UInt64 = 0
        var sum = Energy.zero
        for _ in 0..<10_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let step = state >> 40
            wall += step
            busy += step / 3
            sum += steps.spend(zone: 1, wall: step, busy: step / 3)
            // The other zone has a remainder of its own.
            _ = steps.spend(zone: 0, wall: step / 7, busy: 0)
        }
        #expect(sum == once.spend(zone: 1, wall: wall, busy: busy))
    }

    private static func estimator() -> Estimator {
        Estimator(
            topology: twoSockets, idleMicrowatts: Estimator.idleMicrowatts, busyMicrowatts: Estimator.busyMicrowatts)
    }
}

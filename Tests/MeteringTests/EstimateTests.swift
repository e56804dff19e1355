import Metering
import Testing

@Suite struct EstimateTests {
    @Test func aSumIsFullRatherThanATrap() {
        let full = Estimate(.max, from: .max, to: .max)
        #expect(full + full == full)
        #expect(Estimate(2, from: 1, to: 3) + Estimate(5, from: 5, to: 5) == Estimate(7, from: 6, to: 8))
    }

    @Test func aValueOutsideItsBoundsIsMovedIntoThem() {
        #expect(Estimate(9, from: 1, to: 3).value == 3)
        #expect(Estimate(0, from: 1, to: 3).value == 1)
    }
}

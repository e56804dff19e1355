import Statistics
import Testing

@Suite struct DescriptiveTests {
    @Test func aMean() {
        #expect(Descriptive.mean([1, 2, 6]) == 3)
        #expect(Descriptive.mean([]) == nil)
    }
}

import Documents
import Exposition
import Samples
import Testing

@Suite struct OpenMetricsTests {
    @Test func x() {}
}

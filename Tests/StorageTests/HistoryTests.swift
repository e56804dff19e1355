import Results
import Storage
import Testing

@Suite struct HistoryTests {
    @Test func aRunWithoutResultsIsNotStored() {
        #expect(!History.isStorable(RunDocument(runId: "r", status: .failed)))
    }
}

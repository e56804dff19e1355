import Documents
import Results
import Testing

@Suite struct RunDocumentTests {
    @Test func itsNamesAreTheContracts() throws {
        var document = RunDocument(runId: "r", status: .succeeded)
        document.results = ResultsEntry(
            zone: "package+dram", primary: "node", platformMaxW: 100, metrics: [],
            energy: EnergyEntry(
                grossJ: 7, lowerJ: 6, upperJ: 8, wattHours: 0.1, kilowattHours: 0.0001, meanW: 1, peakW: nil, net: []),
            scopes: [], consumers: [], power: [], sci: nil)
        let json = try JSON(exactly: document)
        #expect(json["run_id"] == "r")
        #expect(json["results"]["energy"]["gross_J"] == 7)
        #expect(try json.value(exactly: RunDocument.self) == document)
    }
}

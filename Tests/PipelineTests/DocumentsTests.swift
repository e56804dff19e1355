import Documents
import Testing

struct DocumentsTests {
    @Test(arguments: [
        "2026-11-21T08:05:00.000Z", "1970-01-01T00:00:00.000Z", "2000-02-29T23:59:59.999Z",
    ])
    func aMomentIsReadBackAsItWasWritten(_ text: String) throws {
        #expect(try #require(Moment(text)).description == text)
    }

    @Test func everyMillisecondIsReadBack() {
        for milliseconds in Int64(1_795_248_000_000)..<1_795_248_001_000 {
            let moment = Moment(milliseconds: milliseconds)
            #expect(Moment(moment.description) == moment)
        }
    }

    @Test func momentsInOtherZonesAreTheSameInstant() throws {
        #expect(Moment("2026-11-21T09:05:00+01:00") == Moment("2026-11-21T08:05:00Z"))
        #expect(try #require(Moment("2026-11-21T08:05:00Z")).compact == "20261121T080500Z")
        #expect(Moment("yesterday") == nil)
    }

    @Test func jsonIsReadBackAsItWasWritten() throws {
        let value: JSON = [
            "text": "a \"quoted\"\nline", "yes": true, "none": .null, "int": 9_007_199_254_740_993,
            "half": .number(0.5),
            "list": [1, "2", [:]], "empty": [:],
        ]
        #expect(try JSON(parsing: value.line) == value)
        #expect(try JSON(parsing: value.page) == value)
        #expect(value.line.contains("\n") == false)
        #expect(value["list"][1].string == "2")
        #expect(value["absent"]["deeper"][7] == .null)
    }

    @Test func whatIsNoJSONIsRefused() {
        #expect(throws: JSON.Malformed.self) { try JSON(parsing: "{\"a\":") }
        #expect(throws: JSON.Malformed.self) { try JSON(parsing: "") }
    }
}

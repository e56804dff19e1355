import Testing

@testable import Node

@Suite struct LogTests {
    /// 2026-11-21 16:05:28.007 UTC.
    private let time: UInt64 = 1_795_277_128_007_999_999

    @Test func aLineIsLogfmt() {
        let line = Log.line(.info, "listening on http://[::1]:9102", [], at: time, .logfmt)
        #expect(line == #"time=2026-11-21T16:05:28.007Z level=info msg="listening on http://[::1]:9102""#)
    }

    @Test func valuesAreQuotedWhereTheyMustBe() {
        let line = Log.line(
            .warn, "a \"b\"\n\\",
            [("zone", "package-0"), ("name", "x y"), ("none", ""), ("sum", "a=b"), ("bell", "\u{7}")], at: 0, .logfmt)
        #expect(
            line == #"time=1970-01-01T00:00:00.000Z level=warn msg="a \"b\"\n\\" zone=package-0 name="x y" none="" "#
                + #"sum="a=b" bell="\u0007""#)
    }

    @Test func aLineIsJSON() {
        let line = Log.line(.error, "é \"b\"\n", [("zone", "package-0")], at: time, .json)
        #expect(
            line == #"{"time":"2026-11-21T16:05:28.007Z","level":"error","msg":"é \"b\"\n","zone":"package-0"}"#)
    }
}

import Testing

/// How a duration is given to brahe.
struct DurationTests {
    /// Nobody listens there, so an understood duration ends with 3 and no other one is ever waited for.
    @Test(arguments: [
        ("30s", 3), ("1h30m", 3), ("1m0.5s", 3), ("2d", 3), ("500ms", 3), ("", 2), ("30", 2), ("s", 2), ("1m30", 2),
        ("-1s", 2), ("1s1", 2), ("0s", 2), ("1w", 2), ("1e3s", 2), ("nan", 2), ("9999d", 2),
    ])
    func durationsArePutTogether(_ text: String, _ code: Int32) throws {
        let brahe = try Running(
            Here.program("brahe"), ["report", "--agent", "http://127.0.0.1:1", "--for=\(text)"])
        #expect(brahe.wait() == code, "\(text): \(brahe.errorText)")
    }
}

import Exposition
import Testing

@Suite struct PageTests {
    @Test func aWholePage() {
        var page = Page()
        page.family("joules_total", .counter, unit: "joules", "Energy, in joules.")
        page.begin()
        page.label("zone", "package" as StaticString)
        page.label("cgroup", "/system.slice" as String)
        page.value(12_000_001, decimals: 6)
        page.begin()
        page.label("zone", "dram" as StaticString)
        page.value(0, decimals: 6)
        page.family("samples", .gauge, "Samples taken.")
        page.begin()
        page.value(.max)
        #expect(
            text(page) == """
                # HELP joules_total Energy, in joules.
                # TYPE joules_total counter
                joules_total{zone="package",cgroup="/system.slice"} 12.000001
                joules_total{zone="dram"} 0
                # HELP samples Samples taken.
                # TYPE samples gauge
                samples 18446744073709551615

                """)
    }

    @Test(arguments: [
        ("", ""), ("plain", "plain"), (#"back\slash"#, #"back\\slash"#), (#"quo"te"#, #"quo\"te"#),
        ("new\nline", #"new\nline"#), ("\r\n", "\r\\n"), (#"\n"#, #"\\n"#), ("ünïcödé\t{},=", "ünïcödé\t{},="),
    ])
    func labelValuesAreEscaped(value: String, escaped: String) {
        var page = Page()
        page.family("m", .gauge, "H.")
        page.begin()
        page.label("a", value)
        page.value(1)
        var set = LabelSet()
        set.add("a", value)
        page.begin()
        page.label(set)
        page.value(2)
        #expect(text(page).hasSuffix("m{a=\"\(escaped)\"} 1\nm{a=\"\(escaped)\"} 2\n"))
    }

    @Test(
        arguments: [
            (0, 9, "0"), (1, 0, "1"), (1, 6, "0.000001"), (10, 6, "0.00001"), (1_000_000, 6, "1"),
            (1_500_000, 6, "1.5"),
            (100_000_000, 6, "100"), (.max, 6, "18446744073709.551615"), (.max, 9, "18446744073.709551615"),
            (.max, 19, "1.8446744073709551615"),
        ] as [(UInt64, Int, String)])
    func decimalsAreExact(number: UInt64, decimals: Int, expected: String) {
        #expect(written(number, decimals) == expected)
    }

    @Test func decimalsAreTheNumbersOwnDigits() {
        var state: UInt64 = 1
        for round in 0..<20_000 {
            // Knuth's MMIX sequence, cut to numbers of every length.
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let number = state >> UInt64(round % 64)
            let decimals = round % 20
            let digits = String(number)
            let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
            var rest = padded.suffix(decimals)
            while rest.last == "0" { rest.removeLast() }
            let expected = padded.dropLast(decimals) + (rest.isEmpty ? "" : "." + rest)
            #expect(written(number, decimals) == expected)
        }
    }

    @Test func aClearedPageKeepsNothingButItsRoom() {
        var page = Page(capacity: 16)
        page.family("m", .gauge, "H.")
        page.begin()
        page.label("a", "b" as StaticString)
        page.value(1)
        page.clear()
        #expect(page.bytes.isEmpty)
        #expect(page.bytes.capacity >= 16)
        page.family("n", .gauge, "H.")
        page.begin()
        page.value(2)
        #expect(text(page) == "# HELP n H.\n# TYPE n gauge\nn 2\n")
    }

    // MARK: OpenMetrics

    @Test func aWholeOpenMetricsPage() {
        var page = Page()
        page.clear(as: .openMetrics)
        page.family("kepler_joules_total", .counter, unit: "joules", "Energy.")
        page.begin()
        page.label("zone", "package" as StaticString)
        page.value(12_000_001, decimals: 6, created: 1_700_000_000_500_000_000)
        page.begin()
        page.value(3, created: 1_700_000_000_000_000_000)
        page.family("kepler_node_info", .counter, "What this node is.")
        page.begin()
        page.value(1, created: 1_700_000_000_000_000_000)
        page.family("kepler_watts", .gauge, unit: "watts", "Power.")
        page.begin()
        page.value(25, decimals: 1)
        page.end()
        #expect(
            text(page) == """
                # HELP kepler_joules Energy.
                # TYPE kepler_joules counter
                # UNIT kepler_joules joules
                kepler_joules_total{zone="package"} 12.000001
                kepler_joules_created{zone="package"} 1700000000.5
                kepler_joules_total 3
                kepler_joules_created 1700000000
                # HELP kepler_node_info What this node is.
                # TYPE kepler_node_info unknown
                kepler_node_info 1
                # HELP kepler_watts Power.
                # TYPE kepler_watts gauge
                # UNIT kepler_watts watts
                kepler_watts 2.5
                # EOF

                """)
    }

    @Test func createdSeriesCanBeLeftOut() {
        var page = Page(writesCreated: false)
        page.clear(as: .openMetrics)
        page.family("m_total", .counter, "H.")
        page.begin()
        page.value(1, created: 1)
        page.end()
        #expect(text(page) == "# HELP m H.\n# TYPE m counter\nm_total 1\n# EOF\n")
    }

    private func text(_ page: borrowing Page) -> String { String(decoding: page.bytes, as: UTF8.self) }

    private func written(_ number: UInt64, _ decimals: Int) -> String {
        var page = Page()
        page.family("m", .gauge, "H.")
        let head = text(page).utf8.count
        page.begin()
        page.value(number, decimals: decimals)
        return String(text(page).dropFirst(head + "m ".utf8.count).dropLast())
    }
}

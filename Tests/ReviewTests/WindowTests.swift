import Exposition
import Review
import Testing

@Suite struct WindowTests {
    @Test func aCounterCountsByWhatItRose() throws {
        let window = try window(
            from: edge(10, "joules_total{zone=\"dram\"} 1.25"), to: edge(12.5, "joules_total{zone=\"dram\"} 4.000001"))
        #expect(window.microseconds == 2_500_000)
        #expect(window.increases(named: "joules_total").map(\.microunits) == [2_750_001])
        #expect(window.sum(named: "joules_total") == 2_750_001)
        #expect(window.sum(named: "joules_total") { $0["zone"] == "core" } == 0)
        #expect(window.resets == 0)
        #expect(window.vanished.isEmpty)
    }

    @Test func aSeriesThatBeganInTheWindowCountsFromZero() throws {
        let window = try window(from: edge(10, ""), to: edge(11, "joules_total 4"))
        #expect(window.sum(named: "joules_total") == 4_000_000)
        #expect(window.resets == 0)
    }

    @Test func afterARestartEverythingCountsSinceIt() throws {
        let window = try window(
            from: edge(10, "joules_total{a=\"1\"} 3\njoules_total{a=\"2\"} 9"),
            to: edge(20, started: 15, "joules_total{a=\"1\"} 5\njoules_total{a=\"3\"} 1"))
        #expect(window.resets == 1)
        #expect(window.sum(named: "joules_total") == 6_000_000)
        #expect(window.vanished.map(\.labels) == [["a": "2"]])
    }

    @Test func aCounterThatFellCountsSinceItsReset() throws {
        let window = try window(from: edge(10, "a_total 9\nb_total 1"), to: edge(11, "a_total 2\nb_total 2"))
        #expect(window.resets == 1)
        #expect(window.sum(named: "a_total") == 2_000_000)
        #expect(window.sum(named: "b_total") == 1_000_000)
    }

    @Test func aSeriesThatVanishedIsNamedAndRisesByNothing() throws {
        let window = try window(from: edge(10, "a_total{id=\"x\"} 9"), to: edge(11, ""))
        #expect(window.sum(named: "a_total") == 0)
        #expect(window.vanished.map(\.labels) == [["id": "x"]])
        #expect(window.vanished.map(\.microunits) == [9_000_000])
    }

    @Test func whatLeftThePageIsSaidByItsContainerOrPath() throws {
        func line(_ id: String, _ joules: Int) -> String {
            "kepler_container_joules_total{container_id=\"\(id)\",mode=\"dynamic\"} \(joules)\n"
        }
        let cgroup = "brahe_cgroup_cpu_seconds_total{path=\"/a\"} 1\n"
        let window = try window(
            from: edge(1, line("gone", 40) + line("retired", 7) + cgroup + "other_total{path=\"/b\"} 1"),
            to: edge(2, line("retired", 50)))
        #expect(window.vanishedNames == ["/a", "gone"])
        #expect(window.notes == ["left the page in this window and count as 0: 2 containers or cgroups."])
    }

    @Test func gaugesAreNoPartOfTheWindow() throws {
        let window = try window(from: edge(10, "temperature 9"), to: edge(11, "temperature 1"))
        #expect(window.increases(named: "temperature").isEmpty)
        #expect(window.resets == 0)
    }

    @Test func valuesWithExponentsCountToo() throws {
        let window = try window(from: edge(10, "a_total 1e+06"), to: edge(11, "a_total 1.5e+06"))
        #expect(window.sum(named: "a_total") == 500_000_000_000)
    }

    @Test func valuesThatAreNoAmountAreNoTrap() throws {
        let window = try window(
            from: edge(10, "a_total NaN\nb_total 1"),
            to: edge(11, "a_total 1e300\nb_total -1\nc_total 18446744073709\nc_total{x=\"1\"} 18446744073709"))
        #expect(window.sum(named: "a_total") == 0)
        #expect(window.sum(named: "c_total") == .max)
    }

    @Test func pagesWithoutTheirTimeMakeNoWindow() throws {
        let (bare, page) = (try Scrape("up 1"), try edge(10, ""))
        #expect(throws: WindowError.missing("brahe_sample_timestamp_seconds")) { try Window(from: bare, to: page) }
        #expect(throws: WindowError.missing("brahe_sample_timestamp_seconds")) { try Window(from: page, to: bare) }
    }

    @Test func twoPagesOfOneSampleMakeNoWindow() throws {
        let page = try edge(10, "")
        #expect(throws: WindowError.noNewSample) { try Window(from: page, to: page) }
    }

    @Test func anAgentOlderThanTheWindowIsNoRestart() throws {
        let (first, second) = (try edge(100, started: 50, ""), try edge(110, started: 20, ""))
        #expect(throws: WindowError.anotherAgent) { try Window(from: first, to: second) }
    }

    @Test func increasesOfConsecutiveWindowsAddUp() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let values = (0..<3).map { _ in UInt64.random(in: 0..<1_000_000_000, using: &random) }.sorted()
            let pages = try zip([10.0, 20, 30], values).map { try edge($0, "a_total \($1)") }
            let parts = try [Window(from: pages[0], to: pages[1]), Window(from: pages[1], to: pages[2])]
            let whole = try Window(from: pages[0], to: pages[2])
            #expect(parts.reduce(0) { $0 + $1.sum(named: "a_total") } == whole.sum(named: "a_total"))
        }
    }
}

/// A page at that Unix time from an agent that started then.
func edge(_ seconds: Double, started: Double = 1, source: String = "powercap", _ lines: String) throws -> Scrape {
    try Scrape(
        """
        brahe_sample_timestamp_seconds \(seconds)
        process_start_time_seconds \(started)
        brahe_energy_source{source="\(source)"} 1
        \(lines)
        """)
}

private func window(from first: Scrape, to second: Scrape) throws -> Window {
    try Window(from: first, to: second)
}

import Documents
import Exposition
import Host
import Pages
import Samples
import Testing

/// Series with names, labels and values of all kinds, at times with milliseconds.
func randomRecording(seed: UInt64, series: Int, samples: Int, from start: Int64 = 1_700_000_000_000) -> Recording {
    var random = SplitMix64(state: seed)
    let names = ["kepler_pod_cpu_joules_total", "up", "container_memory_rss", "brahe_cgroup_joules_total"]
    let texts = ["plain", "with \"quotes\"", "back\\slash", "two\nlines", "Zürich 雨", "a,b}c{d=e", ""]
    let values = [0.1, -7, 1e300, .leastNonzeroMagnitude, 123_456_789.012_345, .infinity, -.infinity, 1e16]
    return Recording(
        (0..<series).map { index in
            var labels = ["number": "\(index)"]
            for name in ["pod_name", "zone"] {
                // An empty label is none.
                let text = texts.randomElement(using: &random) ?? ""
                if !text.isEmpty { labels[name] = text }
            }
            var time = start + Int64.random(in: 0..<5000, using: &random)
            let samples = (0..<samples).map { _ in
                time += Int64.random(in: 1...30_000, using: &random)
                let value =
                    Bool.random(using: &random)
                    ? values.randomElement(using: &random) ?? 0 : Double.random(in: 0..<1e6, using: &random)
                return Sample(time: time, value: value)
            }
            return Series(Scrape.Identity(name: names[index % names.count], labels: labels), samples: samples)
        })
}

/// The samples by series, whose order does not matter.
func byIdentity(_ recording: Recording) -> [Scrape.Identity: [Sample]] {
    Dictionary(uniqueKeysWithValues: recording.series.map { ($0.identity, $0.samples) })
}

@Suite struct OpenMetricsTests {
    @Test func whatIsWrittenIsRead() throws {
        for seed in 0..<20 as Range<UInt64> {
            let recording = randomRecording(seed: seed, series: 12, samples: 15)
            let read = try Recording(openMetrics: recording.openMetrics, of: "samples.om")
            #expect(byIdentity(read) == byIdentity(recording))
        }
        let nan = Recording([Series(Scrape.Identity(name: "n", labels: [:]), samples: [Sample(time: 5, value: .nan)])])
        #expect(nan.openMetrics == "# TYPE n unknown\nn NaN 0.005\n# EOF\n")
        #expect(try Recording(openMetrics: nan.openMetrics, of: "").series.first?.samples.first?.value.isNaN == true)
    }

    @Test func onlyNamesOfCountersAreCounters() {
        func one(_ name: String) -> Series {
            Series(Scrape.Identity(name: name, labels: [:]), samples: [Sample(time: 1500, value: 1)])
        }
        let text = Recording(["a_total", "b", "c", "c_total", "_total"].map(one)).openMetrics
        #expect(
            text == """
                # TYPE _total unknown
                _total 1.0 1.500
                # TYPE a counter
                a_total 1.0 1.500
                # TYPE b unknown
                b 1.0 1.500
                # TYPE c unknown
                c 1.0 1.500
                # TYPE c_total unknown
                c_total 1.0 1.500
                # EOF

                """)
    }

    @Test(arguments: [
        ("a 1 2\na 1 3\n", "s.om:2: ends without # EOF: it is not whole"),
        ("", "s.om:0: ends without # EOF: it is not whole"),
        ("# TYPE a unknown\na 1\n# EOF\n", "s.om:2: no timestamp"),
        ("a{b=\"c\"} 1 2\na{b=\"c\"} x 3\n# EOF\n", "s.om:2: value x is not a number"),
        ("a 1 2\nb 1 2\na 1 2\n# EOF\n", "s.om:3: not later than the sample of the series before it"),
        ("a 1 2\n# EOF\na 1 3\n", "s.om:3: text after # EOF"),
        ("a 1 1e30\n# EOF", "s.om:1: timestamp 1e+30 is out of range"),
        ("a{b=\"c} 1 2\n# EOF\n", "s.om:1: label value without end"), ("{} 1 2\n# EOF\n", "s.om:1: no metric name"),
    ])
    func aBrokenLineIsNamed(text: String, message: String) throws {
        let misread = #expect(throws: Misread.self) { _ = try Recording(openMetrics: text, of: "s.om") }
        #expect(misread?.description == message)
    }

    @Test func anyTextIsReadOrRefused() {
        var random = SplitMix64(state: 7)
        let whole = Array(randomRecording(seed: 3, series: 3, samples: 3).openMetrics.utf8)
        var refused = 0
        for _ in 0..<2000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) {
                    bytes[place] = UInt8.random(in: 0...255, using: &random)
                } else {
                    bytes.remove(at: place)
                }
            }
            if (try? Recording(openMetrics: String(decoding: bytes, as: UTF8.self), of: "")) == nil { refused += 1 }
        }
        #expect(refused > 200)
    }

    @Test func aPageIsAddedWithItsSource() throws {
        let page = try Scrape(
            """
            kepler_pod_cpu_joules_total{pod_id="p",zone="package"} 12.5
            node_curr_energy_in_pkg_joule{instance="n1"} 3
            go_goroutines 7
            """)
        var recording = Recording()
        recording.append(page: page, at: 1000, instance: "n1:9102")
        recording.append(page: page, at: 1000, instance: "n1:9102")
        recording.append(up: false, at: 2000, instance: "n1:9102")
        #expect(recording.metrics == ["kepler_pod_cpu_joules_total", "node_curr_energy_in_pkg_joule", "up"])
        #expect(
            recording["kepler_pod_cpu_joules_total"].map(\.labels) == [
                ["pod_id": "p", "zone": "package", "instance": "n1:9102"]
            ])
        #expect(
            recording["node_curr_energy_in_pkg_joule"].first?.labels == [
                "exported_instance": "n1", "instance": "n1:9102",
            ])
        #expect(recording["up"].first?.samples == [Sample(time: 1000, value: 1), Sample(time: 2000, value: 0)])
    }

    @Test func whatAReportNeedsIsWanted() throws {
        for name in [
            "kepler_container_joules_total", "kepler_container_package_joules_total", "kepler_pod_cpu_joules_total",
            "kepler_node_cpu_idle_joules_total", "pod_curr_energy_in_pkg_millijoule", "container_memory_rss", "up",
            "brahe_zone_joules_total", "kepler_node_platform_joules_total", "process_start_time_seconds",
        ] {
            #expect(Recording.isWanted(metric: name), "\(name)")
        }
        for name in ["kepler_process_cpu_joules_total", "go_goroutines", "brahe_ledger_joules", ""] {
            #expect(!Recording.isWanted(metric: name), "\(name)")
        }
    }

    @Test func filesAreReadWithTheirNames() throws {
        let folder = try Scratch()
        let recording = randomRecording(seed: 1, series: 3, samples: 4)
        try recording.write(to: folder("samples.om"))
        #expect(byIdentity(try Recording(files: [folder.path])) == byIdentity(recording))
        func page(_ joules: Int, _ time: Double) -> String {
            "# TYPE a counter\nkepler_pod_cpu_joules_total{pod_id=\"p\"} \(joules)\nbrahe_sample_timestamp_seconds \(time)\n"
        }
        // Pages in any order.
        let second = try folder.write("end.prom", page(30, 1_700_000_030.5))
        let first = try folder.write("start.prom", page(10, 1_700_000_000.25))
        let pages = try Recording(files: [second, first])
        #expect(
            pages["kepler_pod_cpu_joules_total"].first?.samples == [
                Sample(time: 1_700_000_000_250, value: 10), Sample(time: 1_700_000_030_500, value: 30),
            ])
        #expect(pages["up"].first?.samples.count == 2)
        #expect(
            throws: Failure(
                .dataMissing, "read \(first): one page shows no change; two or more are needed, or samples.om")
        ) {
            _ = try Recording(files: [first])
        }
        let odd = try folder.write("odd.prom", "up 1\n")
        #expect(throws: Failure.self) { _ = try Recording(files: [first, odd]) }
        let torn = try folder.write("torn.om", "up 1 5\nup 1 ")
        let failure = #expect(throws: Failure.self) { _ = try Recording(files: [torn]) }
        #expect(failure?.message == "read \(torn):2: no timestamp")
        #expect(throws: Failure.self) { _ = try Recording(files: [folder("nowhere")]) }
    }
}

import Documents
import Foundation
import Glibc
import Testing

/// `brahe report` on Kepler's own exporters of three generations, played by a server whose watts are known.
@Suite(.enabled(if: PrometheusUnderTest.isHere, "needs Debian's prometheus"), .serialized)
struct ReportGenerationsTests {
    /// kepler.py with exporters of these generations.
    private final class Keplers {
        let ports: [UInt16]
        private let running: Running

        init(_ generations: [String]) throws {
            let program = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "StandIns/kepler.py").path
            let running = try Running("/usr/bin/python3", [program] + generations)
            try running.await("the ports") { running.outputText.hasSuffix("ready\n") }
            ports = running.outputText.split(separator: "\n").compactMap { UInt16($0) }
            self.running = running
        }

        /// Ends one pod and begins another.
        func end() throws { #expect(try Curl("http://127.0.0.1:\(ports[0])/end").status == 200) }

        /// What was drawn in the window of a report.
        func truth(_ report: ReportUnderTest) throws -> JSON {
            let (start, end) = (try #require(Moment(report.start)), try #require(Moment(report.end)))
            return try JSON(
                parsing: Curl(
                    "http://127.0.0.1:\(ports[0])/truth?from=\(start.milliseconds)&to=\(end.milliseconds)"
                ).text)
        }
    }

    private static let names = ["kepler 0.3", "kepler 0.4 to 0.9", "kepler 0.10"]
    private let folder: Scratch

    init() throws { folder = try Scratch() }

    @Test func eachGenerationIsFoundAndTellsTheTruthFromPrometheusAndDirectly() throws {
        let keplers = try Keplers(["0.3", "0.7", "0.10", "0.3-stat", "0.7", "0.10"])
        try #require(keplers.ports.count == 6)
        let jobs = Dictionary(uniqueKeysWithValues: zip(["first", "second", "third"], keplers.ports))
        let prometheus = try ReportPrometheus(jobs: jobs, every: "100ms")
        let more = ["--namespace", "shop", "--platform-watts", "150"]
        usleep(1_500_000)
        let from = Moment.now
        let watches = try keplers.ports[3...].enumerated().map { index, port in
            try Running(
                Here.program("brahe"),
                [
                    "report", "--agent", "http://127.0.0.1:\(port)", "--for", "7s", "--interval", "200ms", "--folder",
                    folder("agent-\(index)"),
                ] + more)
        }
        usleep(3_000_000)
        try keplers.end()
        for (index, watch) in watches.enumerated() {
            #expect(watch.wait() == 0, "\(watch.errorText)")
            #expect(watch.errorText.contains("reading its latest sample instead"))
            try check(index, "agent-\(index)", keplers)
        }
        let to = Moment.now
        usleep(500_000)
        for index in 0..<3 {
            let report = try Running(
                Here.program("brahe"),
                [
                    "report", "--prometheus", prometheus.url, "--instance", "127.0.0.1:\(keplers.ports[index])",
                    "--from", from.description, "--to", to.description, "--folder", folder("prometheus-\(index)"),
                ] + more)
            // A busy machine may scrape later than it should, which the gates tell, and the numbers hold.
            let ended = report.wait()
            #expect(ended == 0 || ended == 8 && report.errorText.contains("not good enough"), "\(report.errorText)")
            try check(index, "prometheus-\(index)", keplers)
        }
    }

    private func check(_ index: Int, _ name: String, _ keplers: Keplers) throws {
        let report = try ReportUnderTest(folder("\(name)/run.json"))
        let isEstimate = index == 0
        #expect(report.json["collection"]["generation"].string == Self.names[index], "\(name)")
        #expect(report.json["collection"]["estimate"] == .bool(isEstimate), "\(name)")
        #expect(report.json["results"]["zone"] == "package+dram", "\(name)")
        #expect(report.seconds > 6 && report.seconds < 12, "\(name): \(report.seconds) s")
        let truth = try keplers.truth(report)
        let node = (truth["node"]["package"].number ?? .nan) + (truth["node"]["dram"].number ?? .nan)
        let pods = truth["pods"].object.mapValues { $0.number ?? .nan }
        // A gauge shows the last three seconds for three seconds more, so it tells of a change as late as that.
        let late = isEstimate ? 3.5 : 0.1
        try check(report.scope("node")["energy"], node, late: 0.1 * 45, isEstimate, "\(name): the node")
        try check(report.energy, pods.values.reduce(0, +), late: late * 7, isEstimate, "\(name): the namespace")
        for (pod, watts) in [("web-7d9c5b7f4-x2x9k", 0.1 * 14), ("load-q8w7e", late * 7), ("late-q8w7e", late * 4.5)] {
            let consumer = report.consumer("pod", ["namespace": "shop", "pod": pod])
            let energy: JSON = [
                "gross_J": consumer["J"], "lower_J": consumer["lower_J"], "upper_J": consumer["upper_J"],
            ]
            try check(energy, try #require(pods[pod]), late: watts, isEstimate, "\(name): \(pod)")
        }
        #expect(report.scope("namespace")["pods"].array.count == 3, "\(name)")
        for file in ["report.txt", "report.md", "report.html"] {
            let text = try String(contentsOfFile: folder("\(name)/\(file)"), encoding: .utf8)
            let mark = file.hasSuffix("html") ? "class=\"badge estimate\"" : "These are estimates: "
            #expect(text.contains(mark) == isEstimate, "\(name)/\(file)")
        }
        try brahe(["report", "--verify", folder(name)])
    }

    /// Checks a value with its bounds; `late` is what may be drawn while nobody looks: no exporter but ours says when it took
    /// its values.
    private func check(_ energy: JSON, _ truth: Double, late: Double, _ isEstimate: Bool, _ what: String) throws {
        let value = try #require(energy["gross_J"].number, "\(what)")
        #expect(abs(value - truth) <= late + 0.005 * truth, "\(what): \(value) J of \(truth) J")
        let lower = try #require(energy["lower_J"].number)
        let upper = try #require(energy["upper_J"].number)
        #expect(lower <= value && value <= upper)
        guard !isEstimate else { return }
        #expect(lower <= truth + late && upper >= truth - late, "\(what): \(lower) to \(upper) J, \(truth) J")
    }
}

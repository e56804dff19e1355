import Documents
import Exposition
import Foundation
import Host
import Metering
import Pages
import Samples
import Testing

/// The seven windows through a real Prometheus, and read from an agent directly.
@Suite struct WindowCaseTests {
    /// Scraped every 15 s, 7 s off the window's edges.
    private static func scraped(_ one: WindowCase) throws -> Recording {
        var recording = Recording()
        for time in stride(from: -53_000, through: 960_000, by: 15_000) as StrideThrough<Int64> {
            let at = WindowCase.begin + time
            if one.answers(at: time) {
                recording.append(page: try Scrape(one.page(at: time)), at: at, instance: "\(one.name.prefix(1)):9102")
            } else {
                recording.append(up: false, at: at, instance: "\(one.name.prefix(1)):9102")
            }
        }
        return recording
    }

    @Test(.enabled(if: PrometheusUnderTest.isHere, "needs Debian's prometheus"))
    func theTruthIsWithinTheBoundsThroughPrometheus() throws {
        var all = Recording()
        for one in WindowCase.all { all.append(try Self.scraped(one)) }
        let server = try PrometheusUnderTest(all)
        let prometheus = Prometheus(Endpoint(server.url))
        for one in WindowCase.all {
            let selector = Prometheus.selector(["instance": "\(one.name.prefix(1)):9102"])
            let samples = try prometheus.samples(
                of: [selector], from: Moment(milliseconds: WindowCase.begin - 60_000),
                to: Moment(milliseconds: WindowCase.begin + WindowCase.length + 60_000))
            let found = try WindowCase.findings(samples.recording)
            let energy = try #require(found.pod, "\(one.name)")
            #expect(energy.holds(one.truth), "\(one.name): \(energy), \(one.truth)")
            if "ABCDF".contains(one.name.prefix(1)) {
                #expect(energy.error(one.truth) <= 0.01, "\(one.name): \(energy), \(one.truth)")
            }
            #expect((found.all.quality.resets > 0) == (one.restart != nil), "\(one.name)")
            #expect(found.all.quality.largestGap == ["C": 45_000, "D": 60_000][one.name.prefix(1), default: 15_000])
        }
    }

    /// Polled every 15 s, and ordered to sample each time: the page is of the last order.
    @Test(arguments: WindowCase.all)
    func theTruthIsWithinTheBoundsDirectly(one: WindowCase) throws {
        var one = one
        one.isAgent = true
        let folder = try Scratch()
        let (next, page) = (folder("next"), folder("page"))
        let server = try ServerUnderTest([
            "/metrics": ["file": .string(page)],
            "/sample": ["method": "POST", "copy": [.string(next), .string(page)]],
        ])
        var recorder = AgentRecorder([AgentClient(url: server.url)]) { _ in }
        for time in stride(from: 0, through: WindowCase.length, by: 15_000) as StrideThrough<Int64> {
            if one.answers(at: time) {
                try folder.write("next", one.page(at: time))
            } else {
                try? FileManager.default.removeItem(atPath: next)
                try? FileManager.default.removeItem(atPath: page)
            }
            let moment = Moment(milliseconds: WindowCase.begin + time)
            if time == 0 || time == WindowCase.length {
                try recorder.edge(now: { moment })
            } else {
                recorder.poll(now: { moment })
            }
        }
        let found = try WindowCase.findings(recorder.recording)
        let energy = try #require(found.pod)
        #expect(energy.holds(one.truth), "\(energy), \(one.truth)")
        let limit = ["C": 0.02, "B": 0.01, "E": 0.01][one.name.prefix(1), default: 0.005]
        #expect(energy.error(one.truth) <= limit, "\(energy), \(one.truth)")
        #expect((found.all.quality.resets > 0) == (one.restart != nil))
    }
}

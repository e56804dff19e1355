import Documents
import Exposition
import Metering
import Samples
import Testing

/// One of the seven windows of 900 s in which PromQL's functions go wrong: what a pod draws, and so the truth, and what its
/// exporter shows of it.
struct WindowCase: Sendable, CustomTestStringConvertible {
    let name: String
    /// When the pod's power changes, in milliseconds from the window's begin, and to how many watts; falling times of a ramp
    /// are steps of a watt.
    let steps: [(from: Int64, watts: Int64)]
    /// The span in which the pod lives.
    var life: Range<Int64> = -1_000_000..<2_000_000
    /// When the exporter begins anew.
    var restart: Int64?
    /// When scrapes fail.
    var outage: Range<Int64> = 0..<0
    /// Whether the exporter is our agent: it keeps what has ended, and says when it sampled.
    var isAgent = false

    var testDescription: String { name }

    /// When the window begins, in milliseconds of Unix time, and how long it is.
    static let begin: Int64 = 1_700_000_000_000
    static let length: Int64 = 900_000

    static let all = [
        WindowCase(name: "A steady 10 W", steps: [(-500_000, 10)]),
        WindowCase(
            name: "B pod lives 400 s at 40 W", steps: [(195_000, 40), (595_000, 0)], life: 195_000..<595_000),
        WindowCase(
            name: "C agent restart, 45 s outage", steps: [(-500_000, 10)], restart: 405_000, outage: 398_000..<440_000),
        WindowCase(name: "D scrapes missing near the end", steps: [(-500_000, 10)], outage: 860_000..<899_000),
        WindowCase(name: "E pod lives 20 s at 100 W", steps: [(395_000, 100), (415_000, 0)], life: 395_000..<415_000),
        WindowCase(
            name: "F ramp 0-20 W",
            steps: (0...20).map { (Int64($0) * 55_000 - 127_500, Int64($0)) }),
        WindowCase(
            name: "G 10 s bursts at both edges", steps: [(0, 100), (10_000, 0), (890_000, 100), (900_000, 0)]),
    ]

    /// What the pod had used until a time from the window's begin, in microjoules.
    func energy(until time: Int64) -> Int64 {
        steps.indices.reduce(0) { sum, index in
            let end = index + 1 < steps.count ? min(steps[index + 1].from, time) : time
            return sum + max(end - steps[index].from, 0) * steps[index].watts * 1000
        }
    }

    /// What it used in the window, in microjoules.
    var truth: Int64 { energy(until: Self.length) - energy(until: 0) }

    /// Whether a scrape at a time succeeds.
    func answers(at time: Int64) -> Bool { !outage.contains(time) }

    /// The exporter's page at a time from the window's begin.
    func page(at time: Int64) -> String {
        let began = restart.flatMap { $0 <= time ? $0 : nil } ?? -1_000_000
        var lines = ["process_start_time_seconds \(Recording.seconds(Self.begin + began))"]
        func pod(_ name: String, _ energy: Int64) {
            let labels = "container_id=\"\(name)\",pod_name=\"\(name)\",container_name=\"c\",container_namespace=\"n\""
            let decimals = String(1_000_000 + energy % 1_000_000).dropFirst()
            lines.append("kepler_container_joules_total{\(labels),mode=\"dynamic\"} \(energy / 1_000_000).\(decimals)")
        }
        // Something else lives all along.
        pod("other", (time - began) * 1000)
        if life.lowerBound < time, time < life.upperBound || isAgent {
            pod("pod", energy(until: time) - energy(until: max(began, life.lowerBound)))
        }
        if isAgent { lines.append("brahe_sample_timestamp_seconds \(Recording.seconds(Self.begin + time))") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What is found of the pod in a recording.
    static func findings(_ recording: Recording) throws -> (pod: Estimate?, all: Findings) {
        let meter = try Meter(recording, terms: Terms(platformMaxWatts: 100, cpus: 8))
        let window = Phase(
            name: "run", start: Moment(milliseconds: begin), end: Moment(milliseconds: begin + length))
        guard let window else { throw Missing(what: "a window") }
        let findings = meter.findings(in: window)
        return (findings.uses.first { $0.level == .pod && $0.labels["pod"] == "pod" }?.energy, findings)
    }
}

extension Estimate {
    /// Whether a number of microjoules is within the bounds.
    func holds(_ truth: Int64) -> Bool { (lower...upper).contains(UInt64(max(truth, 0))) }
    /// How far the value is off, in parts of it.
    func error(_ truth: Int64) -> Double { abs(Double(value) / Double(truth) - 1) }
}

import Documents
import Exposition
import Metering
import Samples

/// Makes recordings as an exporter and its scraper would.
struct Exporter: Sendable {
    /// The labels that the scraper adds.
    var target = ["instance": "10.0.0.1:9102", "job": "kepler"]
    /// When it is asked, in milliseconds.
    var scrapes: [Int64] = []
    /// Scrapes that fail.
    var failures: Set<Int64> = []
    /// When each of its lives begins, in milliseconds; before recordings begin if it is the first.
    var lives: [Int64] = [-100_000]
    /// By how much each shown value is older than its scrape, in microseconds.
    var age: @Sendable (Int64) -> Int64 = { _ in 0 }
    /// Whether it is our agent, which says how old.
    var isAgent = false

    /// Every so often in a span.
    static func times(every interval: Int64, from start: Int64, to end: Int64) -> [Int64] {
        Array(stride(from: start, through: end, by: Int(interval)))
    }

    var successes: [Int64] { scrapes.filter { !failures.contains($0) } }

    /// When the life began that answers at a scrape.
    func life(at scrape: Int64) -> Int64 { lives.last { $0 <= scrape } ?? lives[0] }

    /// What every exporter's recording has.
    func selves() -> [Series] {
        var series = [
            make("up", [:], scrapes.map { Sample(time: $0, value: failures.contains($0) ? 0 : 1) }),
            make(
                "process_start_time_seconds", [:],
                successes.map { Sample(time: $0, value: 1_700_000_000 + Double(life(at: $0)) / 1000) }),
        ]
        if isAgent {
            let stamps = successes.map { Sample(time: $0, value: Double($0 * 1000 - age($0)) / 1_000_000) }
            series.append(make("brahe_sample_timestamp_seconds", [:], stamps))
        }
        return series
    }

    /// A counter of joules that begins with its consumer or with the exporter, shown while `shown`.
    func counter(
        _ name: String, _ labels: [String: String], _ draw: Draw, from birth: Int64 = .min / 2,
        shown: (Int64) -> Bool = { _ in true }
    ) -> Series {
        let samples = successes.filter(shown).map { scrape in
            let time = scrape * 1000 - age(scrape)
            let origin = max(birth, life(at: scrape)) * 1000
            let energy = max(draw.energy(until: time) - draw.energy(until: origin), 0)
            return Sample(time: scrape, value: Double(energy) / 1_000_000)
        }
        return make(name, labels, samples)
    }

    func make(_ name: String, _ labels: [String: String], _ samples: [Sample]) -> Series {
        Series(Scrape.Identity(name: name, labels: target.merging(labels) { $1 }), samples: samples)
    }
}

/// A container's labels as Kepler 0.9 has them.
func ebpf(_ pod: String, _ container: String = "main", _ namespace: String = "app", mode: String = "dynamic")
    -> [String:
    String]
{
    [
        "container_id": "\(pod)-\(container)", "pod_name": pod, "container_name": container,
        "container_namespace": namespace, "mode": mode, "source": "",
    ]
}

func phase(_ start: Int64, _ end: Int64, _ name: String = "run") -> Phase {
    Phase(name: name, start: Moment(milliseconds: start), end: Moment(milliseconds: end))!
}

extension Findings {
    func use(_ level: Use.Level, _ labels: [String: String]) -> Use? {
        uses.first { use in use.level == level && labels.allSatisfy { use.labels[$0.key] == $0.value } }
    }
    func pod(_ name: String) -> Estimate? { use(.pod, ["pod": name])?.energy }
}

extension Estimate {
    func holds(_ truth: Int64) -> Bool {
        lower <= UInt64(truth) && UInt64(truth) <= upper && lower <= value && value <= upper
    }
    func error(_ truth: Int64) -> Double { abs(Double(value) - Double(truth)) / Double(truth) }
}

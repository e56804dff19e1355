import Carbon
import Documents
import Exposition
import Metering
import Results
import Samples

/// A node with three pods whose powers are known: 10 minutes of quiet, 5 of idling, 15 of the run, scraped every 10 s.
enum Laboratory {
    static let origin = Moment(milliseconds: 1_795_248_000_000)  // 2026-11-21T08:00:00Z
    static let interval: Int64 = 10_000
    static var windows: [RunDocument.Window] {
        let spans: [(String, Int64, Int64)] = [("baseline", 60, 600), ("idle", 660, 960), ("run", 1020, 1920)]
        return spans.map {
            RunDocument.Window(name: $0.0, start: "\(moment($0.1))", end: "\(moment($0.2))")
        }
    }

    static func moment(_ seconds: Int64) -> Moment { origin + seconds * 1000 }

    /// Microjoules a second of each pod, by the second of the experiment.
    static func power(of pod: String, at second: Int64) -> UInt64 {
        switch pod {
        // Deployed after the baseline; at work in the run, with a wave.
        case "falco": second < 620 ? 0 : second < 1000 ? 1_500_000 : 8_000_000 + UInt64((second * 37) % 100) * 20_000
        case "load": second < 1000 ? 0 : 2_000_003
        default: 500_000
        }
    }

    private static let pods = ["falco": "benchmark", "load": "benchmark", "coredns": "kube-system"]

    /// What the agent of the node showed at each scrape.
    static func recording() -> Recording {
        var recording = Recording()
        func identity(_ name: String, _ labels: [String: String] = [:]) -> Scrape.Identity {
            Scrape.Identity(
                name: name, labels: labels.merging(["instance": "node-1:9102", "job": "brahe"]) { a, _ in a })
        }
        var joules: [String: UInt64] = [:]
        var node: UInt64 = 0
        for second in Int64(0)...2000 {
            for pod in pods.keys { joules[pod, default: 0] += power(of: pod, at: second) }
            // The machine itself draws 20 W, a little more now and then.
            node +=
                pods.keys.reduce(0) { $0 + power(of: $1, at: second) } + 20_000_000 + UInt64((second / 7 * 53) % 100)
                * 9_000
            guard second.isMultiple(of: interval / 1000) else { continue }
            let time = (origin + second * 1000).milliseconds
            func add(_ name: String, _ labels: [String: String], _ value: Double) {
                recording.append([Sample(time: time, value: value)], to: identity(name, labels))
            }
            add("up", [:], 1)
            add("process_start_time_seconds", [:], 1_795_240_000)
            add("kepler_node_cpu_joules_total", ["zone": "package", "node_name": "node-1"], Double(node) / 1e6)
            add(
                "kepler_node_cpu_idle_joules_total", ["zone": "package", "node_name": "node-1"], Double(second) * 20)
            for (pod, space) in pods where pod != "falco" || second >= 620 {
                let name = ["pod_id": "id-\(pod)", "pod_name": pod, "pod_namespace": space, "node_name": "node-1"]
                add(
                    "kepler_pod_cpu_joules_total",
                    name.merging(["zone": "package", "state": "running"]) { a, _ in a },
                    Double(joules[pod, default: 0]) / 1e6)
                let container = ["container": pod, "pod": pod, "namespace": space, "image": "i", "id": "/\(pod)"]
                add(
                    "container_cpu_usage_seconds_total", container,
                    Double(second) * 0.5 + (pod == "falco" ? Double(max(second - 1500, 0)) : 0))
                add("container_memory_rss", container, Double(1_000_000 + second * (pod == "load" ? 100 : 0)))
                add("container_memory_working_set_bytes", container, 2_000_000)
            }
        }
        return recording
    }

    static func factors(_ intensity: String = #"{"source": "table", "dataset": "ember"}"#) throws -> Factors {
        var warnings: [String] = []
        return try Factors(
            parsing: """
                {"region": "FRA", "intensity": \(intensity), "pue": {"provider": "Equinix", "value": 1.42},
                 "embodied": {"TE_g": 550000, "EL_h": 35040, "RS": 1, "source": "Boavizta, m3.small.x86"}}
                """, warnings: &warnings)
    }

    /// Two intensities in the run's window.
    static func inputs() throws -> InputsEntry {
        let factors = try factors(
            #"{"source": "file", "path": "f", "kind": "average", "name": "the operator", "revision": "7"}"#)
        let intensities = try Intensities(
            parsing: """
                [{"datetime": "\(moment(0))", "carbonIntensity": 40}, {"datetime": "\(moment(1500))", "carbonIntensity": 90}]
                """)
        var inputs = InputsEntry(
            terms: Terms(platformMaxWatts: 200, cpus: 8), primary: "project",
            scopes: [
                InputsEntry.Scope(scope: "project", pods: ["benchmark/falco"]),
                InputsEntry.Scope(scope: "workload", pods: ["benchmark/load", "benchmark/never-there"]),
                InputsEntry.Scope(scope: "namespace", namespaces: ["benchmark"]),
            ],
            metrics: [
                ProjectMetric(
                    name: "events", query: "sum(falco_events_total)", unit: "1", aggregation: .increase,
                    series: [[100, 250, 20, .nan, 70]]),
                ProjectMetric(
                    name: "latency", query: "latency", unit: "s", aggregation: .high, series: [[0.1, 0.3, 0.2]]),
                ProjectMetric(name: "gone", query: "gone", unit: "1", aggregation: .mean),
            ],
            factors: factors,
            intensity: try AppliedIntensity(
                factors, intensities: intensities, revision: nil, from: moment(1020), to: moment(1920)),
            unit: InputsEntry.Unit(name: "event", metric: "events"))
        inputs.bootstrap.resamples = 100
        return inputs
    }

    /// The document of all this, made once.
    static let whole = Result { try document() }

    static func document(
        _ recording: Recording = recording(), _ inputs: InputsEntry? = nil
    ) throws -> RunDocument {
        var document = RunDocument(runId: "20261121T080000Z-falco-modern-ebpf-0.41.1-01", status: .succeeded)
        document.cncfProject = RunDocument.Project(
            name: "falco", org: "falcosecurity", config: "modern-ebpf", version: "0.41.1")
        document.windows = windows
        document.startTime = windows.last?.start
        document.endTime = windows.last?.end
        let inputs = try inputs ?? Laboratory.inputs()
        let assessment = try Assessment(of: recording, inputs: inputs, windows: windows)
        document.inputs = inputs
        document.collection = assessment.collection(mode: "file", endpoint: "samples.om")
        document.results = try assessment.results()
        return document
    }
}

extension JSON {
    /// The path of each number in it that `keeps`, with the number.
    func numbers(_ path: String = "") -> [(path: String, value: Double)] {
        switch self {
        case .integer(let number): [(path, Double(number))]
        case .number(let number): [(path, number)]
        case .array(let elements): elements.enumerated().flatMap { $1.numbers("\(path)[\($0)]") }
        case .object(let members):
            members.sorted { $0.key < $1.key }.flatMap { $1.numbers(path.isEmpty ? $0 : "\(path).\($0)") }
        default: []
        }
    }

    /// The same with another value at a path of `numbers`; null removes a member.
    func replacing(_ path: String, with value: JSON) -> JSON {
        let rest = path.drop { $0 == "." }
        if rest.isEmpty { return value }
        if rest.first == "[", case .array(var elements) = self, let close = rest.firstIndex(of: "]"),
            let index = Int(rest[rest.index(after: rest.startIndex)..<close]), elements.indices.contains(index)
        {
            elements[index] = elements[index].replacing(String(rest[rest.index(after: close)...]), with: value)
            return .array(elements)
        }
        guard case .object(var members) = self else { return self }
        let name = String(rest.prefix { $0 != "." && $0 != "[" })
        let made = (members[name] ?? .null).replacing(String(rest.dropFirst(name.count)), with: value)
        members[name] = made == .null ? nil : made
        return .object(members)
    }
}

import Carbon
import Documents
import Host
import Metering
import Pages
import Reports
import Results
import Samples
import Stages

/// A report on a window that is no run's: on the past, from a Prometheus or a file, or on now, from agents.
struct WindowReport {
    private let options: Options
    private let prometheus: Prometheus?
    private let agents: [AgentClient]
    private let files: [String]
    private let duration: Int64?
    private let interval: Int64

    init(_ options: Options) throws(Failure) {
        self.options = options
        let sources = ["--prometheus", "--agent", "--file"].filter { options[$0] != nil }
        guard sources.count < 2 else { throw Failure(.usage, "option \(sources[0]) excludes \(sources[1])") }
        prometheus = try PrometheusOptions.client(options)
        files = options.all("--file")
        let named = try PrometheusOptions.agents(options)
        agents = named.isEmpty && sources.isEmpty ? [.usual] : named
        duration = try options.duration("--for")
        if duration == 0 { throw Failure(.usage, "option --for: a window of nothing measures nothing") }
        interval = max(try options.duration("--interval") ?? 5000, 100)
        if !agents.isEmpty, let past = ["--from", "--to", "--baseline"].first(where: { options[$0] != nil }) {
            throw Failure(.usage, "option \(past) is for --prometheus and --file: an agent does not know the past")
        }
        if prometheus == nil, options["--instance"] != nil {
            throw Failure(.usage, "option --instance is for --prometheus")
        }
    }

    /// Collects, measures and judges; the samples come with it.
    func make() throws(Failure) -> (RunDocument, Recording) {
        if let prometheus { return try assessed(try past(prometheus), prometheus) }
        if !files.isEmpty { return try assessed(try recorded(), nil) }
        return try assessed(try watched(), nil)
    }

    /// Samples with the windows that they are for.
    private struct Collected {
        let evidence: Evidence
        let start: Moment
        let end: Moment
        let baseline: (start: Moment, end: Moment)?
    }

    private func assessed(
        _ collected: Collected, _ prometheus: Prometheus?
    ) throws(Failure) -> (RunDocument, Recording) {
        var document = RunDocument(
            runId: "\(collected.start.compact)-window", status: .succeeded)
        if let (start, end) = collected.baseline { document.add(window: "baseline", from: start, to: end) }
        document.add(window: "run", from: collected.start, to: collected.end)
        var inputs = try inputs(for: collected.evidence.recording)
        let warnings = try inputs.ask(from: collected.start, to: collected.end, prometheus: prometheus)
        try document.measure(collected.evidence.adding(warnings), inputs)
        document.meta = ["pipeline_version": .string(Brahe.version)]
        document.provenance = ["host": .string(Environment.host)]
        if let unseen = document.unseenScope {
            document.status = .invalid
            document.failure = "no series tells of \(unseen)"
        } else if let broken = document.brokenGates {
            document.status = .invalid
            document.failure = "the window is not good enough: \(broken)"
        }
        return (document, collected.evidence.recording)
    }

    private func inputs(for recording: Recording) throws(Failure) -> InputsEntry {
        let namespaces = options.all("--namespace")
        let pods = options.all("--pod")
        for pod in pods where pod.split(separator: "/").count != 2 {
            throw Failure(.usage, "option --pod: \(pod) is not NAMESPACE/NAME")
        }
        var scopes: [InputsEntry.Scope] = []
        if !pods.isEmpty { scopes.append(InputsEntry.Scope(scope: "project", pods: pods)) }
        if !namespaces.isEmpty { scopes.append(InputsEntry.Scope(scope: "namespace", namespaces: namespaces)) }
        var inputs = InputsEntry(
            terms: Terms(
                for: recording, platformMaxWatts: try options.number("--platform-watts"), zone: options["--zone"],
                interval: agents.isEmpty ? nil : interval),
            primary: scopes.first?.scope ?? "node", scopes: scopes)
        if let path = options["--factors"] {
            let text = try Files.read(path)
            var warnings: [String] = []
            do {
                inputs.factors = try Factors(parsing: text, warnings: &warnings)
            } catch {
                throw Failure(.configuration, "read \(path): \(error)")
            }
            for warning in warnings { say("\(path): \(warning)") }
        }
        if let unit = options["--unit"] {
            let parts = unit.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, let count = Double(parts[1]), count > 0, count.isFinite else {
                throw Failure(.usage, "option --unit: \(unit) is not NAME=N with a number above 0")
            }
            inputs.unit = InputsEntry.Unit(name: String(parts[0]), value: count)
        }
        return inputs
    }

    // MARK: Where samples come from

    /// What a Prometheus has of the window, and of some time around it.
    private func past(_ prometheus: Prometheus) throws(Failure) -> Collected {
        let (start, end) = try window(from: nil, to: .now)
        let baseline = try baseline()
        let interval = try prometheus.targets().compactMap(\.interval).min() ?? 15_000
        // What lies beyond the edges closes the window; of now there is nothing beyond.
        let labels = options["--instance"].map { ["instance": $0] } ?? [:]
        var windows = [(start, end)]
        if let baseline { windows.insert((baseline.start, baseline.end), at: 0) }
        var recording = Recording()
        var notes: [String] = []
        for (start, end) in windows.sorted(by: { $0.0 < $1.0 }) {
            let samples = try prometheus.samples(
                of: [Prometheus.selector(labels)], from: start + -2 * interval, to: end + 2 * interval)
            recording.append(samples.recording)
            notes += samples.notes
        }
        let evidence = Evidence(
            recording, mode: "prometheus", endpoint: prometheus.endpoint.url, serverVersion: try? prometheus.version(),
            warnings: notes)
        return Collected(evidence: evidence, start: start, end: end, baseline: baseline)
    }

    /// What was recorded before; without a window all of it.
    private func recorded() throws(Failure) -> Collected {
        let recording = try Recording(files: files)
        guard let first = recording.start, let last = recording.end, last > first else {
            throw Failure(.dataMissing, "read \(files.joined(separator: " ")): there is no window between its samples")
        }
        // Of our agents' samples the exact times are known, as when they were watched.
        let sampled = recording.sampled
        let (start, end) = try window(
            from: sampled?.first ?? Moment(milliseconds: first), to: sampled?.last ?? Moment(milliseconds: last))
        let evidence = Evidence(recording, mode: "file", endpoint: files.joined(separator: " "))
        return Collected(evidence: evidence, start: start, end: end, baseline: try baseline())
    }

    /// What agents tell from now on.
    private func watched() throws(Failure) -> Collected {
        var said: [String] = []
        var recorder = AgentRecorder(agents) { line in
            say(line)
            said.append(line)
        }
        let start = try recorder.edge()
        let end = start + (duration ?? 30_000)
        // At even times, however long a reading takes: else there would be fewer than the interval says.
        var next = start + interval
        while end - .now > 0 {
            try Interruption.pause(milliseconds: UInt32(clamping: max(min(end, next) - .now, 0)))
            guard next - .now <= 0 else { continue }
            if end - .now > interval / 2 { recorder.poll() }
            while next - .now <= 0 { next = next + interval }
        }
        let last = try recorder.edge()
        let evidence = Evidence(
            recorder.recording, mode: "agent", endpoint: agents.map(\.url).joined(separator: " "), warnings: said)
        // The values of the edges are the agents' own samples'.
        let sampled = recorder.recording.sampled
        return Collected(
            evidence: evidence, start: sampled?.first ?? start, end: sampled?.last ?? last, baseline: nil)
    }

    // MARK: Windows

    private func window(from first: Moment?, to last: Moment) throws(Failure) -> (Moment, Moment) {
        let to = try moment("--to")
        let from = try moment("--from")
        if let from, to != nil, duration != nil {
            throw Failure(.usage, "of --from, --to and --for two say it; from \(from) is one too many")
        }
        let start: Moment
        let end: Moment
        if let from {
            start = from
            end = to ?? duration.map { from + $0 } ?? last
        } else {
            end = to ?? last
            start = duration.map { end + -$0 } ?? first ?? end + -3_600_000
        }
        guard end > start else { throw Failure(.usage, "the window from \(start) to \(end) ends before it begins") }
        guard start < .now else { throw Failure(.usage, "the window from \(start) has not begun yet") }
        return (start, end)
    }

    private func moment(_ name: String) throws(Failure) -> Moment? {
        guard let text = options[name] else { return nil }
        guard let moment = Moment(text) else {
            throw Failure(.usage, "option \(name): \(text) is not a time like 2026-11-21T08:05:00Z")
        }
        return moment
    }

    private func baseline() throws(Failure) -> (start: Moment, end: Moment)? {
        guard let text = options["--baseline"] else { return nil }
        let parts = text.split(separator: "/").map { Moment(String($0)) }
        guard parts.count == 2, let start = parts[0], let end = parts[1], end > start else {
            throw Failure(.usage, "option --baseline: \(text) is not FROM/TO with two times, the earlier one first")
        }
        return (start, end)
    }
}

extension RunDocument {
    /// What was asked for and is not there at all, in words; nil if something of each scope was seen.
    fileprivate var unseenScope: String? {
        for scope in results?.scopes ?? [] where scope.scope != "node" && scope.unseen.count == scope.pods.count {
            let asked = inputs?.scopes.first { $0.scope == scope.scope }
            let names = (asked?.pods ?? []) + (asked?.namespaces ?? []).map { "any pod of \($0)" }
            return names.joined(separator: ", ")
        }
        return nil
    }
}

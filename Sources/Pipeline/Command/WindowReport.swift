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
    private let asked: Asked

    /// What the options say of the numbers; read before the window, so that a wrong word does not waste it.
    struct Asked {
        var pods: [String]
        var namespaces: [String]
        var metrics: [ProjectMetric] = []
        var factors: Factors?
        var unit: InputsEntry.Unit?
        var platformWatts: Double?
    }

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
        interval = try options.duration("--interval") ?? 5000
        guard interval >= 100 else {
            throw Failure(.usage, "option --interval: an agent is read ten times a second at most, so 100ms or more")
        }
        if !agents.isEmpty, let past = ["--from", "--to", "--baseline", "--idle"].first(where: { options[$0] != nil }) {
            throw Failure(.usage, "option \(past) is for --prometheus and --file: an agent does not know the past")
        }
        if prometheus == nil, options["--instance"] != nil {
            throw Failure(.usage, "option --instance is for --prometheus")
        }
        asked = try Self.asked(options)
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
        var quiet: [QuietSpan] = []
    }

    /// A window whose power is taken off.
    private typealias QuietSpan = (name: String, start: Moment, end: Moment)

    private func assessed(
        _ collected: Collected, _ prometheus: Prometheus?
    ) throws(Failure) -> (RunDocument, Recording) {
        var document = RunDocument(
            runId: "\(collected.start.compact)-window", status: .succeeded)
        for span in collected.quiet { document.add(window: span.name, from: span.start, to: span.end) }
        document.add(window: "run", from: collected.start, to: collected.end)
        var inputs = try inputs(for: collected.evidence.recording)
        let warnings = try inputs.ask(from: collected.start, to: collected.end, prometheus: prometheus)
        try document.measure(collected.evidence.adding(warnings), inputs)
        document.meta = ["pipeline_version": .string(Brahe.version), "agent": collected.evidence.recording.exporter]
        document.provenance = provenance()
        if let unseen = document.unseenScope {
            document.status = .invalid
            document.failure = "no series tells of \(unseen)"
        } else if let broken = document.brokenGates {
            document.status = .invalid
            document.failure = "the window is not good enough: \(broken)"
        }
        return (document, collected.evidence.recording)
    }

    /// Who made the report, how, and of what files. No option has a secret in it.
    private func provenance() -> JSON {
        // What is a folder has a file of digests of its own.
        let digests = (files + options.all("--factors")).compactMap { path -> JSON? in
            guard let text = try? Files.read(path) else { return nil }
            return ["path": .string(path), "sha256": .string(Files.sha256(text))]
        }
        let command = ["brahe"] + CommandLine.arguments.dropFirst()
        return [
            "host": .string(Environment.host), "command": .array(command.map { .string($0) }),
            "files": .array(digests),
        ]
    }

    private func inputs(for recording: Recording) throws(Failure) -> InputsEntry {
        var scopes: [InputsEntry.Scope] = []
        if !asked.pods.isEmpty { scopes.append(InputsEntry.Scope(scope: "project", pods: asked.pods)) }
        if !asked.namespaces.isEmpty {
            scopes.append(InputsEntry.Scope(scope: "namespace", namespaces: asked.namespaces))
        }
        var inputs = InputsEntry(
            terms: Terms(
                for: recording, platformMaxWatts: asked.platformWatts, zone: options["--zone"],
                interval: agents.isEmpty ? nil : interval),
            primary: scopes.first?.scope ?? "node", scopes: scopes, metrics: asked.metrics)
        inputs.factors = asked.factors
        if let unit = asked.unit { inputs.unit = unit }
        return inputs
    }

    private static func asked(_ options: Options) throws(Failure) -> Asked {
        var asked = Asked(
            pods: options.all("--pod"), namespaces: options.all("--namespace"),
            platformWatts: try options.number("--platform-watts"))
        try asked.take(options)
        for pod in asked.pods where pod.split(separator: "/", omittingEmptySubsequences: false).count != 2 {
            throw Failure(.usage, "option --pod: \(pod) is not NAMESPACE/NAME")
        }
        if asked.platformWatts == 0 { throw Failure(.usage, "option --platform-watts: it must be above 0") }
        if let path = options["--factors"] {
            let text = try Files.read(path)
            var warnings: [String] = []
            do {
                let factors = try Factors(parsing: text, warnings: &warnings)
                // A table that lacks the region is known before the window as well.
                if factors.intensity.source == .table {
                    _ = try AppliedIntensity(factors, from: .now, to: .now + 1)
                }
                asked.factors = factors
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
            asked.unit = InputsEntry.Unit(name: String(parts[0]), value: count)
        }
        return asked
    }

    // MARK: Where samples come from

    /// What a Prometheus has of the window, and of some time around it.
    private func past(_ prometheus: Prometheus) throws(Failure) -> Collected {
        // What makes no sense is said before anybody is asked.
        _ = try window(from: nil, to: .now)
        let quiet = try quiet()
        let instance = options["--instance"]
        let targets = try prometheus.targets()
        let asked = targets.filter { instance == nil || $0.labels["instance"] == instance }
        // One that is scraped no more has its past all the same.
        let intervals = (asked.isEmpty ? targets : asked).compactMap(\.interval)
        // What lies beyond the edges closes the window, and of now there is nothing beyond.
        let margin = min(2 * (intervals.max() ?? 15_000), 300_000)
        let since = min(2 * (intervals.min() ?? 15_000), margin)
        let (start, end) = try window(from: nil, to: .now + -since)
        guard end <= .now else { throw Failure(.usage, "the window to \(end) has not ended yet") }
        if end + since - .now > 1000 { say("waiting for scrapes after the window, until \(end + since)") }
        try Self.wait(until: end + since)
        let labels = instance.map { ["instance": $0] } ?? [:]
        let windows = quiet.map { ($0.start, $0.end) } + [(start, end)]
        var recording = Recording()
        var notes: [String] = []
        for (start, end) in windows.sorted(by: { $0.0 < $1.0 }) {
            let samples = try prometheus.samples(
                of: [Prometheus.selector(labels)], from: start + -margin, to: end + margin)
            recording.append(samples.recording)
            notes += samples.notes
        }
        let evidence = Evidence(
            recording, mode: "prometheus", endpoint: prometheus.endpoint.url, serverVersion: try? prometheus.version(),
            warnings: notes)
        return Collected(evidence: evidence, start: start, end: end, quiet: quiet)
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
        return Collected(evidence: evidence, start: start, end: end, quiet: try quiet())
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
        // The times are set, so that looks that take long do not come ever later.
        var next = start + interval
        while end - next > interval / 2 {
            try Self.wait(until: next)
            recorder.poll()
            repeat { next = next + interval } while next - .now <= 0
        }
        try Self.wait(until: end)
        let last = try recorder.edge()
        let evidence = Evidence(
            recorder.recording, mode: "agent", endpoint: agents.map(\.url).joined(separator: " "), warnings: said)
        // The values of the edges are the agents' own samples'.
        let sampled = recorder.recording.sampled
        return Collected(
            evidence: evidence, start: sampled?.first ?? start, end: sampled?.last ?? last)
    }

    private static func wait(until moment: Moment) throws(Failure) {
        while case let rest = moment - .now, rest > 0 {
            try Interruption.pause(milliseconds: UInt32(clamping: rest))
        }
    }

    // MARK: Windows

    private func window(from first: Moment?, to last: Moment) throws(Failure) -> (Moment, Moment) {
        let to = try options.moment("--to")
        let from = try options.moment("--from")
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

    /// The baseline and the idle window that the options name.
    private func quiet() throws(Failure) -> [QuietSpan] {
        var spans: [QuietSpan] = []
        for name in ["baseline", "idle"] {
            guard let text = options["--" + name] else { continue }
            let parts = text.split(separator: "/").map { Options.moment(in: String($0)) }
            guard parts.count == 2, let start = parts[0], let end = parts[1], end > start else {
                throw Failure(.usage, "option --\(name): \(text) is not FROM/TO with two times, the earlier one first")
            }
            spans.append((name, start, end))
        }
        return spans
    }
}

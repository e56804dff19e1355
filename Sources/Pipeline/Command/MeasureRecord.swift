import Documents
import Exposition
import Glibc
import Host
import Results
import Review

/// The file to which `brahe measure --record` adds a line: whole, or not at all.
struct StepFile: ~Copyable {
    private let path: String
    private let descriptor: Int32
    private let step: String
    private let labels: [String: String]

    /// The file that the options name, opened before anything is measured; nil if they name none.
    static func named(by options: Options) throws(Failure) -> StepFile? {
        guard let path = options["--record"] else {
            for name in ["--step", "--label"] where options[name] != nil {
                throw Failure(.usage, "option \(name) is for --record")
            }
            return nil
        }
        guard let step = options["--step"], !step.isEmpty else {
            throw Failure(.usage, "option --record wants --step, the name of what is measured")
        }
        var labels: [String: String] = [:]
        for text in options.all("--label") {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw Failure(.usage, "option --label: \(text) is not KEY=VALUE")
            }
            labels[String(parts[0])] = String(parts[1])
        }
        return try StepFile(path: path, step: step, labels: labels)
    }

    private init(path: String, step: String, labels: [String: String]) throws(Failure) {
        let isNew = !Files.exists(path)
        (self.path, self.step, self.labels) = (path, step, labels)
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure(.usage, "open \(path): \(errnoText())") }
        if isNew { try Files.syncFolder(of: path) }
        try refuseTornLine()
    }

    deinit { close(descriptor) }

    /// A last line without its end was cut off by whatever wrote it, and would spoil the next one.
    private func refuseTornLine() throws(Failure) {
        let size = lseek(descriptor, 0, SEEK_END)
        var last: UInt8 = 0
        guard size > 0, pread(descriptor, &last, 1, size - 1) == 1, last != 10 else { return }
        throw Failure(.configuration, "add to \(path): its last line has no end; was it cut off?")
    }

    /// Adds what was measured, and waits until the disk has it.
    func append(
        _ measurement: Measurement, of command: [String], _ ending: Child.Ending, in outcome: MeasuredCommand.Outcome
    ) throws(Failure) {
        let line: String
        do {
            line = try JSON(exactly: record(measurement, of: command, ending, in: outcome)).line + "\n"
        } catch {
            throw Failure(.dataMissing, "write \(path): \(error)")
        }
        // Steps may be measured side by side: each waits until the other's line is there.
        guard flock(descriptor, LOCK_EX) == 0 else { throw Failure(.dataMissing, "lock \(path): \(errnoText())") }
        let size = lseek(descriptor, 0, SEEK_END)
        guard write(line, to: descriptor), fsync(descriptor) == 0 else {
            let reason = errnoText()
            if size >= 0 { _ = ftruncate(descriptor, size) }
            throw Failure(.dataMissing, "write \(path): \(reason)")
        }
    }

    private func record(
        _ measurement: Measurement, of command: [String], _ ending: Child.Ending, in outcome: MeasuredCommand.Outcome
    ) -> StepRecord {
        let window = outcome.window
        let facts = AgentFacts(outcome.page)
        let isCounted = window.source != "none"
        let node = NodeUse(window)
        let times = WindowDocument(window)
        func joules(_ microjoules: UInt64) -> Double? { isCounted ? Ratio.joules(microjoules).value : nil }
        return StepRecord(
            step: step, command: command, start: times.start, end: times.end, exit: ending.code,
            joules: joules(measurement.microjoules), nodeJ: joules(node.total), nodeIdleJ: joules(node.idle),
            cpuS: Ratio.seconds(measurement.cpuMicroseconds).value,
            wallS: Ratio.seconds(measurement.wallMicroseconds).value, node: facts.node, source: window.source,
            resets: window.resets, agentVersion: facts.version, kernel: AgentFacts.kernel, labels: labels)
    }
}

/// What an agent's page says of the agent and its node.
struct AgentFacts {
    /// The node's name; nil if no series has it.
    let node: String?
    /// The agent's version.
    let version: String?

    init(_ page: String) {
        let scrape = try? Scrape(page)
        node = scrape?.samples.lazy.compactMap { $0.labels["node_name"] }.first
        version = scrape?.series(named: "brahe_build_info").first?.labels["version"]
    }

    /// This machine's kernel, as `uname -r` says it.
    static var kernel: String? {
        var names = utsname()
        guard uname(&names) == 0 else { return nil }
        return withUnsafeBytes(of: names.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

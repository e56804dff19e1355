package import Course
internal import Documents
internal import Glibc
package import Host

/// Says which step a run is at, how long it takes, what it waits for and why.
package final class Progress {
    /// For whom.
    package enum Format: Equatable, Sendable {
        /// One line that is written over and over; so many columns wide.
        case terminal(columns: Int)
        /// Lines, for a log.
        case plain
        /// One JSON object a line.
        case json
    }

    private let format: Format
    private let out: (String) -> Void
    private let elapsed: () -> Int64
    private let now: () -> Moment
    private let summary: String?
    private var step: Step?
    private var began: Int64 = 0
    private var reason = ""
    /// What stands in the terminal's line.
    private var drawn = ""
    /// What was last said of the reason, and when.
    private var said = (reason: "", at: Int64(0))
    /// In a log a reason that changes is said this often at most, and one that does not this many times as seldom.
    private let pace: Int64 = 5000
    private let seldom: Int64 = 12

    /// `summary` is the file that gets a table of the steps at the end, GITHUB_STEP_SUMMARY's.
    package init(
        _ format: Format, time: Timepiece = .real, summary: String? = nil,
        out: @escaping (String) -> Void = { write($0, to: STDERR_FILENO) }
    ) {
        self.format = format
        self.out = out
        self.summary = summary
        elapsed = time.elapsed
        now = time.now
    }

    /// What suits stderr and the environment, or what `--log-format` asks for: `json`, `plain` or `terminal`.
    package static func usual(format name: String?) throws(Failure) -> Progress {
        var size = winsize()
        let isTerminal = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0
        let columns = size.ws_col > 20 ? Int(size.ws_col) : 80
        let format: Format =
            switch name {
            case nil: isTerminal ? .terminal(columns: columns) : .plain
            case "terminal": .terminal(columns: columns)
            case "plain": .plain
            case "json": .json
            default: throw Failure(.usage, "option --log-format: \(name ?? "") is none of json, plain and terminal")
            }
        return Progress(format, summary: Environment.stepSummary)
    }

    package func begin(_ step: Step) {
        self.step = step
        began = elapsed()
        reason = ""
        drawn = ""
        said = ("", elapsed())
        switch format {
        case .terminal: draw()
        case .plain: out("\(head): begun\n")
        case .json: event("begin")
        }
    }

    /// What the step waits for and why.
    package func waits(for what: String) {
        reason = what.split(whereSeparator: \.isNewline).joined(separator: " ")
        refresh()
    }

    /// Draws the line anew if it changed, or says again what is waited for if that is due.
    package func refresh() {
        guard step != nil else { return }
        if case .terminal = format { return draw() }
        let since = elapsed() - said.at
        let isNews = reason != said.reason
        guard !reason.isEmpty, (isNews && (said.reason.isEmpty || since >= pace)) || since >= pace * seldom else {
            return
        }
        said = (reason, elapsed())
        if format == .json {
            event("wait", ["waits_for": .string(reason)])
        } else {
            out("\(head): waits for \(reason) (\(duration))\n")
        }
    }

    package func done() { close("done", "done in \(duration)") }
    package func failed(_ message: String) { close("failed", "failed after \(duration): \(message)", message) }

    /// A line about the run that belongs to no step.
    package func say(_ line: String) {
        switch format {
        case .terminal:
            out("\(Self.anew)brahe: \(line)\n")
            drawn = ""
            if step != nil { draw() }
        case .plain: out("brahe: \(line)\n")
        case .json: event("message", ["message": .string(line)])
        }
    }

    /// The end of all: the table of steps, for who wants it.
    package func end(_ journal: Journal, run: String) {
        guard let summary else { return }
        do {
            try Files.append(journal.summary(of: run), to: summary)
        } catch {
            say(error.message)
        }
    }

    private func close(_ word: String, _ text: String, _ message: String? = nil) {
        switch format {
        case .terminal: out("\(Self.anew)\(head): \(text)\n")
        case .plain: out("\(head): \(text)\n")
        case .json: event(word, message.map { ["message": .string($0)] } ?? [:])
        }
        step = nil
    }

    private func event(_ word: String, _ more: [String: JSON] = [:]) {
        var members: [String: JSON] = ["at": .string(now().description), "event": .string(word)]
        if let step {
            members["step"] = .string(step.rawValue)
            members["number"] = .integer(Int64(step.number))
            members["of"] = .integer(Int64(Step.allCases.count))
            members["seconds"] = .number(Double(elapsed() - began) / 1000)
        }
        out(JSON.object(members.merging(more) { $1 }).line + "\n")
    }

    private func draw() {
        guard case .terminal(let columns) = format else { return }
        let text = "\(head): \(duration)" + (reason.isEmpty ? "" : ", waits for \(reason)")
        // A line that wraps could not be written over.
        let line = text.count < columns ? text : String(text.prefix(columns - 2)) + "…"
        guard line != drawn else { return }
        drawn = line
        out(Self.anew + drawn)
    }

    private var head: String { step.map { "[\($0.number)/\(Step.allCases.count)] \($0.rawValue)" } ?? "" }
    private var duration: String { Span(milliseconds: elapsed() - began).description }
    /// To the line's start, and away with what is there.
    private static let anew = "\r\u{1b}[K"
}

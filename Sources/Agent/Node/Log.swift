import Glibc

/// What the agent says while it runs: one line each, to standard error, for what happens once or seldom. What
/// happens at every sample is counted on the page instead.
package enum Log {
    /// How much a line matters.
    package enum Level: String, CaseIterable, Comparable, Sendable {
        case debug, info, warn, error

        /// Orders by how much it matters.
        package static func < (a: Level, b: Level) -> Bool { a.rank < b.rank }

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// How a line is written.
    package enum Format: String, CaseIterable, Sendable {
        /// `time=… level=info msg="…" key=value`
        case logfmt
        /// `{"time":"…","level":"info","msg":"…","key":"value"}`
        case json
    }

    /// One more thing that a line tells.
    package typealias Field = (key: String, value: String)

    // The agent has one thread, and both are set before anything is logged.
    nonisolated(unsafe) private static var level = Level.info
    nonisolated(unsafe) private static var format = Format.logfmt

    /// Sets, once at start, what is written from now on and how.
    package static func start(level: Level, format: Format) {
        self.level = level
        self.format = format
    }

    /// Something for those who look for a fault.
    package static func debug(_ message: String, _ fields: Field...) { write(.debug, message, fields) }
    /// Something that is as it should be.
    package static func info(_ message: String, _ fields: Field...) { write(.info, message, fields) }
    /// Something that is missing or wrong, and that the agent does without.
    package static func warn(_ message: String, _ fields: Field...) { write(.warn, message, fields) }
    /// Something that failed.
    package static func error(_ message: String, _ fields: Field...) { write(.error, message, fields) }

    private static func write(_ level: Level, _ message: String, _ fields: [Field]) {
        guard level >= self.level else { return }
        write(line(level, message, fields, at: Clock.unix, format))
    }

    /// Writes the last words of a program that cannot go on: one plain line in every format, for whoever started it.
    package static func fatal(_ message: String) { write("brahe-agent: \(message)") }

    /// A single write, so that lines never interleave. The corresponding C function is `write`.
    private static func write(_ line: String) {
        var line = line + "\n"
        line.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// A line without its end; `time` is in nanoseconds since 1970.
    package static func line(
        _ level: Level, _ message: String, _ fields: [Field], at time: UInt64, _ format: Format
    ) -> String {
        switch format {
        case .logfmt:
            var line = "time=\(timestamp(time)) level=\(level.rawValue) msg=\(quoted(message))"
            for field in fields { line += " \(field.key)=\(isPlain(field.value) ? field.value : quoted(field.value))" }
            return line
        case .json:
            var line = "{\"time\":\"\(timestamp(time))\",\"level\":\"\(level.rawValue)\",\"msg\":\(quoted(message))"
            for field in fields { line += ",\(quoted(field.key)):\(quoted(field.value))" }
            return line + "}"
        }
    }

    /// RFC 3339, in UTC and milliseconds. The corresponding C function is `gmtime_r`.
    private static func timestamp(_ nanoseconds: UInt64) -> String {
        var seconds = time_t(nanoseconds / 1_000_000_000)
        var date = tm()
        gmtime_r(&seconds, &date)
        func padded(_ number: Int32, _ digits: Int = 2) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
        }
        let day = "\(date.tm_year + 1900)-\(padded(date.tm_mon + 1))-\(padded(date.tm_mday))"
        let clock = "\(padded(date.tm_hour)):\(padded(date.tm_min)):\(padded(date.tm_sec))"
        return "\(day)T\(clock).\(padded(Int32(nanoseconds / 1_000_000 % 1000), 3))Z"
    }

    /// Whether a logfmt value needs no quotes.
    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f && !"\"=\\".utf8.contains($0) }
    }

    /// A JSON string (RFC 8259, section 7), which logfmt reads too.
    private static func quoted(_ text: String) -> String {
        let hexadecimal = Array("0123456789abcdef")
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                quoted += "\\u00\(hexadecimal[Int(scalar.value >> 4)])\(hexadecimal[Int(scalar.value & 15)])"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

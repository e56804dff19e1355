import Documents
import Host

/// An option that a command knows.
struct Option: Sendable {
    /// Its name with the two dashes.
    let name: String
    /// What its value is called in the help; nil for a flag.
    let value: String?
    /// One line of help.
    let help: String
}

/// The options and operands of one call.
struct Options {
    private var values: [String: [String]] = [:]
    /// What is no option, in order; everything behind `--` is.
    private(set) var operands: [String] = []

    /// Sorts the arguments; throws a usage failure for an option that is not known or lacks its value.
    init(_ arguments: some Sequence<String>, known: [Option]) throws(Failure) {
        var rest = Array(arguments)[...]
        while let argument = rest.popFirst() {
            guard argument != "--" else { break }
            guard argument.hasPrefix("-"), argument != "-" else {
                operands.append(argument)
                continue
            }
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let name = parts[0] == "-h" ? "--help" : parts[0]
            guard let option = known.first(where: { $0.name == name }) else {
                throw Failure(.usage, "unknown option \(name); see brahe --help")
            }
            guard option.value != nil else {
                guard parts.count == 1 else { throw Failure(.usage, "option \(name) takes no value") }
                values[name, default: []].append("")
                continue
            }
            guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
                throw Failure(.usage, "option \(name) wants a value")
            }
            values[name, default: []].append(value)
        }
        operands += rest
    }

    /// The option's value, the last one if it was given twice; empty for a flag, nil if it was not given.
    subscript(name: String) -> String? { values[name]?.last }

    /// All values of an option that may be given several times, in order.
    func all(_ name: String) -> [String] { values[name] ?? [] }

    /// The same call with this one value of an option instead of all that were given; with nil, without the option.
    func replacing(_ name: String, with value: String?) -> Options {
        var changed = self
        changed.values[name] = value.map { [$0] }
        return changed
    }

    /// A number that is finite and not negative, in the unit that the option's help says.
    func number(_ name: String) throws(Failure) -> Double? {
        guard let text = self[name] else { return nil }
        guard let number = Double(text), number >= 0, number <= 1e9 else {
            throw Failure(.usage, "option \(name): \(text) is not a number from 0 to 1e9")
        }
        return number
    }

    /// A duration like `30s`, `2m`, `1h30m` or `500ms`, in milliseconds, of at least one.
    func milliseconds(_ name: String) throws(Failure) -> UInt32? {
        guard let given = try duration(name) else { return nil }
        guard let duration = UInt32(exactly: given), duration > 0 else { throw noDuration(name) }
        return duration
    }

    /// A duration like `30s`, `2m`, `1h30m`, `500ms` or `0s`, in milliseconds, of at most a month.
    func duration(_ name: String) throws(Failure) -> Int64? {
        guard let text = self[name] else { return nil }
        guard let total = Lengths.milliseconds(in: text), (0...2.7e9).contains(total) else { throw noDuration(name) }
        return Int64(total)
    }

    /// A moment: ISO 8601, a date (its beginning in UTC), or seconds of Unix time.
    func moment(_ name: String) throws(Failure) -> Moment? {
        guard let text = self[name] else { return nil }
        guard let moment = Self.moment(in: text) else {
            throw Failure(.usage, "option \(name): \(text) is no time like 2026-11-21T08:05:00Z or 1795248300")
        }
        return moment
    }

    /// A moment as `moment(_:)` reads it; nil if it is none, or not within some thousand years of now.
    static func moment(in text: String) -> Moment? {
        if let moment = Moment(text) ?? Moment(text + "T00:00:00Z") { return moment }
        guard let seconds = Double(text), abs(seconds) < 1e11 else { return nil }
        return Moment(milliseconds: Int64((seconds * 1000).rounded()))
    }

    private func noDuration(_ name: String) -> Failure {
        Failure(.usage, "option \(name): \(self[name] ?? "") is not a duration like 30s, 2m or 500ms")
    }
}

/// The command line: a command and the options given on it.
struct CommandLineReader {
    /// What to do.
    private(set) var command = Options.Command.run
    /// What was given, in order.
    private(set) var given: [Given] = []

    /// Reads `--name value` and `--name=value`.
    init(_ arguments: [String]) throws(Options.Malformed) {
        let options = Option.all
        var rest = arguments[...]
        if rest.first == "config" {
            command = .config
            rest.removeFirst()
        }
        while let argument = rest.popFirst() {
            switch argument {
            case "--help", "-h": command = .help
            case "--version": if command != .help { command = .version }
            default:
                let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts[0].hasPrefix("--"), let option = options.first(where: { $0.name == parts[0].dropFirst(2) })
                else {
                    let hint = KeplerNames.hint(flag: String(parts[0])) ?? ""
                    throw Options.Malformed(description: "unknown option \(argument)\(hint), see --help")
                }
                guard let value = parts.count > 1 ? String(parts[1]) : rest.popFirst() else {
                    throw Options.Malformed(description: "option --\(option.name) needs a value, see --help")
                }
                given.append(Given(option: option, text: value, origin: .flag("--\(option.name)")))
            }
        }
    }
}

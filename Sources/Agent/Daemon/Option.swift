import Node

/// One option: what it is called, what it takes and what it means, for the command line, the environment, the
/// configuration file and the help alike.
struct Option {
    /// Its name in the configuration file; `--name` on the command line, `BRAHE_NAME` in the environment.
    let name: String
    /// What it takes, for the help.
    let takes: String
    /// Its default as text; nil where it has none.
    let standard: String?
    /// What it means, for the help; a line break where the help has one.
    let help: String
    /// What a good value is, for the error that names a bad one.
    let wanted: String
    /// Whether it may be given several times. Each text may then hold several values, separated by commas.
    let isList: Bool
    /// Reads a value into the options; whether it is a good one. The first value of a list replaces what was there.
    let set: (_ options: inout Options, _ text: String, _ isFirst: Bool) -> Bool

    /// The environment variable.
    var variable: String { "BRAHE_" + String(name.map { $0 == "-" ? "_" : Character($0.uppercased()) }) }

    /// What the option is where nobody says anything.
    func defaults(nodeName: String?) -> [Given] {
        if name == "node-name", let nodeName {
            return [Given(option: self, text: nodeName, origin: .variable("NODE_NAME"))]
        }
        let whole = standard.map { Given(option: self, text: $0, origin: .standard) }
        return isList ? whole?.items ?? [] : whole.map { [$0] } ?? []
    }

    /// An option that takes one value.
    static func one<Value>(
        _ name: String, _ takes: String, default standard: String?, _ help: String,
        into target: WritableKeyPath<Options, Value>, wanted: String, _ read: @escaping (String) -> Value?
    ) -> Option {
        Option(name: name, takes: takes, standard: standard, help: help, wanted: wanted, isList: false) {
            options, text, _ in
            guard let value = read(text) else { return false }
            options[keyPath: target] = value
            return true
        }
    }

    /// An option that takes one value or none.
    static func maybe<Value>(
        _ name: String, _ takes: String, _ help: String, into target: WritableKeyPath<Options, Value?>,
        wanted: String, _ read: @escaping (String) -> Value?
    ) -> Option {
        Option(name: name, takes: takes, standard: nil, help: help, wanted: wanted, isList: false) {
            options, text, _ in
            guard let value = read(text) else { return false }
            options[keyPath: target] = value
            return true
        }
    }

    /// An option that is one of a few words.
    static func choice<Value: RawRepresentable & CaseIterable>(
        _ name: String, default standard: String, _ help: String, into target: WritableKeyPath<Options, Value>
    ) -> Option where Value.RawValue == String {
        let words = Value.allCases.map(\.rawValue)
        return one(
            name, words.joined(separator: "|"), default: standard, help, into: target, wanted: Read.list(words, "or"),
            Value.init(rawValue:))
    }

    /// An option that is on or off.
    static func onOff(
        _ name: String, default standard: String, _ help: String, into target: WritableKeyPath<Options, Bool>
    ) -> Option {
        one(name, "on|off", default: standard, help, into: target, wanted: "on or off") {
            $0 == "on" ? true : $0 == "off" ? false : nil
        }
    }

    /// An option that takes some of a few names.
    static func some<Members: NamedSet>(
        _ name: String, default standard: [String], _ help: String, into target: WritableKeyPath<Options, Members>
    ) -> Option where Members.Element == Members {
        let words = Members.names.map(\.name)
        return Option(
            name: name, takes: words.joined(separator: ","), standard: standard.joined(separator: ","), help: help,
            wanted: Read.list(words, "or"), isList: true
        ) { options, text, isFirst in
            guard let member = Members(name: text) else { return false }
            options[keyPath: target] = isFirst ? member : options[keyPath: target].union(member)
            return true
        }
    }

    /// An option that takes any number of values.
    static func many<Value>(
        _ name: String, _ takes: String, default standard: String?, _ help: String,
        into target: WritableKeyPath<Options, [Value]>, wanted: String, _ read: @escaping (String) -> Value?
    ) -> Option {
        Option(name: name, takes: takes, standard: standard, help: help, wanted: wanted, isList: true) {
            options, text, isFirst in
            guard let value = read(text) else { return false }
            options[keyPath: target] = (isFirst ? [] : options[keyPath: target]) + [value]
            return true
        }
    }
}

import Attribution
import Node

/// What the agent was asked to do: by its command line, its environment and its configuration file, in that order of
/// precedence. `Option.all` says what each option is called and means, and its default.
struct Options {
    /// Why the options make no sense, in one line.
    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    /// What to do with the options.
    enum Command { case run, help, version, config }

    /// Which energy source was asked for.
    enum Source: String, CaseIterable { case auto, powercap, estimator }

    /// A zone's idle power, given instead of learned.
    struct IdleWatts: Equatable {
        /// The zone's name as in `--idle-watts`: `package-0`, `dram-1`, `package-0-die-1`, `psys`.
        let zone: String
        let microwatts: UInt64
    }

    private(set) var command = Command.run
    /// Where each value came from, in the order of `Option.all`.
    private(set) var settings: [Setting] = []

    // What they are before the defaults of `Option.all` are read does not matter.
    var sysfs = ""
    var cgroup: String?
    var cgroupHierarchy = Hierarchy.Choice.auto
    /// Nanoseconds between samples.
    var interval: UInt64 = 0
    var source = Source.auto
    var zones: ZoneKinds = []
    var estimatorIdleMicrowatts: UInt64 = 0
    var estimatorBusyMicrowatts: UInt64 = 0
    var idle = IdlePolicy.none
    var idleWatts: [IdleWatts] = []
    var compat: Generations = []
    var levels: Levels = []
    var cgroups = false
    var cadvisor = false
    var created = false
    /// Nanoseconds that a container that is gone keeps its series.
    var retain: UInt64 = 0
    var retainMax = 0
    var nodeName = ""
    var podLogs = ""
    var kubelet: String?
    var kubeletTokenFile: String?
    var kubeletCAFile: String?
    /// Nanoseconds that a container's series waits for its name.
    var nameWait: UInt64 = 0
    var listen: [ListenAddress] = []
    var webConfig: String?
    var webPath = ""
    var logLevel = Log.Level.info
    var logFormat = Log.Format.logfmt

    /// Reads the configuration file, if one is named, then the environment, then the command line.
    init(arguments: [String], environment: (String) -> String?) throws(Malformed) {
        let flags = try CommandLineReader(arguments)
        command = flags.command
        if command == .help || command == .version { return }

        let nodeName = environment("NODE_NAME").flatMap { $0.isEmpty ? nil : $0 }
        let variables = Option.all.compactMap { option in
            environment(option.variable).map { Given(option: option, text: $0, origin: .variable(option.variable)) }
        }
        let path = (variables + flags.given).last { $0.option.name == Option.config.name }

        var settings: [Setting] = []
        for option in Option.all {
            settings.append(Setting(option: option, given: option.defaults(nodeName: nodeName)))
        }
        try apply(settings.flatMap(\.given), to: &settings)
        if let path { try apply(try ConfigurationFile.read(path.text, namedBy: path), to: &settings) }
        try apply(variables, to: &settings)
        try apply(flags.given, to: &settings)
        self.settings = settings
    }

    /// Applies one level of precedence: what it gives for an option replaces what lower levels gave.
    private mutating func apply(_ level: [Given], to settings: inout [Setting]) throws(Malformed) {
        for index in settings.indices {
            let option = settings[index].option
            var given: [Given] = []
            for one in level where one.option.name == option.name {
                for item in option.isList ? one.items : [one] {
                    guard option.set(&self, item.text, given.isEmpty) else { throw item.malformed }
                    // Of several values for what takes one, the last counts.
                    if !option.isList { given.removeAll() }
                    given.append(item)
                }
            }
            if !given.isEmpty { settings[index].given = given }
        }
    }
}

/// An option and the values that it has in the end.
struct Setting {
    let option: Option
    /// None where there is neither a value nor a default.
    var given: [Given]
}

/// One value for an option, and where it came from.
struct Given {
    /// Where a value came from.
    enum Origin: Equatable {
        case standard
        case file(String, line: Int)
        case variable(String)
        case flag(String)
    }

    let option: Option
    let text: String
    let origin: Origin

    /// The values that a list's text holds: separated by commas, without the space around them.
    var items: [Given] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { item in
            var item = item.drop { $0 == " " }
            while item.last == " " { item.removeLast() }
            return Given(option: option, text: String(item), origin: origin)
        }
    }

    /// The error for a value that the option does not take.
    var malformed: Options.Malformed {
        let place =
            switch origin {
            case .standard: "default of --\(option.name)"
            case .file(let path, let line): "\(path):\(line): \(option.name)"
            case .variable(let name), .flag(let name): name
            }
        return Options.Malformed(description: "\(place) \"\(text)\": not \(option.wanted)")
    }
}

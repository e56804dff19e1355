import Node

extension Options {
    /// The text of `--help`.
    static var help: String {
        var text = """
            usage: brahe-agent [OPTION…]
                   brahe-agent config [OPTION…]   prints the effective configuration, and where each value came from

            Measures the CPU time of every cgroup, divides each RAPL zone's energy among them, and serves both to Prometheus.

            """
        for group in Option.groups {
            text += "\n\(group.heading):\n"
            for option in group.options { text += describe(option) }
        }
        text += """

            --help, --version

            Each option is also an environment variable (--sysfs is BRAHE_SYSFS, --estimator-idle-watts is
            BRAHE_ESTIMATOR_IDLE_WATTS) and a key of the configuration file (sysfs, estimator-idle-watts). The command line
            comes before the environment, the environment before the file, the file before the default.
            What is marked * may be given several times, or as a list: with commas, or as a YAML sequence. What a list has on
            the command line takes the place of what it has in the environment or the file.

            exit codes: 0 ended by SIGTERM or SIGINT, 2 options, 3 the kernel, the hardware or a permission, 4 port in use
            """
        return text
    }

    private static func describe(_ option: Option) -> String {
        var lines = option.help.split(separator: "\n").map { "      \($0)" }
        if let standard = option.standard {
            let shown = " (default \(standard))"
            if let last = lines.last, last.count + shown.count <= 120 {
                lines[lines.count - 1] += shown
            } else {
                lines.append("     \(shown)")
            }
        }
        let mark = option.isList ? " *" : ""
        return "  --\(option.name) \(option.takes)\(mark)\n" + lines.map { $0 + "\n" }.joined()
    }

    /// The effective configuration as a file that `--config` takes, with where each value came from.
    var effective: String {
        let version = NodeFacts.currentVersion
        var text = "# The effective configuration of brahe-agent \(version). It can be used with --config.\n"
        for setting in settings where setting.option.name != Option.config.name {
            let name = setting.option.name
            guard let first = setting.given.first else {
                text += "# \(name): \(setting.option.takes)  # not set\n"
                continue
            }
            guard setting.option.isList else {
                text += "\(name): \(Self.scalar(first.text))  # \(first.origin)\n"
                continue
            }
            text += "\(name):\n"
            for given in setting.given { text += "  - \(Self.scalar(given.text))  # \(given.origin)\n" }
        }
        return text
    }

    /// A YAML scalar that is read back as the same text.
    private static func scalar(_ text: String) -> String {
        let ends = text.utf8.first.map { isWord($0) } == true && text.utf8.last.map { isWord($0) } == true
        return ends && text.utf8.allSatisfy { isWord($0) || "._-=:,".utf8.contains($0) } ? text : quoted(text)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        // Bit 5 is the case of a letter.
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "/")
    }

    /// Escaped are what YAML escapes and what it takes for the end of a line (YAML 1.1, 5.4 and 5.7).
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22, 0x5c: quoted += "\\\(scalar)"
            case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029, 0xfeff:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension Given.Origin: CustomStringConvertible {
    /// Where a value came from, on one line.
    var description: String {
        let text =
            switch self {
            case .standard: "default"
            case .file(let path, let line): "\(path):\(line)"
            case .variable(let name): "variable \(name)"
            case .flag(let name): "flag \(name)"
            }
        return String(text.map { $0.isNewline ? "?" : $0 })
    }
}

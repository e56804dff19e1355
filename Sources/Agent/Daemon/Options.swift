import Glibc
import Node

/// What the agent was asked to do, on its command line or in its environment.
struct Options {
    /// Why the options make no sense, in one line.
    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    /// Which energy source was asked for.
    enum Source: String { case auto, powercap, estimator }

    var sysfs = "/sys"
    var cgroup: String?
    var interval: UInt64 = 1_000_000_000
    var listen = ListenAddress(host: "0.0.0.0", port: 9102)
    var source = Source.auto
    var idleMicrowatts = Estimator.idleMicrowatts
    var busyMicrowatts = Estimator.busyMicrowatts
    var wantsHelp = false
    var wantsVersion = false

    static let help = """
        usage: brahe-agent [OPTION…]

        Measures the CPU time of every cgroup, divides each RAPL zone's energy among them, and serves both to Prometheus.

          --sysfs PATH       where sysfs is mounted (default /sys); powercap is under it at class/powercap
          --cgroup PATH      where cgroup v2 is mounted (default: the first cgroup2 mount in /proc/self/mountinfo)
          --interval TIME    time between samples, 100ms to 60s (default 1s)
          --listen ADDR:PORT where to serve (default 0.0.0.0:9102; port 0 takes any free one)
          --source SOURCE    auto (default): RAPL where there is one, else CPU time alone, never an estimate
                             powercap: RAPL or nothing
                             estimator: an estimate from CPU time, marked as one everywhere
          --estimator-idle-watts W   power of one idle CPU (default 0.74)
          --estimator-busy-watts W   what a CPU draws beyond that while it works (default 2.76)
          --help, --version

        Each option is also an environment variable: --sysfs is BRAHE_SYSFS, --estimator-idle-watts is
        BRAHE_ESTIMATOR_IDLE_WATTS. The command line wins.

        exit codes: 0 ended by SIGTERM or SIGINT, 2 options, 3 the kernel, the hardware or a permission, 4 port in use
        """

    private static let names = [
        "sysfs", "cgroup", "interval", "listen", "source", "estimator-idle-watts", "estimator-busy-watts",
    ]

    /// Reads the environment, then the command line.
    init(arguments: [String], environment: (String) -> String?) throws(Malformed) {
        for name in Self.names {
            let variable = Self.variable(name)
            if let value = environment(variable) { try set(name, value, from: variable) }
        }
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--help", "-h": wantsHelp = true
            case "--version": wantsVersion = true
            default:
                let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let name = String(parts[0].dropFirst(2))
                guard parts[0].hasPrefix("--"), Self.names.contains(name) else {
                    throw Malformed(description: "unknown option \(argument), see --help")
                }
                guard let value = parts.count > 1 ? String(parts[1]) : rest.popFirst() else {
                    throw Malformed(description: "option --\(name) needs a value, see --help")
                }
                try set(name, value, from: "--\(name)")
            }
        }
    }

    private static func variable(_ name: String) -> String {
        "BRAHE_" + String(name.map { $0 == "-" ? "_" : Character($0.uppercased()) })
    }

    private mutating func set(_ name: String, _ value: String, from origin: String) throws(Malformed) {
        func malformed(_ wanted: String) -> Malformed {
            Malformed(description: "\(origin) \"\(value)\": not \(wanted)")
        }
        switch name {
        case "sysfs": sysfs = value
        case "cgroup": cgroup = value
        case "interval":
            guard let time = Self.nanoseconds(value), (100_000_000...60_000_000_000).contains(time) else {
                throw malformed("a time between 100ms and 60s, such as 1s or 250ms")
            }
            interval = time
        case "listen":
            guard let address = ListenAddress(value) else {
                throw malformed("an address and port, such as 0.0.0.0:9102 or [::1]:9102")
            }
            listen = address
        case "source":
            guard let named = Source(rawValue: value) else { throw malformed("auto, powercap or estimator") }
            source = named
        default:
            guard let watts = Self.decimal(value[...]), watts <= 10_000 else {
                throw malformed("watts between 0 and 10000")
            }
            let microwatts = UInt64((watts * 1e6).rounded())
            if name == "estimator-idle-watts" { idleMicrowatts = microwatts } else { busyMicrowatts = microwatts }
        }
        if value.isEmpty { throw malformed("a path") }
    }

    /// Reads `1s`, `250ms`, `1.5s`, `1m`.
    private static func nanoseconds(_ text: String) -> UInt64? {
        for (unit, size) in [("ms", 1e6), ("s", 1e9), ("m", 60e9)] where text.hasSuffix(unit) {
            guard let number = decimal(text.dropLast(unit.count)), number < 1e6 else { return nil }
            return UInt64((number * size).rounded())
        }
        return nil
    }

    /// Reads a number as people write one: digits, and a point if need be. `Double` alone takes `0x1` and `inf` too.
    private static func decimal(_ text: Substring) -> Double? {
        guard text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Double(text)
    }
}

internal import Documents

/// What one command used, all cgroups at and below its own counted.
public struct Measurement: Sendable {
    /// What to call the command in a table.
    public let name: String
    /// Its energy in the zones that make up a node, in microjoules.
    public let microjoules: UInt64
    /// Its CPU time, in microseconds.
    public let cpuMicroseconds: UInt64
    /// From its start to its end, in microseconds.
    public let wallMicroseconds: UInt64
    /// False if the agent has no series of its cgroup, so that the zeros above are no findings.
    public let seen: Bool
    private let window: Window
    private let node: NodeUse

    /// The part of the window that belongs to the cgroup, a path below the cgroup2 root with its leading slash.
    public init(name: String, cgroup: String, wallMicroseconds: UInt64, window: Window) {
        func within(_ labels: [String: String]) -> Bool {
            guard let path = labels["path"] else { return false }
            return path == cgroup || path.hasPrefix(cgroup + "/")
        }
        let cpuTime = "brahe_cgroup_cpu_seconds_total"
        self.name = name
        self.wallMicroseconds = wallMicroseconds
        self.window = window
        node = NodeUse(window)
        microjoules = window.sum(named: "brahe_cgroup_joules_total") {
            within($0) && NodeUse.parts.contains($0["zone", default: ""])
        }
        cpuMicroseconds = window.sum(named: cpuTime, where: within)
        seen = window.increases(named: cpuTime).contains { within($0.labels) }
    }

    /// Mean power over the command's wall time.
    public var watts: Ratio { Ratio(microjoules, per: wallMicroseconds) }

    /// Part of the node's energy in the window.
    public var share: Ratio { Ratio(microjoules, per: node.total) }

    /// One quantity per line, and the notes below; joules are `-` if the agent has no source of them.
    public var text: String {
        let counted = window.source != "none"
        var table = Table(headings: [name])
        func line(_ quantity: String, _ ratio: Ratio, _ decimals: Int, _ unit: String, known: Bool) {
            table.append(["  " + quantity, known ? ratio.text(decimals: decimals) : "-", unit])
        }
        line("energy", .joules(microjoules), 3, "J", known: counted)
        line("", .wattHours(microjoules), 6, "Wh", known: counted)
        line("mean power", watts, 3, "W", known: counted)
        line("CPU time", .seconds(cpuMicroseconds), 3, "s", known: true)
        line("wall time", .seconds(wallMicroseconds), 3, "s", known: true)
        table.append(["  share of node", counted ? share.percent : "-"])
        return table.text + notes.map { "note: \($0)\n" }.joined()
    }

    private var notes: [String] {
        seen ? window.notes : window.notes + ["the agent saw no CPU time of this command."]
    }

    /// Several commands of one window side by side, the node's total and idle energy below them.
    public static func text(_ measurements: [Measurement], window: Window) -> String {
        let node = NodeUse(window)
        var table = Table(headings: ["CGROUP", "CPU s", "JOULES", "WATTS", "SHARE"])
        for measurement in measurements {
            table.append(
                [measurement.name, Ratio.seconds(measurement.cpuMicroseconds).text(decimals: 3)]
                    + window.cells(microjoules: measurement.microjoules, node: node))
        }
        table.append(["node total", ""] + window.cells(microjoules: node.total, node: node))
        table.append(["node idle", ""] + window.cells(microjoules: node.idle, node: node))
        return table.text + window.notes.map { "note: \($0)\n" }.joined()
    }
}

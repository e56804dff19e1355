import FoundationEssentials
import Host
import Review

/// An energy in JSON: `{"joules": 1.5, "microjoules": 1500000, "watts": 0.05, "share": 0.12}`.
///
/// `microjoules` is exact and `joules` is it for reading; `watts` is the mean over the window, or over a command's
/// wall time; `share` is the part of the node's total, from 0 to 1.
struct EnergyDocument: Encodable {
    let joules: Double
    let microjoules: UInt64
    let watts: Double
    let share: Double

    /// Nil if the agent has no source of energy: an unknown energy is absent, not 0.
    init?(_ microjoules: UInt64, over microseconds: UInt64, node: NodeUse, source: String) {
        guard source != "none" else { return nil }
        joules = Ratio.joules(microjoules).value
        self.microjoules = microjoules
        watts = Ratio(microjoules, per: microseconds).value
        share = Ratio(microjoules, per: node.total).value
    }
}

/// A window in JSON: `start` and `end` in ISO 8601, `seconds`, the agent's energy `source`, and `resets`.
struct WindowDocument: Encodable {
    let start: String
    let end: String
    let seconds: Double
    let source: String
    let resets: Int

    init(_ window: Window) {
        start = Self.date(window.start)
        end = Self.date(window.end)
        seconds = Ratio.seconds(window.microseconds).value
        source = window.source
        resets = window.resets
    }

    private static func date(_ microseconds: UInt64) -> String {
        Date(timeIntervalSince1970: Ratio.seconds(microseconds).value)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}

/// What `brahe measure --json` writes.
///
/// `{"command": [...], "exit": 0, "wall_seconds", "cpu_seconds", "window": {...}, "energy": {...}}`; `energy`
/// is absent if the agent has no source of it.
struct MeasurementDocument: Encodable {
    let command: [String]
    let exit: Int32?
    let wallSeconds: Double
    let cpuSeconds: Double
    let window: WindowDocument
    let energy: EnergyDocument?

    init(_ measurement: Measurement, of command: [String], in outcome: MeasuredCommand.Outcome) {
        self.command = command
        exit = outcome.endings.first?.code
        wallSeconds = Ratio.seconds(measurement.wallMicroseconds).value
        cpuSeconds = Ratio.seconds(measurement.cpuMicroseconds).value
        window = WindowDocument(outcome.window)
        energy =
            EnergyDocument(
                measurement.microjoules, over: measurement.wallMicroseconds, node: NodeUse(outcome.window),
                source: outcome.window.source)
    }
}

/// What `brahe report --json` writes.
///
/// `{"window": {...}, "node": {"total", "idle", "dynamic", "zones": {NAME: ...}}, "containers": [...], "pods": [...],
/// "cgroups": [...], "vanished": [LABELS]}`. Each row is `{"labels": {NAME: VALUE}, "energy": {...}, "cpu_seconds"}`;
/// rows come by falling energy, and energies are absent if the agent has no source of them. `vanished` are the containers and cgroups that left the page in the window.
struct ReportDocument: Encodable {
    struct Node: Encodable {
        let total: EnergyDocument?
        let idle: EnergyDocument?
        let dynamic: EnergyDocument?
        let zones: [String: EnergyDocument]
    }

    struct Row: Encodable {
        let labels: [String: String]
        let energy: EnergyDocument?
        let cpuSeconds: Double
    }

    let window: WindowDocument
    let node: Node
    let containers: [Row]
    let pods: [Row]
    let cgroups: [Row]
    let vanished: [String]

    init(_ report: Report) {
        func energy(_ microjoules: UInt64) -> EnergyDocument? {
            EnergyDocument(
                microjoules, over: report.window.microseconds, node: report.node, source: report.window.source)
        }
        func rows(_ rows: [Report.Row]) -> [Row] {
            rows.map { row in
                Row(
                    labels: row.labels, energy: energy(row.microjoules),
                    cpuSeconds: Ratio.seconds(row.cpuMicroseconds).value)
            }
        }
        window = WindowDocument(report.window)
        node = Node(
            total: energy(report.node.total), idle: energy(report.node.idle), dynamic: energy(report.node.dynamic),
            zones: report.node.zones.compactMapValues(energy))
        containers = rows(report.containers)
        pods = rows(report.pods)
        cgroups = rows(report.cgroups)
        vanished = report.window.vanishedNames
    }
}

extension Encodable {
    /// The document as indented JSON with a newline at the end.
    func json() throws(Failure) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        do {
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        } catch {
            throw Failure(.dataMissing, "write the result as JSON: \(error)")
        }
    }
}

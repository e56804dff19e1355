internal import Documents
package import Host
package import Review

/// An energy in JSON: `{"joules": 1.5, "microjoules": 1500000, "watts": 0.05, "share": 0.12}`.
///
/// `microjoules` is exact and `joules` is it for reading; `watts` is the mean over the window, or over a command's
/// wall time; `share` is the part of the node's total, from 0 to 1.
package struct EnergyDocument: Encodable {
    package let joules: Double
    package let microjoules: UInt64
    package let watts: Double
    package let share: Double

    /// Nil if the agent has no source of energy: an unknown energy is absent, not 0.
    package init?(_ microjoules: UInt64, over microseconds: UInt64, node: NodeUse, source: String) {
        guard source != "none" else { return nil }
        joules = Ratio.joules(microjoules).value
        self.microjoules = microjoules
        watts = Ratio(microjoules, per: microseconds).value
        share = Ratio(microjoules, per: node.total).value
    }
}

/// A window in JSON: `start` and `end` in ISO 8601, `seconds`, the agent's energy `source`, and `resets`.
package struct WindowDocument: Encodable {
    package let start: String
    package let end: String
    package let seconds: Double
    package let source: String
    package let resets: Int

    package init(_ window: Window) {
        start = Self.date(window.start)
        end = Self.date(window.end)
        seconds = Ratio.seconds(window.microseconds).value
        source = window.source
        resets = window.resets
    }

    private static func date(_ microseconds: UInt64) -> String {
        Moment(milliseconds: Int64(clamping: microseconds / 1000)).description
    }
}

/// What `brahe report --json` writes.
///
/// `{"window": {...}, "node": {"total", "idle", "dynamic", "zones": {NAME: ...}}, "containers": [...], "pods": [...],
/// "cgroups": [...], "vanished": [LABELS]}`. Each row is `{"labels": {NAME: VALUE}, "energy": {...}, "cpu_seconds"}`;
/// rows come by falling energy, and energies are absent if the agent has no source of them. `vanished` are the containers and cgroups that left the page in the window.
package struct ReportDocument: Encodable {
    package struct Node: Encodable {
        package let total: EnergyDocument?
        package let idle: EnergyDocument?
        package let dynamic: EnergyDocument?
        package let zones: [String: EnergyDocument]
    }

    package struct Row: Encodable {
        package let labels: [String: String]
        package let energy: EnergyDocument?
        package let cpuSeconds: Double
    }

    package let window: WindowDocument
    package let node: Node
    package let containers: [Row]
    package let pods: [Row]
    package let cgroups: [Row]
    package let vanished: [String]

    package init(_ report: Report) {
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
    package func json() throws(Failure) -> String {
        do {
            return try JSON(of: self).page
        } catch {
            throw Failure(.dataMissing, "write the result as JSON: \(error)")
        }
    }
}

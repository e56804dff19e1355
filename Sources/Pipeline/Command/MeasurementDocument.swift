import Documents
import Host
import Review

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

    /// The document as indented JSON with a newline at the end.
    func page() throws(Failure) -> String {
        do {
            return try JSON(of: self).page
        } catch {
            throw Failure(.dataMissing, "write the result as JSON: \(error)")
        }
    }
}

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
        Moment(milliseconds: Int64(clamping: microseconds / 1000)).description
    }
}

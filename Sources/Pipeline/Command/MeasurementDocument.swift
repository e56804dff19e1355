import Host
import Reports
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
}

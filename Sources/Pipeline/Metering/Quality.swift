/// How well a phase was sampled.
package struct Quality: Equatable, Codable, Sendable {
    /// How many scrapes of all sources there should have been in the phase, and how many there were.
    package var expected = 0
    package var found = 0
    /// The longest time without a scrape that touches the phase, in milliseconds.
    package var largestGap: Int64 = 0
    /// The usual time between two scrapes, in milliseconds.
    package var interval: Int64 = 0
    /// Counters that began anew.
    package var resets = 0
    /// Series that began, and that ended, in the phase.
    package var births = 0
    package var deaths = 0
    /// The part of the energy that lies between samples of which one is outside the phase, from 0 to 1.
    package var interpolated = 0.0
    /// Increments left out because no platform draws so much.
    package var implausible = 0

    package init() {}

    /// The part of the scrapes that were found, from 0 to 1.
    package var coverage: Double { expected == 0 ? 0 : min(Double(found) / Double(expected), 1) }
}

package import Documents

/// The carbon intensity of electricity in the hours to come.
package struct Forecast: Equatable, Sendable {
    /// In the order of time, without overlap; between them nothing is known.
    package var slots: [Intensities.Slot] { intensities.slots }
    private let intensities: Intensities

    /// Reads what `Intensities` reads.
    package init(parsing text: String) throws(Misread) {
        intensities = try Intensities(parsing: text)
    }

    /// When to start, and the mean intensity then.
    package struct Choice: Equatable, Sendable {
        package let start: Moment
        package let intensity: Double
    }

    /// The start within the window with the lowest mean over the duration, both in milliseconds; the earliest of equal
    /// ones. Nil if the forecast covers no start.
    package func best(from earliest: Moment, within window: Int64, lasting duration: Int64) -> Choice? {
        let latest = earliest + window
        // The mean changes evenly between the starts at which one end meets a slot's edge: the lowest is at one of them.
        let edges = slots.flatMap { [$0.start, $0.end] }
        let starts = [earliest, latest] + edges + edges.map { $0 + -duration }
        var best: Choice?
        for start in starts.sorted() where start >= earliest && start <= latest {
            guard let mean = intensities.mean(from: start, lasting: duration) else { continue }
            // Means of one and the same value differ in their last digits.
            if let known = best, mean > known.intensity - 1e-9 { continue }
            best = Choice(start: start, intensity: mean)
        }
        return best
    }
}

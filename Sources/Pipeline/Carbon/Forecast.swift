package import Documents

/// The carbon intensity of electricity in the hours to come, in grams of CO2 equivalent per kilowatt-hour.
package struct Forecast: Equatable, Sendable {
    /// A time in which the intensity is one value.
    package struct Slot: Equatable, Sendable {
        package let start: Moment
        package let end: Moment
        package let intensity: Double
    }

    /// In the order of time, without overlap; between them nothing is known.
    package let slots: [Slot]

    /// Grams per kilowatt-hour in a pound per megawatt-hour; the pound is exact by definition.
    private static let gramsPerPound = 0.45359237

    /// Reads Electricity Maps' answer, WattTime's, or `[{"datetime", "carbonIntensity"}]`.
    ///
    /// A value holds until the next one; the last one for as long as the one before. A missing intensity is a gap, and
    /// so is one that is not above 0, which is what others write where they know nothing.
    package init(parsing text: String) throws(Misread) {
        let document = try Field.document(text)
        let list: Field
        var (time, value, scale) = ("datetime", "carbonIntensity", 1.0)
        if case .array = document.value {
            list = document
        } else if document["meta"]["units"].given != nil {
            let units = try document["meta"]["units"].string()
            guard units == "lbs_co2_per_mwh" else {
                throw Misread("meta.units", "\(units) is not lbs_co2_per_mwh, and a rank is no intensity")
            }
            (list, time, value, scale) = (document["data"], "point_time", "value", Self.gramsPerPound)
        } else {
            list = document["forecast"].given ?? document["data"].given ?? document["history"]
        }
        var points: [(start: Moment, intensity: Double?)] = []
        for element in try list.elements() {
            let date = try element[time].string()
            guard let start = Moment(date) else { throw Misread(element[time].path, "\(date) is no date") }
            let number = try element[value].given?.number(in: -1e6...1e6)
            points.append((start, number.flatMap { $0 > 0 ? $0 * scale : nil }))
        }
        points.sort { $0.start < $1.start }
        var slots: [Slot] = []
        for (index, point) in points.enumerated() {
            let end: Moment
            if index + 1 < points.count {
                end = points[index + 1].start
            } else if index > 0 {
                end = point.start + (point.start - points[index - 1].start)
            } else {
                end = point.start + 3_600_000
            }
            if let intensity = point.intensity, end > point.start {
                slots.append(Slot(start: point.start, end: end, intensity: intensity))
            }
        }
        guard !slots.isEmpty else { throw Misread(list.path, "has no intensity at all") }
        self.slots = slots
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
            guard let mean = mean(from: start, lasting: duration) else { continue }
            // Means of one and the same value differ in their last digits.
            if let known = best, mean > known.intensity - 1e-9 { continue }
            best = Choice(start: start, intensity: mean)
        }
        return best
    }

    /// The mean intensity over a time; nil if some of it is not known.
    private func mean(from start: Moment, lasting duration: Int64) -> Double? {
        let end = start + max(duration, 1)
        var known: Int64 = 0
        var sum = 0.0
        for slot in slots where slot.end > start && slot.start < end {
            let part = min(slot.end, end) - max(slot.start, start)
            known += part
            sum += slot.intensity * Double(part)
        }
        return known == end - start ? sum / Double(known) : nil
    }
}

package import Documents

/// The carbon intensity of electricity over time as someone published it, in grams of CO2 equivalent per kilowatt-hour.
package struct Intensities: Equatable, Sendable {
    /// What the grams are of: all plants that run, or the plant that would answer for one watt more. The two say different
    /// things and are never mixed.
    package enum Kind: String, CaseIterable, Codable, Sendable {
        case average, marginal
    }

    /// A time in which the intensity is one value.
    package struct Slot: Equatable, Sendable {
        package let start: Moment
        package let end: Moment
        package let intensity: Double
        /// Whether who published it says that it was estimated and not measured.
        package let estimated: Bool

        package init(start: Moment, end: Moment, intensity: Double, estimated: Bool = false) {
            self.start = start
            self.end = end
            self.intensity = intensity
            self.estimated = estimated
        }
    }

    /// In the order of time, without overlap; between them nothing is known.
    package let slots: [Slot]
    /// As the document says; nil where it does not.
    package let kind: Kind?
    /// Of which zone or region, if the document says.
    package let region: String?
    /// `lifecycle` or `direct`, as Electricity Maps calls what is counted; nil where the document does not say.
    package let factorType: String?
    /// The date of the model that made it, if the document says.
    package let model: String?

    /// Intensities from whatever has been read.
    ///
    /// A value holds until the next one, but not longer than `limit` milliseconds if that is given; the last one for as
    /// long as the one before, or an hour where it is the only one. A missing value is a gap, and so is one that is not
    /// above 0, which is what others write where they know nothing. Throws if no value is left, and if two values of one
    /// time differ.
    init(
        points given: [Point], at path: String, limit: Int64? = nil, kind: Kind? = nil, region: String? = nil,
        factorType: String? = nil, model: String? = nil
    ) throws(Misread) {
        var points: [Point] = []
        for point in given.sorted(by: { $0.start < $1.start }) {
            if let last = points.last, last.start == point.start {
                guard last.intensity == point.intensity else {
                    throw Misread(path, "has two values at \(point.start)")
                }
                continue
            }
            points.append(point)
        }
        var slots: [Slot] = []
        var length: Int64 = 3_600_000
        for (index, point) in points.enumerated() {
            if index + 1 < points.count { length = points[index + 1].start - point.start }
            if let limit { length = min(length, limit) }
            if let intensity = point.intensity, intensity > 0 {
                slots.append(
                    Slot(
                        start: point.start, end: point.start + length, intensity: intensity,
                        estimated: point.estimated))
            }
        }
        guard !slots.isEmpty else { throw Misread(path, "has no intensity at all") }
        self.slots = slots
        self.kind = kind
        self.region = region
        self.factorType = factorType
        self.model = model
    }

    /// One value, as it was read.
    struct Point {
        let start: Moment
        let intensity: Double?
        var estimated = false
    }

    /// The mean intensity over a time in milliseconds; nil if some of it is not known.
    package func mean(from start: Moment, lasting duration: Int64) -> Double? {
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

extension Intensities {
    /// These, and where they say nothing, what others of the same kind say.
    package func filled(by other: Intensities) -> Intensities {
        guard other.kind == kind, other.factorType == factorType else { return self }
        var slots = slots
        for slot in other.slots {
            var start = slot.start
            for known in self.slots where known.end > start && known.start < slot.end {
                if known.start > start {
                    slots.append(
                        Slot(start: start, end: known.start, intensity: slot.intensity, estimated: slot.estimated))
                }
                start = known.end
            }
            if start < slot.end {
                slots.append(Slot(start: start, end: slot.end, intensity: slot.intensity, estimated: slot.estimated))
            }
        }
        return Intensities(
            slots: slots.sorted { $0.start < $1.start }, kind: kind, region: region, factorType: factorType,
            model: model)
    }

    private init(slots: [Slot], kind: Kind?, region: String?, factorType: String?, model: String?) {
        self.slots = slots
        self.kind = kind
        self.region = region
        self.factorType = factorType
        self.model = model
    }
}

package import Documents

/// The carbon intensity over one window, without a gap, and where it comes from.
package struct AppliedIntensity: Codable, Equatable, Sendable {
    /// A part of the window, in ISO 8601, and its value in gCO2eq/kWh.
    package struct Slice: Codable, Equatable, Sendable {
        package let start: String
        package let end: String
        package let value: Double
        /// Whether who published it says that it was estimated.
        package let estimated: Bool
        /// Whether the source had nothing, and the fallback's value was taken.
        package let fallback: Bool
    }

    package let region: String
    package let kind: Intensities.Kind
    package let source: String
    package let revision: String
    /// What is counted: `lifecycle` or `direct`, as far as it is known.
    package let factorType: String?
    /// In the order of time; each begins where the one before ends.
    package let slices: [Slice]
    /// Where the fallback's values come from, if any was taken.
    package let fallbackSource: String?

    private enum CodingKeys: String, CodingKey {
        case region, kind, source, revision, slices
        case factorType = "factor_type"
        case fallbackSource = "fallback_source"
    }

    /// What a yearly table or a fixed value says; throws if the factors ask for another source, and if the table does not
    /// have the region.
    package init(_ factors: Factors, from start: Moment, to end: Moment) throws(Misread) {
        try self.init(factors, intensities: nil, revision: nil, from: start, to: end)
    }

    /// What the source of the factors says over a window.
    ///
    /// - Parameters:
    ///   - intensities: what a file or a service said; nil for a table and a fixed value.
    ///   - revision: of a service, what makes it known again, like its version; a file's is in the factors.
    /// - Throws: `Misread` if the kind is not the one that was asked for, or if there is a gap and no fallback.
    package init(
        _ factors: Factors, intensities: Intensities?, revision: String?, from start: Moment, to end: Moment
    ) throws(Misread) {
        let asked = factors.intensity
        let origin = try Self.origin(asked, region: factors.region)
        if let kind = intensities?.kind, let expected = asked.expected, kind != expected {
            throw Misread("intensity", "\(expected.rawValue) was asked for, and it is \(kind.rawValue)")
        }
        guard let kind = asked.expected ?? intensities?.kind else {
            throw Misread("intensity.kind", "is missing; it is average or marginal")
        }
        let fallback = try asked.fallback.map { source throws(Misread) in
            try Self.origin(source, region: factors.region)
        }
        var slices: [Slice] = []
        var edge = start
        func fill(to next: Moment) throws(Misread) {
            guard next > edge else { return }
            let slice: Slice
            if let value = origin.value {
                slice = Slice(start: "\(edge)", end: "\(next)", value: value, estimated: false, fallback: false)
            } else if let value = fallback?.value {
                slice = Slice(start: "\(edge)", end: "\(next)", value: value, estimated: false, fallback: true)
            } else {
                throw Misread(
                    "intensity", "\(origin.name) says nothing for \(edge) to \(next), and there is no fallback")
            }
            slices.append(slice)
            edge = next
        }
        for slot in intensities?.slots ?? [] where slot.end > start && slot.start < end {
            try fill(to: max(slot.start, start))
            let next = min(slot.end, end)
            slices.append(
                Slice(
                    start: "\(edge)", end: "\(next)", value: slot.intensity, estimated: slot.estimated,
                    fallback: false))
            edge = next
        }
        try fill(to: end)
        guard !slices.isEmpty else { throw Misread("intensity", "the window is empty") }
        region = factors.region
        self.kind = kind
        source = origin.name
        self.revision = [origin.revision, revision, intensities?.model].compactMap { $0 }.joined(separator: ", ")
        factorType = intensities?.factorType
        self.slices = slices
        fallbackSource = slices.contains(where: \.fallback) ? fallback.map { "\($0.name), \($0.revision ?? "")" } : nil
    }

    /// Who says it, in words; and the one value, of a table and a fixed value.
    private static func origin(_ source: IntensitySource, region: String) throws(Misread) -> (
        name: String, revision: String?, value: Double?
    ) {
        switch source.source {
        case .table:
            guard let dataset = source.dataset else { throw Misread("intensity.dataset", "is missing") }
            let table = try YearlyTable(dataset)
            let value = try table.value(of: region, in: source.year)
            return ("\(table.name), \(value.name) \(value.year) (\(table.licence))", table.revision, value.intensity)
        case .fixed, .file: return (source.name ?? "", source.revision, source.value)
        case .electricityMaps: return ("Electricity Maps", nil, nil)
        case .watttime: return ("WattTime", nil, nil)
        }
    }
}

internal import Documents

/// Where the carbon intensity of a run comes from.
///
///     {"source": "table", "dataset": "ember", "year": 2024}
///     {"source": "fixed", "value": 78.81, "kind": "average", "name": "co2.js, France", "revision": "2023"}
///     {"source": "file", "path": "intensities.json", "kind": "average", "name": "...", "revision": "..."}
///     {"source": "electricity-maps", "token_file": "..."}
///     {"source": "watttime", "token_file": "..."}
///
/// Each may have a `fallback`, a table or a fixed value of the same kind, for the times that it does not tell of. SCI 1.1
/// counts what the grid emits where the machine stands, so `accounting` may only be `location-based`: neither offsets
/// nor certificates.
package struct IntensitySource: Codable, Equatable, Sendable {
    package enum Source: String, CaseIterable, Codable, Sendable {
        case table, fixed, file, watttime
        case electricityMaps = "electricity-maps"
    }

    package let source: Source
    /// Of a table.
    package private(set) var dataset: YearlyTable.Dataset?
    /// Of a table; nil means its latest.
    package private(set) var year: Int?
    /// Of a fixed value, in gCO2eq/kWh.
    package private(set) var value: Double?
    /// Of a fixed value and of a file.
    package private(set) var kind: Intensities.Kind?
    package private(set) var name: String?
    package private(set) var revision: String?
    /// Of a file.
    package private(set) var path: String?
    /// Of a service: another address than its own.
    package private(set) var url: String?
    /// Of a service: where its token, or the user's name and password, is kept; it is written nowhere else.
    package private(set) var tokenFile: String?
    /// A table or a fixed value, as an array of one or none.
    private var fallbacks: [IntensitySource] = []

    /// What is taken for the times that the source does not tell of; nil makes such a time an error.
    package var fallback: IntensitySource? { fallbacks.first }

    /// Whether its values are average or marginal; nil for a file that is to say so itself.
    package var expected: Intensities.Kind? {
        switch source {
        case .table, .electricityMaps: .average
        case .watttime: .marginal
        case .fixed, .file: kind
        }
    }

    private enum CodingKeys: String, CodingKey {
        case source, dataset, year, value, kind, name, revision, path, url
        case fallbacks = "fallback"
    }
}

extension IntensitySource {
    init(_ field: Field, warnings: inout [String]) throws(Misread) {
        guard let source = Source(rawValue: try field["source"].string()) else {
            throw field["source"].wrong(Source.allCases.map(\.rawValue).sorted().joined(separator: ", "))
        }
        self.source = source
        let own: [Source: [String]] = [
            .table: ["dataset", "year"], .fixed: ["value", "kind", "name", "revision"],
            .file: ["path", "kind", "name", "revision"], .electricityMaps: ["url", "token_file"],
            .watttime: ["url", "token_file"],
        ]
        let given = try field.object(
            knowing: ["source", "fallback", "accounting"] + own[source, default: []], warnings: &warnings)
        if let accounting = try given["accounting"].given?.string(), accounting != "location-based" {
            throw Misread(given["accounting"].path, "\(accounting) factors have no place in SCI; it is location-based")
        }
        switch source {
        case .table:
            guard let dataset = YearlyTable.Dataset(rawValue: try given["dataset"].string()) else {
                throw given["dataset"].wrong("ember or electricity-maps")
            }
            self.dataset = dataset
            year = try given["year"].given.map { year throws(Misread) in Int(try year.integer(in: 1900...2200)) }
        case .fixed:
            value = try given["value"].number(in: Double.leastNonzeroMagnitude...1e6)
            (kind, name, revision) = (try Self.kind(given), try given["name"].string(), try given["revision"].string())
        case .file:
            path = try given["path"].string()
            (kind, name, revision) = (try Self.kind(given), try given["name"].string(), try given["revision"].string())
        case .electricityMaps, .watttime:
            url = try given["url"].given?.string()
            tokenFile = try given["token_file"].given?.string()
        }
        if let other = given["fallback"].given {
            let fallback = try IntensitySource(other, warnings: &warnings)
            guard [.table, .fixed].contains(fallback.source), fallback.fallback == nil else {
                throw Misread(other.path, "is neither a table nor a fixed value")
            }
            guard fallback.expected == expected else {
                throw Misread(other.path, "average and marginal intensities are not mixed")
            }
            fallbacks = [fallback]
        }
    }

    private static func kind(_ field: Field) throws(Misread) -> Intensities.Kind {
        guard let kind = Intensities.Kind(rawValue: try field["kind"].string()) else {
            throw field["kind"].wrong("average or marginal")
        }
        return kind
    }
}

package import Documents

/// A bundled table of yearly averages by country or zone, in gCO2eq/kWh.
package struct YearlyTable: Sendable {
    /// What the table is called in a document of factors.
    package enum Dataset: String, CaseIterable, Codable, Sendable {
        /// By country, the latest year known.
        case ember
        /// By zone of Electricity Maps, several years.
        case electricityMaps = "electricity-maps"
    }

    /// One value, with the year it is of.
    package struct Value: Equatable, Sendable {
        /// The region's name in words.
        package let name: String
        package let year: Int
        package let intensity: Double
    }

    /// Its name, and who made it, in words.
    package let name: String
    package let revision: String
    package let licence: String
    private let values: [String: [Value]]

    /// The table of that name.
    package init(_ dataset: Dataset) throws(Misread) {
        let bytes =
            switch dataset {
            case .ember: PackageResources.ember_csv
            case .electricityMaps: PackageResources.electricitymaps_csv
            }
        try self.init(parsing: String(decoding: bytes, as: UTF8.self))
    }

    /// Reads lines of `region,name,year,value,year,value...`; comments say `# name:`, `# revision:` and `# licence:`.
    package init(parsing text: String) throws(Misread) {
        var remarks: [Substring: String] = [:]
        var values: [String: [Value]] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("# "), let colon = line.firstIndex(of: ":") {
                remarks[line[..<colon].dropFirst(2)] = String(line[colon...].dropFirst(2))
            }
            guard !line.hasPrefix("#"), !line.isEmpty else { continue }
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            guard cells.count >= 4, cells.count.isMultiple(of: 2) else {
                throw Misread("line \(index + 1)", "is not region, name, and years with their values")
            }
            for place in stride(from: 2, to: cells.count - 1, by: 2) {
                guard let year = Int(cells[place]), let intensity = Double(cells[place + 1]), intensity.isFinite else {
                    throw Misread("line \(index + 1)", "\(cells[place]),\(cells[place + 1]) is no year with its value")
                }
                values[String(cells[0]), default: []].append(
                    Value(name: String(cells[1]), year: year, intensity: intensity))
            }
        }
        guard let name = remarks["name"], let revision = remarks["revision"], let licence = remarks["licence"] else {
            throw Misread("", "says neither name, revision nor licence")
        }
        self.name = name
        self.revision = revision
        self.licence = licence
        self.values = values
    }

    /// All regions.
    package var regions: [String] { values.keys.sorted() }

    /// The value of a region, given by its code or its name, in a year; in the latest one if none is given.
    ///
    /// Throws if the region or the year is not there, and if the value is 0, which means that nobody knows it.
    package func value(of region: String, in year: Int? = nil) throws(Misread) -> Value {
        let namesakes = values.filter { $0.value.first?.name == region }
        guard values[region] != nil || namesakes.count < 2 else {
            let codes = namesakes.keys.sorted().joined(separator: ", ")
            throw Misread("region", "\(region) is the name of \(codes) in the table \(name)")
        }
        let known = values[region] ?? namesakes.first?.value ?? []
        guard let latest = known.max(by: { $0.year < $1.year }) else {
            let alike = values.keys.filter { !region.isEmpty && $0.hasPrefix(region) }.sorted().prefix(5)
            let hint = alike.isEmpty ? "" : "; it has \(alike.joined(separator: ", "))"
            throw Misread("region", "\(region) is not in the table \(name)\(hint)")
        }
        guard let value = year.map({ year in known.first { $0.year == year } }) ?? latest else {
            let years = known.map { String($0.year) }.joined(separator: ", ")
            throw Misread("year", "the table \(name) has \(region) for \(years) only")
        }
        guard value.intensity > 0 else {
            throw Misread("region", "the table \(name) has no value for \(region) in \(value.year)")
        }
        return value
    }
}

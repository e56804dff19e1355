package import Documents

extension Intensities {
    /// Grams per kilowatt-hour in a pound per megawatt-hour; the pound is exact by definition.
    private static let gramsPerPound = 0.45359237

    /// Reads what Electricity Maps or WattTime answers, `[{"datetime", "carbonIntensity"}]`, or CSV with these two columns.
    ///
    /// Electricity Maps: `GET /v3/carbon-intensity/{latest,history,past-range,forecast}` and v4's `past-range`; the time of
    /// a value is `datetime`, never `updatedAt`. WattTime: `GET /v3/{historical,forecast}`, in pounds per megawatt-hour. A
    /// value of a service holds no longer than is usual in its answer, so a left-out hour is a gap; of a list of one's own
    /// it holds until the next.
    package init(parsing text: String) throws(Misread) {
        if let first = text.first(where: { !$0.isWhitespace }), first != "{", first != "[" {
            self = try Self.table(text)
            return
        }
        let document = try Field.document(text)
        if case .array = document.value {
            try self.init(points: Self.points(document), at: document.path)
        } else if document["meta"]["units"].given != nil {
            self = try Self.wattTime(document)
        } else {
            self = try Self.electricityMaps(document)
        }
    }

    private static func electricityMaps(_ document: Field) throws(Misread) -> Intensities {
        var list = document["forecast"].given ?? document["data"].given ?? document["history"]
        if list.given == nil, document["carbonIntensity"].given != nil {
            list = Field(path: "", value: .array([document.value]))
        }
        var types: Set<String> = []
        for element in try list.elements() {
            if let type = try element["emissionFactorType"].given?.string() { types.insert(type) }
        }
        guard types.count < 2 else {
            throw Misread(list.path, "mixes \(types.sorted().joined(separator: " and ")) factors")
        }
        let points = try points(list)
        return try Intensities(
            points: points, at: list.path, limit: usual(points), kind: .average,
            region: document["zone"].given?.string(), factorType: types.first)
    }

    private static func wattTime(_ document: Field) throws(Misread) -> Intensities {
        let units = try document["meta"]["units"].string()
        guard units == "lbs_co2_per_mwh" else {
            throw Misread("meta.units", "\(units) is not lbs_co2_per_mwh, and a rank is no intensity")
        }
        let signal = try document["meta"]["signal_type"].given?.string() ?? "co2_moer"
        guard let kind: Kind = ["co2_moer": .marginal, "co2_aoer": .average][signal] else {
            throw Misread("meta.signal_type", "\(signal) is neither co2_moer nor co2_aoer")
        }
        let points = try points(document["data"], time: "point_time", value: "value", scale: gramsPerPound)
        return try Intensities(
            points: points, at: "data", limit: usual(points), kind: kind,
            region: document["meta"]["region"].given?.string(),
            model: document["meta"]["model"]["date"].given?.string())
    }

    private static func points(
        _ list: Field, time: String = "datetime", value: String = "carbonIntensity", scale: Double = 1
    ) throws(Misread) -> [Point] {
        var points: [Point] = []
        for element in try list.elements() {
            let date = try element[time].string()
            guard let start = Moment(date) else { throw Misread(element[time].path, "\(date) is no date") }
            let number = try element[value].given?.number(in: -1e6...1e6)
            let estimated = try element["isEstimated"].given?.bool() ?? false
            points.append(Point(start: start, intensity: number.map { $0 * scale }, estimated: estimated))
        }
        return points
    }

    /// The time between most neighbours, the shortest of equally common ones; nil for less than two points.
    private static func usual(_ points: [Point]) -> Int64? {
        let times = points.map(\.start).sorted()
        var counts: [Int64: Int] = [:]
        for (one, other) in zip(times, times.dropFirst()) where other > one { counts[other - one, default: 0] += 1 }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }

    /// CSV whose first line names the columns, `datetime` and `carbonIntensity` among them; lines that begin with # and
    /// empty ones say nothing.
    private static func table(_ text: String) throws(Misread) -> Intensities {
        var columns: (time: Int, value: Int)?
        var points: [Point] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let place = "line \(index + 1)"
            guard !line.hasPrefix("#"), line.contains(where: { !$0.isWhitespace }) else { continue }
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(trimmed)
            guard let columns else {
                guard let time = cells.firstIndex(of: "datetime"), let value = cells.firstIndex(of: "carbonIntensity")
                else { throw Misread(place, "names no columns datetime and carbonIntensity, and is no JSON") }
                columns = (time, value)
                continue
            }
            guard cells.count > max(columns.time, columns.value) else { throw Misread(place, "has too few columns") }
            guard let start = Moment(cells[columns.time]) else {
                throw Misread(place, "\(cells[columns.time]) is no date")
            }
            let cell = cells[columns.value]
            let number = Double(cell)
            guard cell.isEmpty || number.map({ abs($0) <= 1e6 }) == true else {
                throw Misread(place, "\(cell) is no intensity")
            }
            points.append(Point(start: start, intensity: number))
        }
        return try Intensities(points: points, at: "")
    }

    private static func trimmed(_ cell: Substring) -> String {
        var cell = cell.drop { $0.isWhitespace || $0 == "\"" }
        while let last = cell.last, last.isWhitespace || last == "\"" { cell.removeLast() }
        return String(cell)
    }
}

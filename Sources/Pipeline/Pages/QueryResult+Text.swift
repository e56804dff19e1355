package import Documents
internal import Samples

/// A result in a unit: as a table, or as JSON.
extension QueryResult {
    /// How values are shown: each times a factor, with a unit behind it.
    package struct Shown: Sendable {
        package var factor = 1.0
        /// Empty if it is not known.
        package var unit = ""

        package init(factor: Double = 1, unit: String = "") {
            self.factor = factor
            self.unit = unit
        }

        /// A value with its unit: `394 mJ`, `NaN`.
        package func text(_ value: Double) -> String {
            let value = value * factor
            guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf" }
            let rounded = (value * 1e6).rounded() / 1e6
            let isTiny = abs(value) < 1 && value != 0
            var digits = abs(value) < 1e9 && !isTiny ? "\(rounded)" : "\(value)"
            if digits.hasSuffix(".0") { digits.removeLast(2) }
            return unit.isEmpty ? digits : "\(digits) \(unit)"
        }
    }

    /// A row for each series, the greatest value first: what tells it from the others, and its value; of a matrix the
    /// least, mean, greatest and last value. What all series have in common stands above.
    package func table(_ shown: Shown) -> String {
        if let text { return Self.line(text) + "\n" }
        guard !series.isEmpty else { return "no series\n" }
        let common = common
        let names = Set(series.map(\.name))
        let words =
            [names.count == 1 ? names.first ?? "" : ""] + common.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }
        let heading = Self.line(words.filter { !$0.isEmpty }.joined(separator: " "))
        let above = heading.isEmpty ? "" : heading + "\n"
        if type != "matrix", series.count == 1, let sample = series[0].samples.first {
            return above + shown.text(sample.value) + "\n"
        }
        let differing = differing(from: common)
        let isMatrix = type == "matrix"
        let first = names.count > 1 ? "metric" : differing.count == 1 ? differing[0] : "labels"
        var table = Table(
            headings: [first] + (isMatrix ? ["points", "least", "mean", "greatest", "last"] : ["value"]))
        for one in series.sorted(by: { Self.rank($0) > Self.rank($1) }) {
            let values = one.samples.map(\.value)
            let row =
                isMatrix
                ? ["\(values.count)"] + Self.summary(values).map { $0.map(shown.text) ?? "" }
                : values.prefix(1).map(shown.text)
            table.append([Self.line(title(of: one, differing, isNamed: names.count > 1))] + row)
        }
        return above + table.text
    }

    /// What tells each series from the others, in their order.
    package var titles: [String] {
        let differing = differing(from: common)
        let isNamed = Set(series.map(\.name)).count > 1
        return series.map { Self.line(title(of: $0, differing, isNamed: isNamed)) }
    }

    /// The labels that all series have with one value.
    private var common: [String: String] {
        series.dropFirst().reduce(series.first?.labels ?? [:]) { common, other in
            common.filter { other.labels[$0.key] == $0.value }
        }
    }

    private func differing(from common: [String: String]) -> [String] {
        Set(series.flatMap(\.labels.keys)).subtracting(common.keys).sorted()
    }

    private func title(of one: Series, _ differing: [String], isNamed: Bool) -> String {
        let words =
            differing.count == 1 && !isNamed
            ? [one.labels[differing[0]] ?? ""]
            : differing.compactMap { name in one.labels[name].map { "\(name)=\($0)" } }
        let title = ((isNamed ? [one.name] : []) + words).filter { !$0.isEmpty }.joined(separator: " ")
        return title.isEmpty ? (series.count == 1 ? "all" : "none of them") : title
    }

    /// Everything, for programs.
    package func json(query: String, _ shown: Shown) -> JSON {
        let result = series.map { one in
            var metric = one.labels.mapValues { JSON.string($0) }
            if !one.name.isEmpty { metric["__name__"] = .string(one.name) }
            let values = one.samples.map { sample -> JSON in
                ["time": .string(sample.moment.description), "value": .number(sample.value * shown.factor)]
            }
            return JSON.object(["metric": .object(metric), "values": .array(values)])
        }
        var members: [String: JSON] = [
            "query": .string(query), "type": .string(type), "result": .array(result),
            "notes": .array(notes.map { .string($0) }),
        ]
        members["unit"] = shown.unit.isEmpty ? .null : .string(shown.unit)
        if let text { members["text"] = .string(text) }
        return .object(members)
    }

    private static func rank(_ one: Series) -> Double {
        guard let value = one.samples.last?.value, !value.isNaN else { return -.infinity }
        return value
    }

    /// Least, mean, greatest and last of those that are numbers; none of a series without any.
    private static func summary(_ values: [Double]) -> [Double?] {
        let numbers = values.filter { !$0.isNaN }
        guard let least = numbers.min(), let greatest = numbers.max() else { return [nil, nil, nil, values.last] }
        return [least, numbers.reduce(0, +) / Double(numbers.count), greatest, values.last]
    }

    /// Text of others on one line, without what could steer a terminal.
    private static func line(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
    }
}

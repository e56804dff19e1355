package import Documents
internal import Exposition

extension Family {
    /// The families of a page in the text format 0.0.4 or in OpenMetrics, by their names; those without series are left out.
    ///
    /// `_created` series are left out, as prom2json leaves out what the protobuf format says of that. Throws at what is
    /// malformed, is there twice, or has a type that prom2json knows nothing of.
    package static func all(on page: String) throws(Misread) -> [Family] {
        let scrape: Scrape
        do {
            scrape = try Scrape(page)
        } catch {
            throw Misread("", error.description)
        }
        var reader = Reader(types: scrape.types, help: help(on: page), isOpenMetrics: isOpenMetrics(page))
        for series in scrape.samples { try reader.add(series) }
        return reader.families.values.sorted { $0.name < $1.name }
    }

    /// OpenMetrics pages end in a mark.
    private static func isOpenMetrics(_ page: String) -> Bool {
        page.utf8.split(separator: UInt8(ascii: "\n")).last.map { $0.elementsEqual("# EOF".utf8) } ?? false
    }

    /// The text of each `# HELP` line, by the name that stands there.
    private static func help(on page: String) -> [String: String] {
        var help: [String: String] = [:]
        for line in page.utf8.split(separator: UInt8(ascii: "\n")) {
            var rest = Substring(line)
            guard word(&rest) == "#", word(&rest) == "HELP" else { continue }
            let name = word(&rest)
            help[String(name)] = unescaped(rest)
        }
        return help
    }

    /// Takes the first word off a line, and the blanks around it.
    private static func word(_ line: inout Substring) -> Substring {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let word = line.utf8.drop(while: isBlank).prefix { !isBlank($0) }
        line = Substring(line.utf8[word.endIndex...].drop(while: isBlank))
        return Substring(word)
    }

    private static func unescaped(_ text: Substring) -> String {
        var isEscaped = false
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            if isEscaped {
                result.unicodeScalars.append(scalar == "n" ? "\n" : scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }
}

/// Puts series into families.
private struct Reader {
    /// A metric of a family, by what its parts have in common.
    private struct Place: Hashable {
        let family: String
        let labels: [String: String]
    }

    let types: [String: String]
    let help: [String: String]
    let isOpenMetrics: Bool
    var families: [String: Family] = [:]
    private var places: [Place: Int] = [:]

    init(types: [String: String], help: [String: String], isOpenMetrics: Bool) {
        self.types = types
        self.help = help
        self.isOpenMetrics = isOpenMetrics
    }

    mutating func add(_ series: Scrape.Series) throws(Misread) {
        let (declared, suffix) = declaration(of: series.name)
        if suffix == "_created" { return }
        let kind = try kind(of: declared)
        // A counter's name in the text format is that of its series; a histogram's parts go by the name declared.
        let isComposite = kind == .summary || kind == .histogram
        let name = isComposite ? declared : series.name
        var labels = series.labels
        let part = kind == .summary ? "quantile" : kind == .histogram ? "le" : nil
        let bound = part.flatMap { labels.removeValue(forKey: $0) }
        var family =
            families.removeValue(forKey: name) ?? Family(name: name, help: help[declared] ?? "", kind: kind)
        let place = Place(family: name, labels: labels)
        let index = isComposite ? places[place] ?? family.metrics.count : family.metrics.count
        if index == family.metrics.count { family.metrics.append(Family.Metric(labels: labels)) }
        places[place] = index
        family.metrics[index].timestamp = timestamp(series) ?? family.metrics[index].timestamp
        switch suffix {
        case "_count" where isComposite: family.metrics[index].count = try count(series)
        case "_sum" where isComposite: family.metrics[index].sum = series.value
        default:
            if let bound {
                guard let number = Double(bound) else {
                    throw Misread("", "\(part ?? "") \"\(bound)\" of \(series.name) is not a number")
                }
                family.metrics[index].parts[GoNumber.text(number)] =
                    kind == .summary ? GoNumber.text(series.value) : "\(try count(series))"
            } else {
                family.metrics[index].value = series.value
            }
        }
        families[name] = family
    }

    /// The name that a series' type was declared with, and what the series' own name has beyond it.
    private func declaration(of name: String) -> (name: String, suffix: String) {
        if types[name] != nil { return (name, "") }
        for suffix in ["_count", "_sum", "_bucket", "_total", "_created", "_info"] where name.hasSuffix(suffix) {
            let stem = String(name.dropLast(suffix.count))
            let has: [String] =
                switch types[stem]?.lowercased() {
                case "summary": ["_count", "_sum", "_created"]
                case "histogram": ["_count", "_sum", "_bucket", "_created"]
                case "counter" where isOpenMetrics: ["_total", "_created"]
                case "info" where isOpenMetrics: ["_info"]
                default: []
                }
            if has.contains(suffix), isOpenMetrics || suffix != "_created" { return (stem, suffix) }
        }
        return (name, "")
    }

    private func kind(of name: String) throws(Misread) -> Family.Kind {
        guard let type = types[name] else { return .untyped }
        if let kind = Family.Kind(rawValue: type.uppercased()) { return kind }
        switch type {
        case "unknown" where isOpenMetrics: return .untyped
        case "info" where isOpenMetrics, "stateset" where isOpenMetrics: return .gauge
        default: throw Misread("", "\(name) is of the type \(type), which prom2json does not have")
        }
    }

    private func timestamp(_ series: Scrape.Series) -> Int64? {
        series.timestamp.flatMap { Int64(exactly: (isOpenMetrics ? $0 * 1000 : $0).rounded()) }
    }

    private func count(_ series: Scrape.Series) throws(Misread) -> UInt64 {
        guard let count = UInt64(exactly: series.value.rounded(.towardZero)) else {
            throw Misread("", "\(GoNumber.text(series.value)) is no count of \(series.name)")
        }
        return count
    }
}

package import Documents

extension RunRecord {
    /// A table of runs, and below it why those that did not succeed did not.
    package static func table(_ records: [RunRecord]) -> String {
        var columns = Columns(["RUN", "STATUS", "PROJECT", "CONFIG", "VERSION", "|JOULES", "|WATTS", "|SCI"])
        for record in records {
            let energy = record.energy()
            columns.append([
                record.run, record.status, record.project ?? "-", record.configuration ?? "-", record.version ?? "-",
                energy.map { Decimal.text($0.joules, 3) } ?? "-", energy.map { Decimal.text($0.watts, 4) } ?? "-",
                record.sci.map { Decimal.text($0, 5) } ?? "-",
            ])
        }
        let notes = records.compactMap { record in
            record.reason.map { "\(record.run): \($0.split(whereSeparator: \.isNewline).joined(separator: "; "))\n" }
        }
        return columns.text + (notes.isEmpty ? "" : "\n" + notes.joined())
    }

    /// The record with the names that `run.json` has.
    package var json: JSON {
        func text(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }
        let scopes = energies.map { energy in
            JSON.object([
                "scope": .string(energy.scope), "gross_J": .number(energy.joules), "lower_J": .number(energy.lowerJ),
                "upper_J": .number(energy.upperJ), "mean_W": .number(energy.watts),
            ])
        }
        return .object([
            "run_id": .string(run), "status": .string(status), "reason": text(reason),
            "cncf_project": project == nil
                ? .null
                : .object([
                    "name": text(project), "org": text(organization), "config": text(configuration),
                    "version": text(version),
                ]),
            "start_time": text(start?.description), "end_time": text(end?.description), "primary": text(primary),
            "scopes": .array(scopes),
            "sci": sci.map { .object(["value": .number($0), "units": text(sciUnit)]) } ?? .null,
        ])
    }
}

/// Rows of text in aligned columns, those to the right whose heading begins with a bar.
struct Columns {
    private var rows: [[String]]
    private let isRight: [Bool]

    init(_ headings: [String]) {
        isRight = headings.map { $0.hasPrefix("|") }
        rows = [headings.map { $0.hasPrefix("|") ? String($0.dropFirst()) : $0 }]
    }

    /// A row with as many cells as there are headings.
    mutating func append(_ row: [String]) { rows.append(row) }

    /// Each row ended by a newline, columns two blanks apart.
    var text: String {
        let widths = isRight.indices.map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = zip(row, zip(widths, isRight)).map { cell, place in
                let padding = String(repeating: " ", count: place.0 - cell.count)
                return place.1 ? padding + cell : cell + padding
            }
            let line = cells.joined(separator: "  ")
            return line.reversed().drop { $0 == " " }.reversed().map(String.init).joined() + "\n"
        }.joined()
    }
}

/// Numbers with a fixed count of decimals.
enum Decimal {
    /// The number rounded to so many decimals; as it is if it is too large for that, and `-` if it is none.
    static func text(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return "-" }
        let scale = (0..<decimals).reduce(1.0) { product, _ in product * 10 }
        guard let units = Int64(exactly: (value.magnitude * scale).rounded()) else { return "\(value)" }
        let (whole, rest) = units.quotientAndRemainder(dividingBy: Int64(scale))
        let fraction = decimals > 0 ? ".\(String(Int64(scale) + rest).dropFirst())" : ""
        return (value < 0 && units > 0 ? "-" : "") + "\(whole)\(fraction)"
    }
}

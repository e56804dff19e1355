package import Course
package import Documents

extension RunStatus {
    /// A table of runs, and below it what is wrong with them and what can be done.
    package static func table(_ runs: [RunStatus], now: Moment) -> String {
        let rows = runs.map { run in
            let age = run.since.map { Span(milliseconds: now - $0).description } ?? "-"
            return [run.run, run.state, run.step?.rawValue ?? "-", age, run.leftInWords]
        }
        let table = aligned([["RUN", "STATE", "STEP", "SINCE", "LEFT"]] + rows)
        let notes = runs.compactMap { run in
            let words = [run.message, run.remedy].compactMap { $0 }
            return words.isEmpty ? nil : "\(run.run): \(words.joined(separator: "; "))\n"
        }
        return table + (notes.isEmpty ? "" : "\n" + notes.joined())
    }

    /// One run with every step that was begun.
    package func text(_ history: [(entry: Entry, outcome: String, milliseconds: Int64?)], now: Moment) -> String {
        let rows = history.map { begun in
            let spent = begun.milliseconds.map { Span(milliseconds: $0).description } ?? "-"
            return [begun.entry.step.rawValue, begun.entry.at.description, spent, begun.outcome]
        }
        return Self.table([self], now: now) + "\n" + Self.aligned([["STEP", "BEGUN", "TOOK", "OUTCOME"]] + rows)
    }

    private static func aligned(_ rows: [[String]]) -> String {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            let line = cells.joined(separator: "  ")
            return line.reversed().drop { $0 == " " }.reversed().map(String.init).joined() + "\n"
        }.joined()
    }
}

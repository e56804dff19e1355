/// Rows of text in aligned columns: the first column to the left, numbers to the right.
package struct Table: Sendable {
    private var rows: [[String]]

    /// An empty table below this row of headings.
    package init(headings: [String]) {
        rows = [headings]
    }

    /// Adds a row; cells beyond the headings widen the table.
    package mutating func append(_ row: [String]) {
        rows.append(row)
    }

    /// Whether there is no row but the headings.
    package var isEmpty: Bool { rows.count == 1 }

    /// All rows, each ended by a newline, columns two blanks apart; a row of one cell is a title and sets no width.
    package var text: String {
        let lines = rows.filter { $0.count > 1 }
        let widths = (0..<(lines.map(\.count).max() ?? 0)).map { column in
            lines.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            guard row.count > 1 else { return row.joined() + "\n" }
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + padding : padding + cell
            }
            return cells.joined(separator: "  ") + "\n"
        }.joined()
    }
}

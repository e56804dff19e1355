internal import Documents

/// A table before it becomes HTML, Markdown or text: the first column names the row.
struct Sheet: Equatable {
    /// A heading, and what stands below it.
    struct Column: Equatable {
        enum Kind { case words, number, prose }

        let heading: String
        let kind: Kind

        var numeric: Bool { kind == .number }

        /// Words, to the left.
        static func words(_ heading: String) -> Column { Column(heading: heading, kind: .words) }
        /// Numbers, to the right.
        static func number(_ heading: String) -> Column { Column(heading: heading, kind: .number) }
        /// Words that may take several lines.
        static func prose(_ heading: String) -> Column { Column(heading: heading, kind: .prose) }
    }

    let title: String
    private(set) var columns: [Column]
    private(set) var rows: [[String]]
    /// What was left out, or what the numbers mean; empty for nothing.
    var note: String

    init(_ title: String, _ columns: [Column], rows: [[String]], note: String = "") {
        self.title = title
        self.columns = columns
        self.rows = rows
        self.note = note
    }

    var isEmpty: Bool { rows.isEmpty }

    /// Without the column of that heading.
    func without(_ heading: String) -> Sheet {
        let kept = columns.indices.filter { columns[$0].heading != heading }
        return Sheet(
            title, kept.map { columns[$0] },
            rows: rows.map { row in kept.compactMap { row.indices.contains($0) ? row[$0] : nil } }, note: note)
    }

    /// Without the columns that are empty in every row, and with only so many rows.
    func trimmed(to limit: Int = .max) -> Sheet {
        let kept = columns.indices.filter { column in
            column == 0 || rows.contains { $0.indices.contains(column) && !$0[column].isEmpty }
        }
        var sheet = Sheet(
            title, kept.map { columns[$0] },
            rows: rows.prefix(limit).map { row in kept.map { row.indices.contains($0) ? row[$0] : "" } }, note: note)
        if rows.count > limit {
            let left = "\(rows.count - limit) more are left out here; run.json has all of them."
            sheet.note = note.isEmpty ? left : note + " " + left
        }
        return sheet
    }

    /// As a table that scrolls in its own box where the page is narrower; a caption that only repeats the heading above
    /// it is for those who do not see it.
    func markup(captioned: Bool = true) -> Markup {
        guard !isEmpty else { return .none }
        let head = columns.map { column in
            Markup.element("th", ["scope": "col", "class": column.numeric ? "n" : nil], text: column.heading)
        }
        let body = rows.map { row in
            Markup.element(
                "tr",
                zip(columns, row.enumerated()).map { column, cell in
                    cell.offset == 0
                        ? .element("th", ["scope": "row"], text: Plain.line(cell.element))
                        : .element(
                            "td", ["class": column.numeric ? "n" : column.kind == .prose ? "p" : nil],
                            text: Plain.line(cell.element))
                }) + .text("\n")
        }
        let table = Markup.element(
            "table", .element("caption", ["class": captioned ? nil : "unseen"], text: title),
            .element("thead", .element("tr", head)), .text("\n"),
            .element("tbody", body))
        let box = Markup.element(
            "div", ["class": "scroll", "role": "region", "tabindex": "0", "aria-label": Plain.line(title)], table)
        return note.isEmpty ? box : box + .text("\n") + .element("p", ["class": "note"], text: Plain.line(note))
    }

    /// As a table of GitHub's Markdown below its title.
    var markdown: String {
        guard !isEmpty else { return "" }
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
        let rule = columns.map { $0.numeric ? "---:" : "---" }
        let lines =
            [line(columns.map { Markdown.escaped($0.heading) }), line(rule)]
            + rows.map { line($0.map(Markdown.escaped)) }
        let below = note.isEmpty ? "" : "\n" + Markdown.escaped(note) + "\n"
        return "**\(Markdown.escaped(title))**\n\n" + lines.joined() + below + "\n"
    }

    /// As aligned columns for a terminal.
    var text: String {
        guard !isEmpty else { return "" }
        var table = Table(headings: columns.map { $0.heading.uppercased() })
        for row in rows {
            table.append(row.enumerated().map { Plain.shortened(Plain.line($1), to: $0 == 0 ? 56 : 64) })
        }
        let below = note.isEmpty ? "" : "  " + Plain.line(note) + "\n"
        return title.uppercased() + "\n" + table.text.split(separator: "\n").map { "  \($0)\n" }.joined() + below
    }
}

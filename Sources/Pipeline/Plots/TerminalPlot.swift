/// Lines over time in a terminal: dots of Braille, eight to a character.
package struct TerminalPlot: Sendable {
    /// One line.
    package struct Line: Sendable {
        package let name: String
        /// Seconds of Unix time, rising, and values; what is not finite is left out.
        package let points: [(time: Double, value: Double)]

        package init(name: String, points: [(time: Double, value: Double)]) {
            self.name = name
            self.points = points
        }
    }

    /// At most so many lines can be told apart.
    package static let limit = 6
    private static let colours = [36, 33, 35, 32, 34, 31]

    private let lines: [Line]
    private let unit: String
    private let isColoured: Bool

    /// A plot of lines whose values are of this unit, empty for a mere number; only the first `limit` lines are drawn.
    package init(_ lines: [Line], unit: String, isColoured: Bool) {
        self.lines = Array(lines.prefix(Self.limit))
        self.unit = unit
        self.isColoured = isColoured
    }

    /// The plot, at most so many characters wide, with the axes' labels and a legend; a point farther from the next than
    /// `gap` seconds is not joined to it.
    package func text(columns: Int, rows: Int = 16, gap: Double) -> String {
        let finite = lines.map { $0.points.filter { $0.value.isFinite && $0.time.isFinite } }
        let times = finite.flatMap { $0.map(\.time) }
        guard let start = times.min(), let end = times.max() else { return "nothing to plot\n" }
        let rows = max(rows, 4)
        let values = finite.flatMap { $0.map(\.value) }
        let height = Double(rows * 4 - 1)
        let plain = Scale(of: values, zero: true, from: height, to: 0)
        let ticks = Ticks(over: plain.domain, about: max(rows / 4, 2))
        let y = plain.widened(to: ticks)
        let labels = ticks.labels(unit)
        let margin = labels.map(\.count).max() ?? 0
        let width = max(columns - margin - 2, 8)
        let x = Scale(start, end, from: 0, to: Double(width * 2 - 1))
        var canvas = Canvas(width: width, height: rows)
        for (index, points) in finite.enumerated() {
            var last: (time: Double, value: Double)?
            for point in points {
                let from = last.flatMap { point.time - $0.time > gap ? nil : $0 } ?? point
                canvas.draw(
                    from: (x[from.time], y[from.value]), to: (x[point.time], y[point.value]), owner: index)
                last = point
            }
        }
        var marks: [Int: String] = [:]
        for (value, label) in zip(ticks.values, labels) { marks[Int((y[value] / 4).rounded(.down))] = label }
        var text = ""
        for row in 0..<rows {
            let mark = marks[row] ?? ""
            text += String(repeating: " ", count: margin - mark.count) + mark + (mark.isEmpty ? " │" : " ┤")
            text += canvas.row(row) { isColoured ? Self.colours[$0 % Self.colours.count] : nil } + "\n"
        }
        text += String(repeating: " ", count: margin + 1) + "└" + String(repeating: "─", count: width) + "\n"
        text += String(repeating: " ", count: margin + 2) + Self.axis(from: start, to: end, x, width: width) + "\n"
        if lines.count > 1 || lines.first?.name.isEmpty == false {
            for (index, line) in lines.enumerated() {
                let dot = isColoured ? "\u{1B}[\(Self.colours[index % Self.colours.count])m━\u{1B}[0m" : "━"
                text += String(repeating: " ", count: margin + 2) + "\(dot) \(Plain.line(line.name))\n"
            }
        }
        return text
    }

    /// The times below the plot, those left out that have no room, and in what time zone they are.
    private static func axis(from start: Double, to end: Double, _ x: Scale, width: Int) -> String {
        var axis = ""
        let ticks = TimeTicks(over: start...max(end, start + 1), atMost: max(width / 12, 2))
        for (time, label) in zip(ticks.values, ticks.labels) {
            let column = Int(x[time] / 2)
            guard axis.isEmpty || column > axis.count, column + label.count <= width - 4 else { continue }
            axis += String(repeating: " ", count: column - axis.count) + label
        }
        return axis + String(repeating: " ", count: max(width - axis.count - 3, 1)) + "UTC"
    }
}

/// Dots, two across and four down to a character.
private struct Canvas {
    private let width: Int
    private var dots: [UInt32]
    /// Whose dots a character shows: the last that drew there.
    private var owners: [Int?]
    private static let bits: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

    init(width: Int, height: Int) {
        self.width = width
        dots = Array(repeating: 0, count: width * height)
        owners = Array(repeating: nil, count: width * height)
    }

    mutating func draw(from: (x: Double, y: Double), to: (x: Double, y: Double), owner: Int) {
        let steps = max(abs(to.x - from.x), abs(to.y - from.y)).rounded(.up)
        for step in stride(from: 0, through: steps, by: 1) {
            let part = steps == 0 ? 0 : step / steps
            set(
                Int((from.x + (to.x - from.x) * part).rounded()), Int((from.y + (to.y - from.y) * part).rounded()),
                owner)
        }
    }

    private mutating func set(_ x: Int, _ y: Int, _ owner: Int) {
        let place = y / 4 * width + x / 2
        guard x >= 0, y >= 0, x / 2 < width, dots.indices.contains(place) else { return }
        dots[place] |= Self.bits[x % 2][y % 4]
        owners[place] = owner
    }

    /// A row of characters, each in the colour of its owner; nil for none.
    func row(_ row: Int, colour: (Int) -> Int?) -> String {
        var text = ""
        for place in row * width..<(row + 1) * width {
            let character =
                dots[place] == 0 ? " " : Unicode.Scalar(0x2800 + dots[place]).map { String(Character($0)) } ?? " "
            guard dots[place] != 0, let owner = owners[place], let colour = colour(owner) else {
                text += character
                continue
            }
            text += "\u{1B}[\(colour)m\(character)\u{1B}[0m"
        }
        return text
    }
}

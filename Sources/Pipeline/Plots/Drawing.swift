internal import Glibc

/// A picture as SVG: shapes and labels on a plane of fixed size that scales with its place.
///
/// All coordinates are finite, and no two labels overlap.
package struct Drawing: Equatable, Sendable {
    /// For readers that do not see it: what it is, and what it shows.
    let title: String
    let summary: String
    package let width: Double
    package private(set) var height: Double
    package private(set) var labels: [Label] = []
    private var shapes: [Markup] = []

    init(title: String, summary: String, width: Double, height: Double = 0) {
        self.title = title
        self.summary = summary
        self.width = width
        self.height = height
    }

    /// Makes the plane at least so high.
    mutating func extend(to height: Double) { self.height = max(self.height, height) }

    /// A coordinate with one decimal; what is not finite is 0.
    static func pixel(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let tenths = Int((min(max(value, -1e6), 1e6) * 10).rounded())
        let whole = "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10)"
        return tenths % 10 == 0 ? (tenths == 0 ? "0" : whole) : "\(whole).\(abs(tenths) % 10)"
    }

    /// Adds a label if no other is in its way and it lies on the plane as far as this is known; says whether.
    @discardableResult mutating func add(_ label: Label) -> Bool {
        let box = label.box
        let spaced = Box(left: box.left - 3, top: box.top, right: box.right + 3, bottom: box.bottom)
        guard !label.text.isEmpty, box.left >= -0.1, box.right <= width + 0.1, box.top >= 0,
            !labels.contains(where: { $0.box.overlaps(spaced) })
        else { return false }
        labels.append(label)
        extend(to: box.bottom)
        return true
    }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, style: String) {
        let ends = [x1, y1, x2, y2].map(Self.pixel)
        shapes.append(
            .element("line", ["x1": ends[0], "y1": ends[1], "x2": ends[2], "y2": ends[3], "class": style], []))
    }

    mutating func box(_ box: Box, style: String) {
        shapes.append(
            .element(
                "rect",
                [
                    "x": Self.pixel(box.left), "y": Self.pixel(box.top),
                    "width": Self.pixel(max(box.right - box.left, 0)),
                    "height": Self.pixel(max(box.bottom - box.top, 0)), "class": style,
                ], []))
    }

    mutating func dot(_ x: Double, _ y: Double, radius: Double, style: String, told: String? = nil) {
        let title = told.map { [Markup.element("title", text: Plain.line($0))] } ?? []
        shapes.append(
            .element(
                "circle", ["cx": Self.pixel(x), "cy": Self.pixel(y), "r": Self.pixel(radius), "class": style], title))
    }

    /// The instructions of a path; nothing is drawn of none.
    mutating func path(_ instructions: String, style: String) {
        guard !instructions.isEmpty else { return }
        shapes.append(.element("path", ["d": instructions, "class": style], []))
    }

    /// A line with a short bar at each end, to the right of it or upwards.
    mutating func whisker(x: ClosedRange<Double>, y: Double, style: String) {
        line(x.lowerBound, y, x.upperBound, y, style: style)
        for end in [x.lowerBound, x.upperBound] { line(end, y - 3.5, end, y + 3.5, style: style) }
    }
    mutating func whisker(x: Double, y: ClosedRange<Double>, style: String) {
        line(x, y.lowerBound, x, y.upperBound, style: style)
        for end in [y.lowerBound, y.upperBound] { line(x - 3.5, end, x + 3.5, end, style: style) }
    }

    /// As a part of a page, which has the styles; `place` is the class by which the page finds it.
    func markup(place: String? = nil) -> Markup {
        element(styles: .none, place: place)
    }

    /// As a file of its own, light or dark as its reader is.
    package var svg: String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + element(styles: .styles(Theme.colours) + .styles(Theme.plots), place: nil).source
    }

    private func element(styles: Markup, place: String?) -> Markup {
        let alone = styles != .none
        let edge = alone ? 10 : 0
        let paper = Markup.element(
            "rect",
            ["x": "-\(edge)", "y": "-\(edge)", "width": "100%", "height": "100%", "class": "paper"], [])
        let words = [Markup.element("title", text: Plain.line(title)), .element("desc", text: Plain.line(summary))]
        let parts = words + [styles] + (alone ? [paper] : []) + shapes + labels.map(\.markup)
        let (width, height) = (width + Double(2 * edge), (self.height + 6).rounded(.up) + Double(2 * edge))
        return .element(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "class": place.map { "plot \($0)" } ?? "plot", "role": "img",
                "viewBox": "\(-edge) \(-edge) \(Self.pixel(width)) \(Self.pixel(height))",
                "width": alone ? Self.pixel(width) : nil, "height": alone ? Self.pixel(height) : nil,
            ], .lines(parts)) + .text("\n")
    }
}

/// A picture of some numbers.
package protocol Plot {
    var drawing: Drawing { get }
}

extension Plot {
    /// As a file of its own.
    package var svg: String { drawing.svg }
}

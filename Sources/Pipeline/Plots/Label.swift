/// A rectangle of a drawing, in pixels; y grows downwards.
package struct Box: Equatable, Sendable {
    package let left: Double
    package let top: Double
    package let right: Double
    package let bottom: Double

    /// Whether the two share an inner point.
    package func overlaps(_ other: Box) -> Bool {
        left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }
}

/// A text in a drawing.
package struct Label: Equatable, Sendable {
    enum Anchor: String { case start, middle, end }

    package let text: String
    /// Where it is anchored, and its base line.
    let x: Double
    let y: Double
    let anchor: Anchor
    /// The name of its style; nil for the plain one.
    let style: String?

    init(_ text: String, x: Double, y: Double, anchor: Anchor = .start, style: String? = nil) {
        self.text = Plain.line(text)
        self.x = x
        self.y = y
        self.anchor = anchor
        self.style = style
    }

    /// Its height in pixels, and that of a line with the space to the next.
    static let size = 12.0
    static let line = 17.0

    /// The room that it takes, in the widest of the usual fonts.
    package var box: Box {
        let width = Self.width(of: text)
        let left =
            switch anchor {
            case .start: x
            case .middle: x - width / 2
            case .end: x - width
            }
        return Box(left: left, top: y - Self.size * 0.85, right: left + width, bottom: y + Self.size * 0.25)
    }

    /// How wide a text is at most, in pixels: DejaVu Sans and Verdana, the widest, set the measure.
    static func width(of text: String) -> Double {
        text.unicodeScalars.reduce(0) { $0 + advance(of: $1) } * size
    }

    private static func advance(of scalar: Unicode.Scalar) -> Double {
        switch scalar {
        case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "/", " ", "(", ")", "[", "]", "f", "t", "r", "-": 0.46
        case "m", "M", "w", "W", "@", "%", "\u{2026}": 1.02
        case "0"..."9": 0.65
        case "a"..."z", "_", "\u{2013}", "\u{B7}", "\u{B5}": 0.65
        case "+", "\u{2212}", "A"..."Z", "=", "~", "\u{B1}", "\u{2248}": 0.86
        default: scalar.isASCII ? 0.84 : 1.2
        }
    }

    /// The text with its middle cut out so that it is at most that wide.
    static func fitted(_ text: String, to width: Double) -> String {
        let text = Plain.line(text)
        guard self.width(of: text) > width else { return text }
        var (low, high) = (0, text.count)
        while low < high {
            let middle = (low + high + 1) / 2
            if self.width(of: Plain.shortened(text, to: middle)) <= width { low = middle } else { high = middle - 1 }
        }
        return Plain.shortened(text, to: low)
    }

    var markup: Markup {
        .element(
            "text",
            [
                "x": Drawing.pixel(x), "y": Drawing.pixel(y), "class": style,
                "text-anchor": anchor == .start ? nil : anchor.rawValue,
            ], text: text)
    }
}

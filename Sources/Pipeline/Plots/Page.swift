/// A page of HTML that needs nothing but itself: no script, no font, no picture from elsewhere; well-formed as XML.
enum Page {
    /// The whole file.
    static func text(title: String, header: Markup, sections: [Markup], footer: String) -> String {
        let head = Markup.element(
            "head",
            .lines([
                .element("meta", ["charset": "utf-8"], []),
                // Nothing is loaded and nothing runs, whatever the names in the page say.
                .element(
                    "meta",
                    [
                        "http-equiv": "Content-Security-Policy",
                        "content": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
                    ], []),
                .element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"], []),
                .element("meta", ["name": "color-scheme", "content": "light dark"], []),
                .element("meta", ["name": "robots", "content": "noindex"], []),
                .element("title", text: Plain.line(title)),
                .styles(Theme.plots), .styles(Theme.page),
            ]))
        let main = Markup.element(
            "main",
            .lines(
                [.element("header", .lines([header]))] + sections
                    + [.element("footer", .element("p", text: footer))]))
        let root = Markup.element(
            "html", ["lang": "en", "xmlns": "http://www.w3.org/1999/xhtml"],
            .lines([head, .element("body", .lines([main]))]))
        return "<!DOCTYPE html>\n" + root.source + "\n"
    }

    /// A part with a heading; nothing if it has nothing below it.
    static func section(_ heading: String, _ parts: Markup...) -> Markup {
        let filled = parts.filter { $0 != .none }
        guard !filled.isEmpty else { return .none }
        return .element("section", .lines([.element("h2", text: heading)] + filled))
    }

    /// A plot, drawn for wide and for narrow places, of which the page shows one.
    static func figure(_ caption: String, _ plot: (_ width: Double) -> Drawing) -> Markup {
        .element(
            "figure", plot(720).markup(place: "wide"), plot(340).markup(place: "narrow"),
            caption.isEmpty ? .none : .element("figcaption", text: Plain.line(caption)))
    }

    static func paragraph(_ text: String, style: String? = nil) -> Markup {
        text.isEmpty ? .none : .element("p", ["class": style], text: Plain.line(text))
    }

    static func list(_ lines: [String]) -> Markup {
        lines.isEmpty ? .none : .element("ul", lines.map { .element("li", text: Plain.line($0)) })
    }
}

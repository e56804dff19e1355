extension MetricUnit {
    /// Functions of PromQL whose result has the unit of what they are given.
    private static let keeping: Set<String> = [
        "sum", "avg", "min", "max", "topk", "bottomk", "quantile", "stddev", "increase", "delta", "idelta", "abs",
        "sort",
        "sort_desc", "max_over_time", "min_over_time", "avg_over_time", "last_over_time", "quantile_over_time",
        "stddev_over_time", "label_replace", "label_join", "clamp", "clamp_min", "clamp_max", "ceil", "floor",
    ]
    /// Functions whose result is by the second.
    private static let bySecond: Set<String> = ["rate", "irate", "deriv"]
    /// What may stand before a bracket and is no function.
    private static let words: Set<String> = [
        "by", "without", "on", "ignoring", "group_left", "group_right", "and", "or", "unless", "offset",
    ]

    /// The unit of an expression's values: that of all metrics in it, if nothing but what keeps it, or makes it one by the
    /// second, is done to them. Nil where the names do not tell.
    package init?(expression: String) {
        var units: Set<MetricUnit> = []
        var perSecond = 0
        var tokens = ExpressionTokens(expression)
        while let token = tokens.next() {
            switch token {
            case .call(let name) where Self.bySecond.contains(name): perSecond += 1
            case .call(let name) where Self.keeping.contains(name) || Self.words.contains(name): break
            case .call: return nil
            case .name(let name):
                guard let unit = MetricUnit(metric: name) else {
                    if Self.words.contains(name) || Self.keeping.contains(name) { continue }
                    // A metric that does not say.
                    return nil
                }
                units.insert(unit)
            case .sign(let sign): if "*/%^<>=!".contains(sign) { return nil }
            }
        }
        guard units.count == 1, let unit = units.first, perSecond < 2 else { return nil }
        guard perSecond == 1 else {
            self = unit
            return
        }
        guard let rate = unit.perSecond else { return nil }
        self = rate
    }
}

/// The names and signs of an expression, without strings, matchers, ranges and lists of labels.
private struct ExpressionTokens {
    enum Token {
        /// A name before a round bracket.
        case call(String)
        case name(String)
        case sign(Character)
    }

    private var rest: Substring

    init(_ text: String) { rest = text[...] }

    mutating func next() -> Token? {
        while let first = rest.first {
            switch first {
            case "{": skip(past: "}")
            case "[": skip(past: "]")
            case "\"", "'", "`": skipQuoted()
            case _ where first.isLetter || first == "_" || first == ":":
                let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == ":" }
                rest = rest.dropFirst(name.count).drop(while: \.isWhitespace)
                guard rest.first == "(" else { return .name(String(name)) }
                // What these list are labels.
                if ["by", "without", "on", "ignoring", "group_left", "group_right"].contains(name) { skip(past: ")") }
                return .call(String(name))
            case _ where first.isNumber:
                // A number, or a duration behind `offset`.
                rest = rest.drop { $0.isLetter || $0.isNumber || $0 == "." }
            case "*", "/", "%", "^", "<", ">", "=", "!":
                rest.removeFirst()
                return .sign(first)
            default: rest.removeFirst()
            }
        }
        return nil
    }

    /// Skips the bracket that is open and everything in it, quoted brackets too.
    private mutating func skip(past end: Character) {
        rest.removeFirst()
        while let next = rest.first, next != end {
            if "\"'`".contains(next) { skipQuoted() } else { rest.removeFirst() }
        }
        rest = rest.dropFirst()
    }

    private mutating func skipQuoted() {
        guard let quote = rest.popFirst() else { return }
        while let next = rest.popFirst(), next != quote {
            if next == "\\", quote != "`" { rest = rest.dropFirst() }
        }
    }
}

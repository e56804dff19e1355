package import Documents

/// A page of metrics in the JSON that prom2json makes of it, byte for byte.
///
/// `[{"name", "help", "type", "metrics": [{"labels"?, "timestamp_ms"?, "value"}]}]`; a summary has `quantiles`, a
/// histogram `buckets`, and both `count` and `sum`. Every number is a string. Families come by their names, where
/// prom2json leaves their order to chance. https://github.com/prometheus/prom2json, 1.5.0, and Go's `encoding/json`.
package enum Prom2JSON {
    /// One line with a newline at its end; throws what is wrong with the page.
    package static func line(of page: String) throws(Misread) -> String {
        "[" + (try Family.all(on: page)).map(text).joined(separator: ",") + "]\n"
    }

    private static func text(_ family: Family) -> String {
        let metrics = family.metrics.map { text($0, family.kind) }.joined(separator: ",")
        return "{\"name\":\(quoted(family.name)),\"help\":\(quoted(family.help)),\"type\":\"\(family.kind.rawValue)\","
            + "\"metrics\":[\(metrics)]}"
    }

    private static func text(_ metric: Family.Metric, _ kind: Family.Kind) -> String {
        var members: [String] = []
        if !metric.labels.isEmpty { members.append("\"labels\":\(text(metric.labels))") }
        if let timestamp = metric.timestamp { members.append("\"timestamp_ms\":\"\(timestamp)\"") }
        guard kind == .summary || kind == .histogram else {
            members.append("\"value\":\"\(GoNumber.text(metric.value))\"")
            return "{\(members.joined(separator: ","))}"
        }
        if !metric.parts.isEmpty {
            members.append("\"\(kind == .summary ? "quantiles" : "buckets")\":\(text(metric.parts))")
        }
        members += ["\"count\":\"\(metric.count)\"", "\"sum\":\"\(GoNumber.text(metric.sum))\""]
        return "{\(members.joined(separator: ","))}"
    }

    private static func text(_ members: [String: String]) -> String {
        let pairs = members.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
        return "{\(pairs.joined(separator: ","))}"
    }

    /// A string as Go writes it into JSON: safe inside HTML and JavaScript too.
    private static func quoted(_ text: String) -> String {
        let hexadecimal = Array("0123456789abcdef")
        let escaped = text.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            case "\u{8}": escaped += "\\b"
            case "\u{c}": escaped += "\\f"
            case "\u{2028}", "\u{2029}": escaped += scalar == "\u{2028}" ? "\\u2028" : "\\u2029"
            case "<", ">", "&", "\0"..<" ":
                escaped += "\\u00\(hexadecimal[Int(scalar.value >> 4)])\(hexadecimal[Int(scalar.value & 15)])"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return "\"\(escaped)\""
    }
}

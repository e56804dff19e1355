import Documents
import Foundation

/// A file of this checkout's deploy/.
enum Shipped {
    private static let folder = Here.checkout + "/deploy/"

    /// The path of a file.
    static func path(_ name: String) -> String { folder + name }

    /// What a file says.
    static func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }
}

/// A dashboard of deploy/grafana, as Grafana would ask for it.
struct ShippedDashboard: Sendable {
    /// One expression of a panel.
    struct Query: Sendable {
        let panel: String
        /// `A`, `B` and so on.
        let reference: String
        let text: String
        /// What the answers are kept by.
        var key: String { "\(panel) \(reference)" }
    }

    static let names = ["node", "namespace", "container", "runs"]

    let name: String
    let json: JSON

    init(_ name: String) throws {
        self.name = name
        json = try JSON(parsing: Shipped.text("grafana/\(name).json"))
    }

    /// Everything that shows something; no headings.
    var panels: [JSON] { json["panels"].array.filter { $0["type"] != "row" } }

    /// All expressions of all panels.
    var queries: [Query] {
        panels.flatMap { panel in
            panel["targets"].array.map {
                Query(
                    panel: panel["title"].string ?? "", reference: $0["refId"].string ?? "",
                    text: $0["expr"].string ?? "")
            }
        }
    }

    /// The variables that Prometheus gives values to.
    var variables: [JSON] { json["templating"]["list"].array.filter { $0["type"] == "query" } }

    /// A text with its variables put in as Grafana does it: values of one that takes several are regular expressions,
    /// and one of which nothing is chosen has all.
    func filled(_ text: String, _ chosen: [String: [String]], _ intervals: [String: String]) -> String {
        var values = intervals
        for variable in variables {
            let name = variable["name"].string ?? ""
            let isMulti = variable["multi"] == true
            let all = isMulti ? variable["allValue"].string ?? "" : ""
            values[name] = chosen[name].map { isMulti ? Self.expression($0) : $0.joined() } ?? all
        }
        // The longest first, for a name may be the beginning of another.
        return values.sorted { $0.key.count > $1.key.count }.reduce(text) { text, variable in
            text.replacing("${\(variable.key)}", with: variable.value)
                .replacing("$\(variable.key)", with: variable.value)
        }
    }

    private static func expression(_ values: [String]) -> String {
        let escaped = values.map { value in
            value.map { "\\^$*+?.()|{}[]'".contains($0) ? "\\\\\($0)" : String($0) }.joined()
        }
        return escaped.count == 1 ? escaped[0] : "(\(escaped.joined(separator: "|")))"
    }
}

internal import Documents

/// A run as a table for people: the windows' power, and the measured window by scope.
public struct RunText: Sendable {
    private var windows = Table(headings: ["WINDOW", "SECONDS", "NODE J", "NODE W"])
    private var scopes = Table(headings: ["SCOPE", "JOULES", "WATTS", "SHARE", "CPU s"])
    private var details = ""

    /// Without any window yet.
    public init() {}

    /// Adds a window by its name.
    public mutating func add(_ window: Window, named name: String) {
        let cells = window.cells(microjoules: NodeUse(window).total, node: NodeUse(window))
        windows.append([name, Ratio.seconds(window.microseconds).text(decimals: 3)] + cells.prefix(2))
    }

    /// Adds the measured window by scope, and below it everything that ran on the node.
    public mutating func measure(_ window: Window, project: Set<PodUse.Pod>, workload: Set<PodUse.Pod>) {
        add(window, named: "run")
        let report = Report(window)
        for (name, pods) in [("project", project), ("workload", workload)] {
            let use = PodUse(of: pods, in: report)
            let title = use.unseen.isEmpty ? name : "\(name) (\(use.unseen.count) of \(pods.count) pods unseen)"
            scopes.append(
                [title] + window.cells(microjoules: use.microjoules, node: report.node)
                    + [Ratio.seconds(use.cpuMicroseconds).text(decimals: 3)])
        }
        scopes.append(["node"] + window.cells(microjoules: report.node.total, node: report.node) + [""])
        details = report.text
    }

    /// The tables that have rows, one below the other.
    public var text: String {
        let tables = [windows, scopes].filter { !$0.isEmpty }.map(\.text)
        return (tables + (details.isEmpty ? [] : [details])).joined(separator: "\n")
    }
}

internal import Course
package import Host

extension Conductor {
    /// What a run with these stages would do, step by step, without doing any of it.
    package static func plan(_ stages: [any Stage]) throws(Failure) -> String {
        var text = ""
        for stage in stages.sorted(by: { $0.step.number < $1.step.number }) {
            let lines = try stage.plan()
            text += "\(stage.step.rawValue)\n"
            text += lines.isEmpty ? "  nothing to ask for\n" : lines.map { "  \($0)\n" }.joined()
        }
        return text
    }
}

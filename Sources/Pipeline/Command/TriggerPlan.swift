import Cluster
import Documents
import GitHub
import Host
import Registry

/// What a round would ask of whom, without asking.
struct TriggerPlan {
    private let settings: TriggerSettings
    private let base: String

    init(_ settings: TriggerSettings) throws(Failure) {
        self.settings = settings
        base = settings.base.hasSuffix("/") ? String(settings.base.dropLast()) : settings.base
    }

    func text() throws(Failure) -> String {
        var lines: [String] = []
        if let watch = settings.watch { lines.append("\(watch.words):") }
        let credential = try Token.find(file: settings.tokenFile) == nil ? "without a token" : "with the token"
        lines.append("requests to \(base) go \(credential)")
        let state = try knownState(&lines)
        for project in try TriggerRound.work(settings) {
            var known: String?
            if settings.version == nil {
                lines.append("\(project.name): GET \(base)\(Releases.path(for: project))")
                if let seen = state.releases[Releases.key(for: project)] {
                    if let etag = seen.etag { lines.append("  If-None-Match: \(etag)") }
                    known = try? project.releases.version(ofTag: seen.tag)
                    lines.append("  the newest release was \(seen.tag) at \(seen.seen)")
                }
            }
            for configuration in TriggerRound.configurations(of: project, settings) {
                let version = settings.version ?? known ?? "VERSION"
                let target = Target(
                    project: project.name, configuration: configuration, version: version,
                    ref: settings.workflow?.ref ?? "")
                lines += steps(for: target, project, state)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The state, as far as it can be known without a request.
    private func knownState(_ lines: inout [String]) throws(Failure) -> TriggerState {
        switch settings.place {
        case .folder(let path):
            lines.append("the state is in \(path)/trigger.json")
            return try StateBook.parse(StateFolder.load(path))
        case .configMap(let kubectl, let namespace, let name):
            let words = kubectl.commandLine(["get", "configmaps", name, "--namespace", namespace, "--output", "json"])
            lines.append("the state comes from: \(words.joined(separator: " "))")
            return TriggerState()
        }
    }

    private func steps(for target: Target, _ project: Project, _ state: TriggerState) -> [String] {
        let runs = settings.repeats ?? project.repeats
        let forced = settings.forced || settings.version != nil
        let missing = forced ? runs : runs - state.inHand(target)
        let condition =
            settings.version != nil
            ? ""
            : target.version == "VERSION"
                ? " (VERSION is what the tag in the answer means; nothing if it was measured)"
                : " (if the newest release is still that one)"
        guard missing > 0 else { return ["\(target): measured already, nothing to do\(condition)"] }
        let times = missing == 1 ? "" : " \(missing) times, one after another"
        guard let workflow = settings.workflow else {
            let words = ["brahe"] + LocalRuns.commandLine(for: target, settings.local)
            return ["\(target):\(times)\(condition)", "  \(words.joined(separator: " "))"]
        }
        var lines = [
            "\(target):\(times)\(condition)",
            "  GET \(base)\(workflow.runs) until no run waits",
            "  POST \(base)\(workflow.dispatches)",
            "  \(workflow.body(for: target).line)",
        ]
        if settings.wait != .none {
            let end = settings.wait == .started ? "has begun" : "has ended"
            lines.append(
                "  GET \(base)/repos/\(workflow.repository)/actions/runs/RUN until the run of the answer \(end)")
        }
        return lines
    }
}

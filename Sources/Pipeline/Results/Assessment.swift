package import Documents
internal import Metering
package import Samples

/// What a recording amounts to: energy, net energy and score of a run, made of its samples and its inputs alone.
///
/// The same recording and the same inputs give the same numbers, which is what `Verification` relies on. Energies are whole
/// microjoules until they are written down.
package struct Assessment: Sendable {
    let inputs: InputsEntry
    let recording: Recording
    let meter: Meter
    /// The measured window and what was found in it.
    let findings: Findings
    /// `baseline` and `idle`, as far as there are such windows and the recording tells of them.
    let quiet: [Phase]
    /// Those that it does not tell of.
    let unsampled: [Phase]

    /// Meters a recording in the windows of a run, of which the one called `run` is the measured one.
    ///
    /// Throws if there is no such window, or if the recording cannot be metered.
    package init(
        of recording: Recording, inputs: InputsEntry, windows: [RunDocument.Window]
    ) throws(Misread) {
        var phases: [Phase] = []
        for (index, window) in windows.enumerated() {
            guard let start = Moment(window.start), let end = Moment(window.end),
                let phase = Phase(name: window.name, start: start, end: end)
            else { throw Misread("windows[\(index)]", "\(window.start) to \(window.end) is no time") }
            phases.append(phase)
        }
        guard let run = phases.first(where: { $0.name == "run" }) else {
            throw Misread("windows", "none is called run")
        }
        let meter: Meter
        do {
            meter = try Meter(recording, terms: inputs.terms)
        } catch {
            throw Misread("samples", error.description)
        }
        self.meter = meter
        self.inputs = inputs
        self.recording = recording
        findings = meter.findings(in: run)
        let quiet = phases.filter { ["baseline", "idle"].contains($0.name) }
        let sampled = quiet.map { meter.findings(in: $0).quality.found > 1 }
        self.quiet = zip(quiet, sampled).filter(\.1).map(\.0)
        unsampled = zip(quiet, sampled).filter { !$0.1 }.map(\.0)
    }

    var run: Phase { findings.phase }
    var seconds: Double { Double(run.milliseconds) / 1000 }

    /// Pods that belong together, found in the recording.
    struct Group {
        let scope: String
        /// `namespace/name` of those that were meant or are in a namespace that was.
        let pods: [String]
        /// Those that were meant and that no series tells of.
        let unseen: [String]
        let isNode: Bool

        func contains(_ use: Use) -> Bool {
            isNode ? use.level == .node : use.level == .pod && names.contains(Assessment.podName(use.labels))
        }

        private let names: Set<String>

        init(scope: String, pods: [String], unseen: [String], isNode: Bool) {
            self.scope = scope
            self.pods = pods
            self.unseen = unseen
            self.isNode = isNode
            names = Set(pods)
        }
    }

    /// The scopes of the inputs and the node, the node last.
    var groups: [Group] {
        let found = findings.uses.filter { $0.level == .pod }
        let names = Set(found.map { Self.podName($0.labels) })
        return inputs.scopes.map { scope in
            let spaces = Set(scope.namespaces)
            let inside = found.filter { spaces.contains($0.labels["namespace", default: ""]) }
            let pods = Set(scope.pods).union(inside.map { Self.podName($0.labels) }).sorted()
            return Group(
                scope: scope.scope, pods: pods, unseen: pods.filter { !names.contains($0) }, isNode: false)
        } + [Group(scope: "node", pods: [], unseen: [], isNode: true)]
    }

    /// `namespace/name` of a pod by its labels.
    static func podName(_ labels: [String: String]) -> String {
        "\(labels["namespace", default: ""])/\(labels["pod", default: ""])"
    }

    /// What a part of a node is of it, and of all nodes where it has none; nil where that is nothing.
    static func share(_ joules: Double, on node: String?, of nodes: [(name: String?, joules: Double?)]) -> Double? {
        let own = nodes.filter { $0.name == node }
        let whole = (node == nil || own.isEmpty ? nodes : own).compactMap(\.joules).reduce(0, +)
        return whole > 0 ? joules / whole : nil
    }

    /// Half of the 95 % interval of a net energy: the variances of the gross energy and of what is taken off add up.
    static func uncertainty(_ energyDeviation: Double, _ powerDeviation: Double, seconds: Double) -> Double {
        1.96 * (energyDeviation * energyDeviation + seconds * seconds * powerDeviation * powerDeviation).squareRoot()
    }

    /// Microunits as units.
    static func units(_ micro: UInt64) -> Double { Double(micro) / 1_000_000 }
}

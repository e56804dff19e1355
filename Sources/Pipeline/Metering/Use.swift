/// What one consumer used in a phase.
package struct Use: Equatable, Sendable {
    /// What kind of consumer; those of one level add up, those of several overlap.
    ///
    /// A cgroup is what is no container: `kernel_processes`, `overflow`, `retired` (what had gone before it was listed) and
    /// `system_processes`, or in its place the paths of its cgroups and `vm/ID` of its virtual machines.
    package enum Level: String, CaseIterable, Codable, Sendable {
        case node, namespace, workload, pod, container, cgroup
    }

    package let level: Level
    /// What names it, as far as the level has it: `node`, `namespace`, `workload`, `pod`, `container`, `container_id`,
    /// `path`.
    package let labels: [String: String]
    /// Its energy in the zones that the findings count, in microjoules; nil where nothing measures it.
    package var energy: Estimate?
    /// Its CPU time, in microseconds.
    package var cpu: Estimate?
    /// Its memory by the metric's name, in bytes.
    package var memory: [String: Spread] = [:]
    /// Of how many series it is the sum.
    package var series = 0

    /// A consumer that has used nothing yet.
    package init(_ level: Level, labels: [String: String]) {
        self.level = level
        self.labels = labels
    }
}

/// A gauge over a phase, in its own unit.
package struct Spread: Equatable, Sendable {
    /// The mean, each value weighted by how long it held.
    package let mean: Double
    /// The greatest value.
    package let highest: Double
    /// The value that is not exceeded for 95 % of the time.
    package let high: Double

    package init(mean: Double, highest: Double, high: Double) {
        self.mean = mean
        self.highest = highest
        self.high = high
    }
}

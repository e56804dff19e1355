/// What a set of pods used in a window.
public struct PodUse: Sendable, Equatable {
    /// Which pod is meant.
    public struct Pod: Hashable, Sendable {
        /// Its namespace.
        public let namespace: String
        /// Its name.
        public let name: String

        /// A pod of a namespace.
        public init(namespace: String, name: String) {
            self.namespace = namespace
            self.name = name
        }
    }

    /// Their energy in the zones that make up a node, in microjoules.
    public private(set) var microjoules: UInt64 = 0
    /// Their CPU time, in microseconds.
    public private(set) var cpuMicroseconds: UInt64 = 0
    /// Those of them that the page has no series of, sorted by namespace and name: their zeros are no findings.
    public let unseen: [Pod]

    /// The sum over the pods of a report.
    public init(of pods: Set<Pod>, in report: Report) {
        var seen: Set<Pod> = []
        for row in report.pods {
            let pod = Pod(
                namespace: row.labels["container_namespace", default: ""], name: row.labels["pod_name", default: ""])
            guard pods.contains(pod) else { continue }
            seen.insert(pod)
            microjoules = microjoules.addingOrFull(row.microjoules)
            cpuMicroseconds = cpuMicroseconds.addingOrFull(row.cpuMicroseconds)
        }
        unseen = pods.subtracting(seen).sorted { ($0.namespace, $0.name) < ($1.namespace, $1.name) }
    }
}

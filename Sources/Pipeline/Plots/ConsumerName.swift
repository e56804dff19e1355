package import Results

/// How a consumer is called.
package enum ConsumerName {
    /// Each level that a consumer can have, with the labels that name it, outermost first.
    static let levels: [(level: String, labels: [String])] = [
        ("node", ["node"]), ("namespace", ["namespace"]), ("workload", ["namespace", "workload"]),
        ("pod", ["namespace", "pod"]), ("container", ["namespace", "pod", "container"]), ("cgroup", ["path"]),
    ]

    /// Like `benchmark/falco-x7k2p/falco`; the labels it has, if it lacks those that name its level.
    package static func full(_ consumer: ConsumerEntry) -> String {
        let known = levels.first { $0.level == consumer.level }?.labels ?? []
        let names = known.compactMap { consumer.labels[$0] }.filter { !$0.isEmpty }
        if !names.isEmpty { return Plain.line(names.joined(separator: "/")) }
        if let id = consumer.labels["container_id"], consumer.level == "container", !id.isEmpty {
            // As runtimes shorten them.
            return Plain.line("unnamed container \(id.prefix(12))")
        }
        let labels = consumer.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return Plain.line(labels.isEmpty ? consumer.level : labels.joined(separator: " "))
    }
}

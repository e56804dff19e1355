/// Somebody who uses energy, and which counters tell of it.
struct Consumer: Sendable {
    let level: Use.Level
    var labels: [String: String]
    /// Counters.
    var energy: [Int] = []
    var cpu: [Int] = []
    /// Gauges, by the metric's name.
    var memory: [String: [Int]] = [:]

    init(_ level: Use.Level, _ labels: [String: String]) {
        self.level = level
        self.labels = labels.filter { !$0.value.isEmpty }
    }

    /// Adds the counters of a part of it.
    mutating func absorb(_ part: Consumer) {
        energy += part.energy
        cpu += part.cpu
        for (name, gauges) in part.memory { memory[name, default: []] += gauges }
    }
}

/// All consumers of a recording: containers and pods as they are listed, and what they add up to.
struct Census {
    private(set) var consumers: [Consumer] = []
    private var places: [Key: Int] = [:]
    private let workloads: [String: String]

    private struct Key: Hashable {
        let level: Use.Level
        let name: String
    }

    init(workloads: [String: String]) { self.workloads = workloads }

    /// Adds a counter or a gauge to the consumer that is its owner.
    mutating func add(_ owner: Owner, _ title: Title?, node: String, _ attach: (inout Consumer) -> Void) {
        attach(&consumers[place(of: owner, title, node)])
    }

    /// Adds up: containers to pods where pods are not listed themselves, pods to workloads and namespaces, and CPU time to
    /// nodes that do not count it themselves.
    mutating func addUp() {
        let listed = consumers.contains { $0.level == .pod && !$0.energy.isEmpty }
        for container in consumers where container.level == .container && container.labels["pod"] != nil {
            var part = container
            if listed { part.energy = [] }
            let labels = container.labels.filter { ["node", "namespace", "pod"].contains($0.key) }
            consumers[place(.pod, Self.name(labels), labels)].absorb(part)
        }
        for pod in consumers where pod.level == .pod {
            let space = ["namespace": pod.labels["namespace", default: ""]]
            let name = Self.name(pod.labels)
            let workload =
                workloads[name]
                ?? WorkloadName.guess(pod: pod.labels["pod", default: ""], node: pod.labels["node"])
            let labels = space.merging(["workload": workload]) { one, _ in one }
            consumers[place(.workload, "\(space["namespace", default: ""])/\(workload)", labels)].absorb(pod)
            guard space["namespace"] != "" else { continue }
            consumers[place(.namespace, space["namespace", default: ""], space)].absorb(pod)
        }
        // Of pods, only what no container has told.
        let level: Use.Level = consumers.contains { $0.level == .container && !$0.cpu.isEmpty } ? .container : .pod
        let counting = Set(consumers.filter { $0.level == .node && !$0.cpu.isEmpty }.map { $0.labels["node"] })
        for part in consumers where (part.level == level || part.level == .cgroup) && !part.cpu.isEmpty {
            let node = part.labels["node"]
            guard !counting.contains(node) else { continue }
            consumers[place(.node, node ?? "", ["node": node ?? ""])].cpu += part.cpu
        }
    }

    private static func name(_ labels: [String: String]) -> String {
        "\(labels["namespace", default: ""])/\(labels["pod", default: ""])"
    }

    private mutating func place(of owner: Owner, _ title: Title?, _ node: String) -> Int {
        let title = title ?? Title()
        switch owner {
        case .node(let name): return place(.node, name, ["node": name])
        case .bucket(let name, let node), .cgroup(let name, let node):
            return place(.cgroup, "\(node) \(name)", ["node": node, "path": name])
        case .pod(let id):
            let labels = ["node": node, "namespace": title.namespace, "pod": title.pod.isEmpty ? id : title.pod]
            return place(.pod, Self.name(labels), labels)
        case .container(let id):
            guard title.hasPod else {
                return place(
                    .container, id, ["node": node, "container": Self.known(title.container), "container_id": id])
            }
            let name = "\(title.namespace)/\(title.pod)/\(title.container)"
            return place(
                .container, name,
                [
                    "node": node, "namespace": title.namespace, "pod": title.pod, "container": title.container,
                    "container_id": id == name ? "" : id,
                ])
        }
    }

    private static func known(_ name: String) -> String { Owner.buckets.contains(name) ? "" : name }

    private mutating func place(_ level: Use.Level, _ name: String, _ labels: [String: String]) -> Int {
        let key = Key(level: level, name: name)
        if let known = places[key] {
            // One that was replaced under its name has two ids, one that moved two nodes; any rule will do that does not
            // depend on the order of series.
            for (label, value) in labels where value > consumers[known].labels[label, default: ""] {
                consumers[known].labels[label] = value
            }
            return known
        }
        places[key] = consumers.count
        consumers.append(Consumer(level, labels))
        return consumers.count - 1
    }
}

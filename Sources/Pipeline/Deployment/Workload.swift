package import Documents

/// What keeps pods running: a Deployment, a DaemonSet and the like, as the API server shows it.
package struct Workload: Equatable, Sendable {
    package let reference: Reference
    /// Which pods are its own, as kubectl takes it; nil for a pod by itself, and for kinds whose pods cannot be told.
    package let selector: String?
    /// How many pods it must have; nil if that cannot be said.
    package let wanted: Int64?
    /// Whether its controller has done its part; the pods are looked at by themselves.
    package let readiness: Readiness

    /// From an object; nil if that makes no pods.
    package init?(_ object: JSON) {
        guard let reference = Reference(of: object), reference.isWorkload else { return nil }
        self.reference = reference
        let spec = object["spec"]
        selector =
            reference.kind == "ReplicationController"
            ? Self.text(labels: spec["selector"]) : Self.text(selector: spec["selector"])
        let status = object["status"]
        let observed = status["observedGeneration"].integer
        let isStale = observed != nil && observed != object["metadata"]["generation"].integer
        let condition = { (type: String, value: String) -> String? in
            guard
                let found = status["conditions"].array.first(where: {
                    $0["type"].string == type && $0["status"].string == value
                })
            else { return nil }
            return ["\(type) is \(value)", found["reason"].string, found["message"].string].compactMap(\.self)
                .joined(separator: ": ")
        }
        let stale = isStale ? "its status is of an older generation" : nil
        switch reference.kind {
        case "DaemonSet":
            wanted = status["desiredNumberScheduled"].integer
            readiness = (stale ?? (wanted == 0 ? "no node fits it" : nil)).map { .waiting($0) } ?? .ready
        case "Deployment", "StatefulSet", "ReplicaSet", "ReplicationController":
            wanted = spec["replicas"].integer ?? 1
            // A quota, or a service account that is not there.
            readiness = (stale ?? condition("ReplicaFailure", "True")).map { .waiting($0) } ?? .ready
        case "Job":
            wanted = nil
            readiness = condition("Failed", "True").map { .failed($0) } ?? .ready
        default:
            // A CronJob has pods when its time has come, and a pod is its own.
            wanted = reference.kind == "CronJob" ? 0 : 1
            readiness = .ready
        }
    }

    /// A label selector as kubectl takes it: `a=b,c in (d,e),f,!g`; nil for one that selects nothing.
    static func text(selector: JSON) -> String? {
        let terms =
            [text(labels: selector["matchLabels"])].compactMap(\.self)
            + selector["matchExpressions"].array.compactMap { expression in
                guard let key = expression["key"].string else { return nil }
                let values = expression["values"].array.compactMap(\.string).joined(separator: ",")
                return switch expression["operator"].string {
                case "In": "\(key) in (\(values))"
                case "NotIn": "\(key) notin (\(values))"
                case "Exists": key
                case "DoesNotExist": "!\(key)"
                default: nil
                }
            }
        return terms.isEmpty ? nil : terms.joined(separator: ",")
    }

    /// Labels that must all be there, as kubectl takes them; nil for none.
    static func text(labels: JSON) -> String? {
        let labels = labels.object.compactMap { name, value in value.string.map { "\(name)=\($0)" } }
        return labels.isEmpty ? nil : labels.sorted().joined(separator: ",")
    }
}

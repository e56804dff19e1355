package import Documents

/// A pod of the project: whether it runs, and what.
package struct RunningPod: Equatable, Sendable {
    package let namespace: String
    package let name: String
    /// Its node; empty until it has one.
    package let node: String
    package let containers: [Container]
    /// Whether it runs as it should.
    package let readiness: Readiness

    /// A container, also one that only prepares the others.
    package struct Container: Equatable, Sendable {
        package let name: String
        /// As the pod asks for it.
        package let image: String
        /// What really runs, with its digest; empty until it does.
        package let imageID: String
    }

    /// `Pod benchmark/falco-x2x4`.
    package var words: String { "Pod \(namespace)/\(name)" }

    /// From a pod as the API server shows it.
    package init(_ pod: JSON) {
        namespace = pod["metadata"]["namespace"].string ?? ""
        name = pod["metadata"]["name"].string ?? ""
        node = pod["spec"]["nodeName"].string ?? ""
        let status = pod["status"]
        let states = status["initContainerStatuses"].array + status["containerStatuses"].array
        containers = (pod["spec"]["initContainers"].array + pod["spec"]["containers"].array).map { container in
            let name = container["name"].string ?? ""
            let state = states.first { $0["name"].string == name }
            return Container(
                name: name, image: container["image"].string ?? "", imageID: state?["imageID"].string ?? "")
        }
        readiness = Self.readiness(of: pod, states: states)
    }

    /// The reasons for which a container waits until somebody changes something. A kubelet tries all of them again, and
    /// so they count only after some time.
    package static let lasting: Set<String> = [
        "ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull", "CrashLoopBackOff",
        "CreateContainerConfigError", "CreateContainerError", "RunContainerError",
    ]

    private static func readiness(of pod: JSON, states: [JSON]) -> Readiness {
        let status = pod["status"]
        if pod["metadata"]["deletionTimestamp"].string != nil { return .waiting("it is going") }
        for state in states {
            let waiting = state["state"]["waiting"]
            guard let reason = waiting["reason"].string, lasting.contains(reason) else { continue }
            let message = waiting["message"].string.map { ": \($0)" } ?? ""
            return .failed("container \(state["name"].string ?? ""): \(reason)\(message)")
        }
        let phase = status["phase"].string ?? "Pending"
        switch phase {
        case "Running":
            let ready = status["conditions"].array.first { $0["type"].string == "Ready" }
            return ready?["status"].string == "True" ? .ready : .waiting("it runs and is not ready")
        case "Succeeded": return .ready
        case "Failed":
            let words = [status["reason"].string, status["message"].string].compactMap(\.self)
            return .failed((["it has failed"] + words).joined(separator: ": "))
        default:
            let scheduled = status["conditions"].array
                .first { $0["type"].string == "PodScheduled" && $0["status"].string == "False" }
            let words = [scheduled?["reason"].string, scheduled?["message"].string].compactMap(\.self)
            return .waiting((["it is \(phase)"] + words).joined(separator: ": "))
        }
    }

    /// Its JSON, for a journal and a report.
    package var json: JSON {
        [
            "namespace": .string(namespace), "name": .string(name), "node": .string(node),
            "containers": .array(
                containers.map {
                    ["name": .string($0.name), "image": .string($0.image), "imageID": .string($0.imageID)]
                }),
        ]
    }
}

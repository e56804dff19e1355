package import Documents

/// What was seen of a pod: enough to tell later whether it died.
package struct PodHealth: Equatable, Sendable {
    package let namespace: String
    package let name: String
    /// A pod of the same name and another UID is another pod.
    package let uid: String
    /// Its work was over when it was seen: it had ended, like that of a completed Job, or was being deleted.
    package let isDone: Bool
    package let isReady: Bool
    /// How often each of its containers was started anew.
    package let restarts: [String: Int64]

    /// From a pod as the API server shows it.
    package init(_ pod: JSON) {
        let status = pod["status"]
        namespace = pod["metadata"]["namespace"].string ?? ""
        name = pod["metadata"]["name"].string ?? ""
        uid = pod["metadata"]["uid"].string ?? ""
        isDone = ["Succeeded", "Failed"].contains(status["phase"].string) || Self.isGoing(pod)
        isReady = Self.readyCondition(of: pod)["status"].string == "True"
        restarts = Dictionary(
            Self.states(of: pod).map { ($0["name"].string ?? "", $0["restartCount"].integer ?? 0) }
        ) { $1 }
    }

    /// Why a pod does not do its work any more.
    package struct Death: Equatable, Sendable {
        package let namespace: String
        package let pod: String
        /// The container that ended; nil if it is the whole pod.
        package let container: String?
        /// Like `OOMKilled`, or in words.
        package let reason: String
        /// What the container ended with, if that is known.
        package let exitCode: Int64?
        /// The pod lives and is only not ready, which may pass.
        package let mayPass: Bool

        /// `Pod benchmark/falco-x2x4: container falco: OOMKilled, exit code 137`.
        package var words: String {
            let container = container.map { "container \($0): " } ?? ""
            return "Pod \(namespace)/\(pod): \(container)\(reason)" + (exitCode.map { ", exit code \($0)" } ?? "")
        }
    }

    /// What died between two looks, the pods of the first in their order and then those that came since.
    ///
    /// Dead is a pod that is gone or going, that has failed, or of which a container ended or was started anew; a pod
    /// whose work was over before is not. `now` are pods as the API server shows them.
    package static func deaths(since before: [PodHealth], now: [JSON]) -> [Death] {
        let known = Set(before.map(\.uid))
        let old = before.compactMap { one in
            one.death(in: now.first { $0["metadata"]["uid"].string == one.uid })
        }
        // A pod that came since had no restart then.
        let new = now.filter { !known.contains($0["metadata"]["uid"].string ?? "") }.compactMap { pod in
            PodHealth(fresh: pod).death(in: pod)
        }
        return old + new
    }

    private init(fresh pod: JSON) {
        let now = PodHealth(pod)
        namespace = now.namespace
        name = now.name
        uid = now.uid
        // What somebody else has left, and nobody has looked after, may go.
        isDone = Self.isGoing(pod)
        isReady = false
        restarts = [:]
    }

    private func death(in pod: JSON?) -> Death? {
        func death(_ reason: String, container: String? = nil, exitCode: Int64? = nil, mayPass: Bool = false) -> Death {
            Death(
                namespace: namespace, pod: name, container: container, reason: reason, exitCode: exitCode,
                mayPass: mayPass)
        }
        if isDone { return nil }
        guard let pod else { return death("it is gone") }
        let status = pod["status"]
        let always = pod["spec"]["restartPolicy"].string ?? "Always" == "Always"
        if status["phase"].string == "Succeeded" { return always ? death("it has ended") : nil }
        for state in Self.states(of: pod) {
            let name = state["name"].string ?? ""
            let ended = state["state"]["terminated"]
            let last = state["lastState"]["terminated"]
            let waits = state["state"]["waiting"]["reason"].string
            let failed = ended["exitCode"].integer.map { always || $0 != 0 } ?? false
            if failed {
                return death(ended["reason"].string ?? "it ended", container: name, exitCode: ended["exitCode"].integer)
            }
            if (state["restartCount"].integer ?? 0) > restarts[name, default: 0] || waits == "CrashLoopBackOff" {
                return death(
                    last["reason"].string ?? waits ?? "it was started anew", container: name,
                    exitCode: last["exitCode"].integer)
            }
        }
        if status["phase"].string == "Failed" {
            let words = [status["reason"].string, status["message"].string].compactMap(\.self)
            return death((["it has failed"] + words).joined(separator: ": "))
        }
        if Self.isGoing(pod) { return death("it is being deleted") }
        let ready = Self.readyCondition(of: pod)
        guard isReady, ready["status"].string != "True", ready["reason"].string != "PodCompleted" else { return nil }
        let words = [ready["reason"].string, ready["message"].string].compactMap(\.self)
        return death((["it is not ready any more"] + words).joined(separator: ": "), mayPass: true)
    }

    private static func isGoing(_ pod: JSON) -> Bool { pod["metadata"]["deletionTimestamp"].string != nil }

    /// The states of containers that are to run as long as the pod: what prepares a pod may end.
    private static func states(of pod: JSON) -> [JSON] { pod["status"]["containerStatuses"].array }

    private static func readyCondition(of pod: JSON) -> JSON {
        pod["status"]["conditions"].array.first { $0["type"].string == "Ready" } ?? .null
    }
}

extension PodHealth {
    /// For a journal: what `init(json:)` reads.
    package var json: JSON {
        [
            "namespace": .string(namespace), "name": .string(name), "uid": .string(uid), "done": .bool(isDone),
            "ready": .bool(isReady), "restarts": .object(restarts.mapValues { .integer($0) }),
        ]
    }

    /// From a journal; nil if it is no pod's.
    package init?(json: JSON) {
        guard let namespace = json["namespace"].string, let name = json["name"].string, let uid = json["uid"].string
        else { return nil }
        self.namespace = namespace
        self.name = name
        self.uid = uid
        isDone = json["done"].bool ?? false
        isReady = json["ready"].bool ?? false
        restarts = json["restarts"].object.compactMapValues(\.integer)
    }
}

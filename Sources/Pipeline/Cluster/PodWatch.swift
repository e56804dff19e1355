package import Deployment
package import Documents
package import Host

/// Looks after pods while something is measured: what dies spoils the measurement.
package final class PodWatch {
    /// How long a pod may be not ready that was, without anything having ended.
    package var unreadyMilliseconds: Int64 = 10_000
    /// How long the API server may not answer.
    package var blindMilliseconds: Int64 = 120_000
    /// The least time from one look to the next: a look costs the processor something, and that is measured as well.
    package var everyMilliseconds: Int64 = 2000

    private let kubectl: Kubectl
    private let pods: [Footprint.Pods]
    /// The pods as they were when all was well.
    private var before: [PodHealth] = []
    private var lastLook: Moment?
    /// Since when the API server has not answered.
    private var blindSince: Moment?
    /// The names of the pods that lived at any look, by what they were found with.
    private var lived: [Footprint.Pods: Set<String>] = [:]
    /// Since when pods have not been ready, by namespace and name.
    private var unreadySince: [String: Moment] = [:]

    package init(kubectl: Kubectl, pods: [Footprint.Pods]) {
        self.kubectl = kubectl
        self.pods = pods
    }

    /// Takes the first picture; throws with `benchmark` if there is no pod in it, and with `deploy` if none can be had.
    package func begin() throws(Failure) {
        do {
            before = try look().map { PodHealth($0) }
        } catch {
            throw error.failure
        }
        guard !before.isEmpty else { throw Failure(.benchmark, "look after the pods: there is none") }
    }

    /// The picture, for a journal.
    package var picture: JSON { .array(before.map(\.json)) }

    /// Goes on from a picture that an earlier process took.
    package func resume(_ picture: JSON) { before = picture.array.compactMap { PodHealth(json: $0) } }

    /// The pods of these that lived at any look, also those that came later or are gone: `[{"namespace", "name"}]`.
    package func lived(of pods: [Footprint.Pods]) -> JSON {
        .array(
            pods.flatMap { one in
                lived[one, default: []].sorted().map { ["namespace": .string(one.namespace), "name": .string($0)] }
            })
    }

    /// Throws with `benchmark` when a pod has died: which one, of what, and its last words. To be called often.
    ///
    /// An API server that does not answer is borne for a while, and so is a pod that is only not ready. It does not look
    /// too often, unless it must be `atOnce`.
    package func check(now: Moment = .now, atOnce: Bool = false) throws(Failure) {
        if !atOnce, let lastLook, now - lastLook < everyMilliseconds { return }
        lastLook = now
        let pods: [JSON]
        do {
            pods = try look()
        } catch {
            guard [.unreachable, .other].contains(error.refusal) else { throw error.failure }
            let since = blindSince ?? now
            blindSince = since
            guard now - since < blindMilliseconds else {
                throw Failure(.deploy, "look after the pods: no answer since \(since): \(error.message)")
            }
            return
        }
        blindSince = nil
        let deaths = PodHealth.deaths(since: before, now: pods)
        if let death = deaths.first(where: { !$0.mayPass }) { throw failure(of: death) }
        var unready: [String: Moment] = [:]
        for death in deaths {
            let pod = "\(death.namespace)/\(death.pod)"
            let since = unreadySince[pod] ?? now
            unready[pod] = since
            if now - since >= unreadyMilliseconds { throw failure(of: death) }
        }
        unreadySince = unready
        // What is done stays known when it is gone, and what came is known from now on.
        let seen = Dictionary(pods.map { (PodHealth($0).uid, PodHealth($0)) }) { $1 }
        let known = Set(before.map(\.uid))
        before = before.map { one in seen[one.uid].flatMap { $0.isDone ? $0 : nil } ?? one }
        before += pods.map { PodHealth($0) }.filter { !known.contains($0.uid) && ($0.isReady || $0.isDone) }
    }

    private func look() throws(Kubectl.Refused) -> [JSON] {
        var pods: [JSON] = []
        for selection in self.pods {
            let found = try kubectl.get("pods", namespace: selection.namespace, selector: selection.selector)
            let items = found?["items"].array ?? []
            pods += items
            // What had ended before the first look used nothing since.
            let names = items.filter { pod in
                let pod = PodHealth(pod)
                return !pod.isDone || (!before.isEmpty && !before.contains { $0.uid == pod.uid })
            }.compactMap { $0["metadata"]["name"].string }
            lived[selection, default: []].formUnion(names)
        }
        // Selections may overlap.
        var known: Set<String> = []
        return pods.filter { known.insert($0["metadata"]["uid"].string ?? "").inserted }
    }

    private func failure(of death: PodHealth.Death) -> Failure {
        let words = kubectl.lastWords(of: death.pod, container: death.container, namespace: death.namespace)
        return Failure(.benchmark, death.words + (words.map { "; its last words: \($0)" } ?? ""))
    }
}

extension Kubectl {
    /// The last five lines of a container's former run, or of this one if there was none, on one line; nil if there is
    /// no log.
    package func lastWords(of pod: String, container: String? = nil, namespace: String) -> String? {
        var arguments = ["logs", pod, "--namespace", namespace, "--tail=5"]
        arguments += container.map { ["--container", $0] } ?? ["--all-containers"]
        for more in [["--previous"], []] {
            guard let text = try? run(arguments + more) else { continue }
            let lines = text.split(whereSeparator: \.isNewline).suffix(5).map { line in
                String(line.prefix(200).unicodeScalars.filter { $0.properties.generalCategory != .control })
            }
            if !lines.isEmpty { return lines.joined(separator: " | ") }
        }
        return nil
    }
}

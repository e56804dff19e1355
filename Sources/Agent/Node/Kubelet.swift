import Attribution
import CAgent
import Glibc

/// The names that a kubelet knows, from its list of pods (`GET /pods`).
///
/// Asked every 15 s, as Kepler does, and at most a second after a name is missed.
final class Kubelet {
    /// Times in nanoseconds, and the most bytes of one answer: 250 pods of 20 kB are 5 MB.
    struct Limits {
        var period: UInt64 = 15_000_000_000
        var pause: UInt64 = 1_000_000_000
        var timeout: UInt64 = 10_000_000_000
        var bytes = 32 << 20
    }

    /// Names by container id, and by pod UID.
    private(set) var containers = NameTable(retention: PodNames.retention, capacity: PodNames.retained)
    private(set) var pods = NameTable(retention: PodNames.retention, capacity: PodNames.retained)
    /// Requests that failed, and that were answered.
    private(set) var failures: UInt64 = 0
    private(set) var answers: UInt64 = 0
    /// What turns readable when a poll has something to do.
    var descriptor: Int32 { http_client_descriptor(client) }

    private let endpoint: KubeletEndpoint
    private let limits: Limits
    private let client: OpaquePointer
    private var now: UInt64 = 0
    private var startedAt: UInt64?
    private var isUnderWay = false
    private var isMissed = false
    private var missed: [String: Patience] = [:]
    private var isFailing = false

    /// When a container that nobody could name is asked for again. A sandbox never has a name, so each time it takes
    /// twice as long, and after five times no more.
    private struct Patience {
        var next: UInt64
        var wait: UInt64
    }

    /// A client of a kubelet; nothing is asked before the first poll.
    init(_ endpoint: KubeletEndpoint, limits: Limits) throws(KubeletError) {
        var reason = [CChar](repeating: 0, count: 256)
        let client = http_client_open(
            endpoint.url + "/pods", endpoint.caFile, endpoint.addresses, limits.bytes,
            Int(limits.timeout / 1_000_000), &reason, reason.count)
        guard let client else {
            let text = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw KubeletError("kubelet \(endpoint.url): \(String(decoding: text, as: UTF8.self))")
        }
        self.client = client
        self.endpoint = endpoint
        self.limits = limits
    }

    deinit { http_client_close(client) }

    /// Makes the descriptor turn readable when `other` does, too.
    func watch(_ other: Int32) { _ = http_client_watch(client, other) }

    /// Asks soon for a container whose name is not known.
    func ask(for id: String) {
        if let patience = missed[id] {
            guard now >= patience.next, patience.wait <= 16 * limits.pause else { return }
            missed[id] = Patience(next: now + patience.wait, wait: patience.wait * 2)
        } else {
            // What was missed long ago is asked for again rather than kept for ever.
            if missed.count >= 4096 { missed.removeAll(keepingCapacity: true) }
            missed[id] = Patience(next: now + limits.pause, wait: 2 * limits.pause)
        }
        isMissed = true
    }

    /// Goes on with a request, or starts one when it is time, at `now` in nanoseconds; true when a name was learned.
    func poll(at now: UInt64) -> Bool {
        self.now = now
        let hasNews = http_client_run(client) && takeAnswer()
        if !isUnderWay, isDue { start() }
        pods.forget(at: now)
        containers.forget(at: now)
        return hasNews
    }

    private var isDue: Bool {
        guard let startedAt else { return true }
        return now >= startedAt + (isMissed ? limits.pause : limits.period)
    }

    private func start() {
        startedAt = now
        isMissed = false
        var token: String?
        if let file = endpoint.tokenFile {
            token = Directory.text(file)?.filter { !$0.isWhitespace }
            guard token != nil else { return fail("\(SystemError("read \(file)"))") }
        }
        isUnderWay = http_client_start(client, token)
        if !isUnderWay { fail("libcurl does not start") }
    }

    private func takeAnswer() -> Bool {
        defer { http_client_finish(client) }
        isUnderWay = false
        let answer = http_client_answer(client)
        if let error = answer.error {
            fail(String(cString: error))
            return false
        }
        guard answer.status == 200 else {
            let hint = answer.status == 401 || answer.status == 403 ? ", it does not accept the token" : ""
            fail("it answered with status \(answer.status)\(hint)")
            return false
        }
        guard let list = PodList.read(UnsafeRawBufferPointer(start: answer.body, count: answer.length)) else {
            fail("its answer is not a list of pods")
            return false
        }
        answers += 1
        if isFailing { Log.info("kubelet \(endpoint.url): answers again") }
        isFailing = false
        return learn(list)
    }

    private func learn(_ list: [PodList.Pod]) -> Bool {
        var hasNews = false
        var uids: Set<String> = []
        var ids: Set<String> = []
        for pod in list {
            let name = ContainerName(pod: pod.name, namespace: pod.namespace, container: "")
            for uid in pod.uids {
                uids.insert(uid)
                if pods.learn(uid, name) { hasNews = true }
            }
            for (id, container) in pod.containers {
                ids.insert(id)
                missed[id] = nil
                let name = ContainerName(pod: pod.name, namespace: pod.namespace, container: container)
                if containers.learn(id, name) { hasNews = true }
            }
        }
        pods.keep(only: uids, at: now)
        containers.keep(only: ids, at: now)
        return hasNews
    }

    private func fail(_ reason: String) {
        failures += 1
        if !isFailing { Log.warn("kubelet \(endpoint.url): cannot list its pods: \(reason)") }
        isFailing = true
    }
}

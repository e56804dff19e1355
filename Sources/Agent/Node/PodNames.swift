package import Attribution

/// What Kubernetes calls the containers of this node, from sources that need neither API server nor, at first, any
/// credentials: the kubelet's log tree, and the kubelet itself where one is named.
///
/// Owned by one thread, and never waits. A poll that finds nothing new allocates nothing, nor does a look-up.
package final class PodNames {
    /// How long names outlive their source, nanoseconds: longer than any account outlives its container.
    static let retention: UInt64 = 3600_000_000_000
    /// How many such names there are at most, of containers and of pods each.
    static let retained = 2048

    private let logs: PodLogs
    private let kubelet: Kubelet?

    /// Names from the tree under `podLogs` (`/var/log`: its directories `pods` and `containers`), which may not be there
    /// yet, and from a kubelet. Throws where the kubelet's client cannot be made.
    package convenience init(podLogs: String, kubelet: KubeletEndpoint?) throws(KubeletError) {
        try self.init(podLogs: podLogs, kubelet: kubelet, limits: Kubelet.Limits())
    }

    init(podLogs: String, kubelet endpoint: KubeletEndpoint?, limits: Kubelet.Limits) throws(KubeletError) {
        let kubelet: Kubelet? = if let endpoint { try Kubelet(endpoint, limits: limits) } else { nil }
        logs = PodLogs(root: podLogs)
        self.kubelet = kubelet
        if logs.descriptor >= 0 { kubelet?.watch(logs.descriptor) }
    }

    /// Whether this node has a source of names now: the log tree is there, or a kubelet is named.
    package var isPresent: Bool { kubelet != nil || logs.isPresent }

    /// A descriptor that turns readable when `poll` has something to do; -1 where only time will tell.
    package var descriptor: Int32 { kubelet?.descriptor ?? logs.descriptor }

    /// Readings of the log tree that failed, cumulative.
    package var failedReadings: UInt64 { logs.failures }
    /// Requests to the kubelet that failed, cumulative; nil where none is named.
    package var failedRequests: UInt64? { kubelet?.failures }
    /// Requests to the kubelet that were answered, cumulative; nil where none is named.
    package var answeredRequests: UInt64? { kubelet?.answers }

    /// Takes what is new at `now`, nanoseconds of CLOCK_MONOTONIC; true when that is a name.
    package func poll(at now: UInt64) -> Bool {
        let logged = logs.poll(at: now)
        return kubelet?.poll(at: now) ?? false || logged
    }

    /// A container's name; with an empty container where only its pod is known, as for a pod's sandbox; nil where
    /// nothing is known yet. What the log tree cannot tell about a pod's container, the kubelet is asked soon.
    package func name(of container: Container) -> ContainerName? {
        if let name = logs.containers.names[container.id] ?? kubelet?.containers[container.id] { return name }
        guard !container.podUID.isEmpty else { return nil }
        kubelet?.ask(for: container.id)
        return logs.pods.names[container.podUID] ?? kubelet?.pods[container.podUID]
    }
}

/// What Kubernetes calls a container.
public struct ContainerName: Hashable, Sendable {
    /// The pod's name.
    public let pod: String
    /// The pod's namespace.
    public let namespace: String
    /// The container's name; empty where only the pod is known.
    public let container: String

    /// A name as given.
    public init(pod: String, namespace: String, container: String) {
        self.pod = pod
        self.namespace = namespace
        self.container = container
    }
}

/// An entry of the kubelet's log tree, which names a pod or a container. Names of namespaces, pods and containers have
/// no underscore (RFC 1123 labels and subdomains), so each entry splits in one way.
public enum LogEntry {
    /// The UID and the name in `NAMESPACE_POD_UID`, a directory of /var/log/pods; a static pod's UID is the one that its
    /// cgroup has. Nil for anything else.
    public static func pod(_ directory: String) -> (key: String, name: ContainerName)? {
        let parts = directory.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        return (String(parts[2]), ContainerName(pod: String(parts[1]), namespace: String(parts[0]), container: ""))
    }

    /// The container's id and its name in `POD_NAMESPACE_CONTAINER-ID.log`, a link in /var/log/containers; nil for
    /// anything else. The kubelet cuts what is longer than a file name may be, so that a name without its whole id names
    /// no container.
    public static func container(_ link: String) -> (key: String, name: ContainerName)? {
        let parts = link.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        guard let last = Array(parts[2].utf8)[...].without(suffix: ".log") else { return nil }
        let id = last.suffix(64)
        guard id.count == 64, id.isHexadecimal else { return nil }
        guard let container = last.dropLast(64).without(suffix: "-"), !container.isEmpty else { return nil }
        return (
            id.text, ContainerName(pod: String(parts[0]), namespace: String(parts[1]), container: container.text)
        )
    }
}

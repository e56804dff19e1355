/// What people call a container.
public struct ContainerName: Hashable, Sendable {
    /// The pod's name.
    public let pod: String
    /// The pod's namespace.
    public let namespace: String
    /// The container's name in the pod; empty where only the pod is known.
    public let container: String

    /// A name as given.
    public init(pod: String, namespace: String, container: String) {
        self.pod = pod
        self.namespace = namespace
        self.container = container
    }

    /// Nobody knows.
    public static let unknown = ContainerName(pod: "", namespace: "", container: "")
    /// Whether there is nothing more to learn.
    public var isComplete: Bool { !container.isEmpty }
}

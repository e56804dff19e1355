/// Which object of a cluster is meant.
package struct Reference: Hashable, Sendable, CustomStringConvertible {
    /// The group of its API, empty for the core's.
    package let group: String
    /// The version of its API, like `v1`.
    package let version: String
    /// Its kind, like `Kustomization`.
    package let kind: String
    /// Its namespace; nil if the manifest has none.
    package let namespace: String?
    package let name: String

    package init(group: String, version: String, kind: String, namespace: String?, name: String) {
        self.group = group
        self.version = version
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }

    /// `Kustomization falco/v1`, for people.
    package var description: String { "\(kind) " + (namespace.map { $0 + "/" } ?? "") + name }
}

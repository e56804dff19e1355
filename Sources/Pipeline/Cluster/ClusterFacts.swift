package import Documents

/// What a cluster says of itself, for the report.
package enum ClusterFacts {
    /// The requests that `ask` makes, as kubectl's arguments.
    package static let requests = [
        ["get", "--raw", "/version"], ["get", "namespaces", "flux-system", "--output", "json"],
        ["get", "nodes", "--all-namespaces", "--output", "json"],
    ]

    /// `{"kubernetes_version", "flux_version", "nodes": [{"name", "kernel", "os", "architecture", "cpus", "runtime",
    /// "kubelet", "instance_type", "region"}]}`; null where the cluster does not say or may not be asked, since a report
    /// is none the worse without.
    package static func ask(_ kubectl: Kubectl) -> JSON {
        let version = (try? kubectl.raw("/version")).flatMap { try? JSON(parsing: $0) } ?? .null
        let flux = (try? kubectl.get("namespaces", "flux-system")) ?? .null
        let nodes = (try? kubectl.get("nodes")) ?? .null
        return [
            "kubernetes_version": version["gitVersion"],
            // As `flux install` labels it.
            "flux_version": flux["metadata"]["labels"]["app.kubernetes.io/version"],
            "nodes": .array(nodes["items"].array.map(node)),
        ]
    }

    private static func node(_ node: JSON) -> JSON {
        let info = node["status"]["nodeInfo"]
        let labels = node["metadata"]["labels"]
        return [
            "name": node["metadata"]["name"], "kernel": info["kernelVersion"], "os": info["osImage"],
            "architecture": info["architecture"], "cpus": node["status"]["capacity"]["cpu"],
            "runtime": info["containerRuntimeVersion"], "kubelet": info["kubeletVersion"],
            "instance_type": labels["node.kubernetes.io/instance-type"],
            "region": labels["topology.kubernetes.io/region"],
        ]
    }
}

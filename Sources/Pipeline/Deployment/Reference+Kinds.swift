package import Documents

extension Reference {
    /// As manifests write it: `v1`, `apps/v1`.
    package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// What kubectl gets and deletes it by, whatever plural its kind has: `Kustomization.v1.kustomize.toolkit.fluxcd.io`.
    package var resource: String { "\(kind).\(version).\(group)" }

    /// From an apiVersion as objects and manifests have it.
    package init(apiVersion: String, kind: String, namespace: String?, name: String) {
        let parts = apiVersion.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(
            group: parts.count > 1 ? String(parts[0]) : "", version: String(parts.last ?? ""), kind: kind,
            namespace: namespace, name: name)
    }

    /// Of an object as the API server shows it; nil if it has no kind or no name.
    package init?(of object: JSON) {
        guard let apiVersion = object["apiVersion"].string, let kind = object["kind"].string,
            let name = object["metadata"]["name"].string
        else { return nil }
        self.init(apiVersion: apiVersion, kind: kind, namespace: object["metadata"]["namespace"].string, name: name)
    }

    /// True for the same object, in whichever version it is asked for.
    package func means(_ other: Reference) -> Bool {
        group == other.group && kind == other.kind && namespace == other.namespace && name == other.name
    }

    package var isKustomization: Bool { group == "kustomize.toolkit.fluxcd.io" && kind == "Kustomization" }
    package var isHelmRelease: Bool { group == "helm.toolkit.fluxcd.io" && kind == "HelmRelease" }
    /// True for what makes Flux deploy something, and undo it when deleted.
    package var isRelease: Bool { isKustomization || isHelmRelease }
    /// True for what Flux fetches from.
    package var isSource: Bool { group == "source.toolkit.fluxcd.io" }
    /// True for kinds of Flux.
    package var isFlux: Bool { group.hasSuffix(".toolkit.fluxcd.io") }
    /// True for what makes pods, and for pods.
    package var isWorkload: Bool {
        switch group {
        case "apps": ["Deployment", "DaemonSet", "StatefulSet", "ReplicaSet"].contains(kind)
        case "batch": ["Job", "CronJob"].contains(kind)
        case "": ["Pod", "ReplicationController"].contains(kind)
        default: false
        }
    }

    /// True for Kubernetes' own kinds that are in no namespace.
    package var isClusterWide: Bool {
        switch group {
        case "": ["Namespace", "Node", "PersistentVolume"].contains(kind)
        case "rbac.authorization.k8s.io": kind.hasPrefix("Cluster")
        case "networking.k8s.io": kind == "IngressClass"
        case "storage.k8s.io": ["StorageClass", "CSIDriver", "CSINode", "VolumeAttachment"].contains(kind)
        case "apiextensions.k8s.io", "admissionregistration.k8s.io", "apiregistration.k8s.io",
            "scheduling.k8s.io", "node.k8s.io", "flowcontrol.apiserver.k8s.io":
            true
        default: false
        }
    }

    /// Its JSON, for a journal.
    package var json: JSON {
        var members: [String: JSON] = [
            "apiVersion": .string(apiVersion), "kind": .string(kind), "name": .string(name),
        ]
        if let namespace { members["namespace"] = .string(namespace) }
        return .object(members)
    }

    /// From its JSON; nil if it has no kind or no name.
    package init?(json: JSON) {
        guard let apiVersion = json["apiVersion"].string, let kind = json["kind"].string,
            let name = json["name"].string
        else { return nil }
        self.init(apiVersion: apiVersion, kind: kind, namespace: json["namespace"].string, name: name)
    }

    /// From an entry of the inventory of Flux, `NAMESPACE_NAME_GROUP_KIND` and a version; nil for anything else.
    ///
    /// No part has an underscore of its own; two of them in the name stand for a colon, which names of roles may have.
    /// The format is that of sigs.k8s.io/cli-utils, `object.ParseObjMetadata`.
    package init?(inventoryEntry entry: JSON) {
        guard let id = entry["id"].string, let version = entry["v"].string,
            let kindStart = id.lastIndex(of: "_"),
            let groupStart = id[..<kindStart].lastIndex(of: "_"),
            let nameStart = id.firstIndex(of: "_"), nameStart < groupStart
        else { return nil }
        let namespace = String(id[..<nameStart])
        let group = String(id[id.index(after: groupStart)..<kindStart])
        let kind = String(id[id.index(after: kindStart)...])
        var name = ""
        for part in id[id.index(after: nameStart)..<groupStart].split(separator: "_", omittingEmptySubsequences: false)
        { name += part.isEmpty ? ":" : String(part) }
        guard !name.isEmpty, !kind.isEmpty else { return nil }
        self.init(
            group: group, version: version, kind: kind, namespace: namespace.isEmpty ? nil : namespace, name: name)
    }
}

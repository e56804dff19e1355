package import Documents

/// What the API server serves, as its discovery documents say.
package struct ServedKinds: Sendable {
    /// The versions of each group, the preferred one first; the core's group is empty.
    package private(set) var versions: [String: [String]] = ["": ["v1"]]
    /// The kinds of each group and version that was looked at, by `GROUP/VERSION`.
    private var kinds: [String: [String: Kind]] = [:]

    /// A kind in one version.
    package struct Kind: Equatable, Sendable {
        package let namespaced: Bool
        /// True if its objects can be listed and deleted.
        package let deletable: Bool
    }

    /// From the answer at `/apis`.
    package init(groups: JSON) {
        for group in groups["groups"].array {
            guard let name = group["name"].string else { continue }
            let all = group["versions"].array.compactMap { $0["version"].string }
            let preferred = group["preferredVersion"]["version"].string
            versions[name] = all.filter { $0 == preferred } + all.filter { $0 != preferred }
        }
    }

    /// Adds the answer at `/apis/GROUP/VERSION`, or `/api/v1`.
    package mutating func add(_ resources: JSON, group: String, version: String) {
        var found: [String: Kind] = [:]
        for resource in resources["resources"].array {
            // Those with a slash are parts of others, like `pods/log`.
            guard let name = resource["name"].string, !name.contains("/"), let kind = resource["kind"].string else {
                continue
            }
            let verbs = resource["verbs"].array.compactMap(\.string)
            found[kind] = Kind(
                namespaced: resource["namespaced"].bool ?? true,
                deletable: verbs.contains("delete") && verbs.contains("list"))
        }
        kinds["\(group)/\(version)"] = found
    }

    /// Where discovery tells of the kinds of a group in a version.
    package static func path(group: String, version: String) -> String {
        group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
    }

    /// The groups and versions to look at for these objects: all versions of their groups.
    package func needed(for references: [Reference]) -> [(group: String, version: String)] {
        Set(references.map(\.group)).sorted().flatMap { group in
            (versions[group] ?? []).map { (group, $0) }
        }
    }

    /// True if objects of this kind can be there in this version.
    package func serves(_ reference: Reference) -> Bool {
        kinds["\(reference.group)/\(reference.version)"]?[reference.kind] != nil
    }

    /// The versions of its group in which the kind is served, the preferred one first.
    package func versions(of kind: String, in group: String) -> [String] {
        (versions[group] ?? []).filter { kinds["\(group)/\($0)"]?[kind] != nil }
    }

    /// The kinds whose objects can be listed and deleted, each in the first version that has it.
    package var deletable: [(group: String, version: String, kind: String)] {
        var found: [(group: String, version: String, kind: String)] = []
        for (group, versions) in versions.sorted(by: { $0.key < $1.key }) {
            var seen: Set<String> = []
            for version in versions {
                for (kind, facts) in (kinds["\(group)/\(version)"] ?? [:]).sorted(by: { $0.key < $1.key })
                where facts.deletable && seen.insert(kind).inserted {
                    found.append((group, version, kind))
                }
            }
        }
        return found
    }

    /// Why the API server would not take an object, and what it would take instead; nil if it serves the kind.
    package func refusal(of object: Manifest.Object) -> String? {
        let reference = object.reference
        guard !serves(reference) else { return nil }
        let asked = "\(object.place): \(reference.kind) in \(reference.apiVersion) is not served"
        if let other = versions(of: reference.kind, in: reference.group).first {
            return "\(asked); use \(reference.group.isEmpty ? "" : reference.group + "/")\(other)"
        }
        if reference.isFlux {
            return versions.keys.contains { $0.hasSuffix(".toolkit.fluxcd.io") }
                ? "\(asked) in any version: this Flux lacks the controller of \(reference.group)"
                : "\(asked): the cluster has no Flux; install it first"
        }
        return "\(asked) in any version"
    }

    /// What to say of an object that the API server takes today: Flux 2.8 has removed the beta versions of its kinds.
    package func warning(of object: Manifest.Object) -> String? {
        let reference = object.reference
        guard reference.isFlux, reference.version.contains("beta"), serves(reference) else { return nil }
        return "\(object.place): \(reference.kind) in \(reference.apiVersion): Flux 2.8 no longer serves beta versions"
    }
}

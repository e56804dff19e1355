internal import YAML

extension Manifest {
    /// Which object a document is; throws what is missing or has no right name.
    static func reference(of document: YAML.Node, file: String) throws(YAML.Malformed) -> Reference {
        func malformed(_ node: YAML.Node?, _ reason: String) -> YAML.Malformed {
            YAML.Malformed(file: file, line: (node ?? document).line, reason: reason)
        }
        guard document.isMapping else { throw malformed(nil, "an object must be a mapping") }
        func word(_ node: YAML.Node?, _ name: String, of parent: YAML.Node) throws(YAML.Malformed) -> String {
            guard let node else { throw malformed(parent, "an object without \(name)") }
            guard let text = node.string, !text.isEmpty else { throw malformed(node, "\(name) must be a string") }
            return text
        }
        let apiVersion = try word(document["apiVersion"], "apiVersion", of: document)
        let kind = try word(document["kind"], "kind", of: document)
        if kind.hasSuffix("List"), document["items"] != nil {
            throw malformed(document["kind"], "a \(kind): write its items out as documents of their own")
        }
        guard let metadata = document["metadata"], metadata.isMapping else {
            throw malformed(document["metadata"], "a \(kind) without metadata")
        }
        if let generated = metadata["generateName"] {
            throw malformed(generated, "generateName: what the API server names cannot be deleted by its manifest")
        }
        let name = try word(metadata["name"], "metadata.name", of: metadata)
        guard apiVersion.split(separator: "/", omittingEmptySubsequences: false).count <= 2,
            apiVersion.split(separator: "/", omittingEmptySubsequences: false).allSatisfy(isSubdomain)
        else { throw malformed(document["apiVersion"], "apiVersion \(apiVersion) is none") }
        guard kind.utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0 & 0xdf) }) else {
            throw malformed(document["kind"], "kind \(kind) is none")
        }
        var namespace: String?
        if let node = metadata["namespace"], !node.isNull {
            let text = try word(node, "metadata.namespace", of: metadata)
            guard isLabel(text) else { throw malformed(node, "\(text) is no name of a namespace") }
            namespace = text
        }
        let reference = Reference(apiVersion: apiVersion, kind: kind, namespace: namespace, name: name)
        // Names of roles and their bindings may be anything that fits into an address.
        let free = reference.group == "rbac.authorization.k8s.io"
        guard free ? name.utf8.allSatisfy({ $0 > 32 && $0 != 47 && $0 != 37 && $0 != 127 }) : isSubdomain(name[...])
        else { throw malformed(metadata["name"], "\(name) is no name of a \(kind)") }
        return reference
    }

    /// A name as RFC 1123 has it: up to 63 of `a-z0-9-`, with a letter or digit at both ends.
    private static func isLabel(_ text: String) -> Bool { text.utf8.count <= 63 && isPart(text[...]) }

    /// Such names with dots between them, up to 253 characters in all.
    private static func isSubdomain(_ text: Substring) -> Bool {
        text.utf8.count <= 253 && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isPart)
    }

    private static func isPart(_ text: Substring) -> Bool {
        func outer(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...122).contains(byte) }
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last else { return false }
        return outer(first) && outer(last) && bytes.allSatisfy { $0 == 45 || outer($0) }
    }
}

extension Manifest.Object {
    /// Refuses what could not be taken away again, or would never run.
    func validate() throws(YAML.Malformed) {
        if reference.kind == "Kustomization", reference.group == "kustomize.config.k8s.io" {
            throw malformed("a file for kustomize and no object: Flux has \(fluxKustomization)")
        }
        guard reference.isFlux, let spec = document["spec"] else { return }
        if let suspend = spec["suspend"], suspend.plain, suspend.text?.lowercased() == "true" {
            throw malformed("\(reference) is suspended: Flux would never deploy it", at: suspend)
        }
        guard reference.isRelease else { return }
        if let kubeConfig = spec["kubeConfig"], !kubeConfig.isNull {
            throw malformed("\(reference) deploys to another cluster, where nothing is measured", at: kubeConfig)
        }
        guard reference.isKustomization else { return }
        let policy = spec["deletionPolicy"]?.text ?? "MirrorPrune"
        if policy == "Orphan" {
            throw malformed(
                "deletionPolicy Orphan: what \(reference) deploys would stay in the cluster", at: spec["deletionPolicy"]
            )
        }
        if policy == "MirrorPrune", spec["prune"]?.text?.lowercased() != "true" {
            throw malformed(
                "\(reference) without prune: true: what it deploys would stay in the cluster", at: spec["prune"])
        }
    }

    /// What is wrong with this object, on its line or that of a value in it.
    func malformed(_ reason: String, at node: YAML.Node? = nil) -> YAML.Malformed {
        YAML.Malformed(file: file, line: node?.line ?? line, reason: reason)
    }

    private var fluxKustomization: String { "one in kustomize.toolkit.fluxcd.io/v1" }
}

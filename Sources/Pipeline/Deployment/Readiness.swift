package import Documents

/// Whether an object of the manifest has become what it was applied for.
package enum Readiness: Equatable, Sendable {
    case ready
    /// Not yet, and why.
    case waiting(String)
    /// It will not without somebody's help, and why.
    case failed(String)

    /// Judges an object as the API server shows it; nil is one that is not there.
    ///
    /// The rule is kstatus', which all controllers of Flux keep: the status is of this generation, `Ready` is True and
    /// nothing is `Reconciling`. Only `Stalled` is final: whatever else goes wrong the controllers try again, so
    /// `BuildFailed` or `HealthCheckFailed` may pass, and a HelmRelease whose retries are used up is Stalled.
    /// `source` is what a Kustomization is built from: it must have been applied as it is now. Kinds without
    /// conditions, and a HelmRepository of type `oci`, which has no status, are ready when they are there.
    package init(of object: JSON?, source: JSON? = nil) {
        guard let object, let reference = Reference(of: object) else {
            self = .waiting("it is not there")
            return
        }
        if object["metadata"]["deletionTimestamp"].string != nil {
            self = .failed("somebody is deleting it")
            return
        }
        if object["spec"]["suspend"].bool == true {
            self = .failed("it is suspended")
            return
        }
        if reference.isSource, reference.kind == "HelmRepository", object["spec"]["type"].string == "oci" {
            self = .ready
            return
        }
        let status = Status(of: object)
        guard reference.isFlux || status.ready != nil else {
            self = .ready
            return
        }
        if let stalled = status.stalled, stalled.isCurrent {
            self = .failed(stalled.words)
            return
        }
        guard let ready = status.ready else {
            self = .waiting(status.reconciling?.words ?? "no controller has looked at it")
            return
        }
        // A Kustomization that fails keeps the older generation that it succeeded with.
        guard ready.status == "True" else {
            self = .waiting(ready.words)
            return
        }
        guard status.isCurrent else {
            self = .waiting("its status is of an older generation")
            return
        }
        if let reconciling = status.reconciling {
            self = .waiting(reconciling.words)
        } else if reference.isKustomization {
            self = Self.applied(object, from: source)
        } else if reference.isSource, reference.kind != "HelmRepository", Self.revision(of: object) == nil {
            self = .waiting("it has no artifact")
        } else {
            self = .ready
        }
    }

    /// The revision that a source has fetched, like `main@sha1:1234`.
    package static func revision(of source: JSON) -> String? { source["status"]["artifact"]["revision"].string }

    /// The version of the chart that a HelmRelease has installed, like `4.21.0`, with `@` and its digest if it came from a
    /// registry of images; nil if it has installed none.
    package static func chart(of release: JSON) -> String? {
        // The newest comes first.
        let installed = release["status"]["history"][0]
        guard let version = installed["chartVersion"].string else { return nil }
        return version + (installed["ociDigest"].string.map { "@\($0)" } ?? "")
    }

    /// What a Kustomization is built from, in no version in particular.
    package static func source(of kustomization: JSON) -> Reference? {
        let source = kustomization["spec"]["sourceRef"]
        guard let kind = source["kind"].string, let name = source["name"].string else { return nil }
        let namespace = source["namespace"].string ?? kustomization["metadata"]["namespace"].string
        return Reference(
            group: "source.toolkit.fluxcd.io", version: "v1", kind: kind, namespace: namespace, name: name)
    }

    /// What its controller says is wrong with an object, like `Ready is False: UninstallFailed: ...`; nil for nothing.
    package static func trouble(of object: JSON) -> String? {
        let status = Status(of: object)
        return status.stalled?.words ?? status.ready.flatMap { $0.status == "False" ? $0.words : nil }
    }

    private static func applied(_ object: JSON, from source: JSON?) -> Readiness {
        guard let source else { return .waiting("its source is not there") }
        guard let wanted = revision(of: source) else { return .waiting("its source has no artifact") }
        guard let applied = object["status"]["lastAppliedRevision"].string else {
            return .waiting("it has applied no revision")
        }
        return applied == wanted ? .ready : .waiting("it has applied \(applied), and its source is at \(wanted)")
    }
}

/// The conditions of an object and whether they are about what it is now.
private struct Status {
    struct Condition {
        let status: String
        /// False if the controller said so of an older generation.
        let isCurrent: Bool
        /// `Stalled: RetriesExceeded: Failed to install after 3 attempts`, on one line.
        let words: String
    }

    let ready: Condition?
    /// Nil unless it is True, as is `stalled`.
    let reconciling: Condition?
    let stalled: Condition?
    /// False while the controller has not looked at the object as it is now; controllers write -1 before they did.
    let isCurrent: Bool

    init(of object: JSON) {
        let generation = object["metadata"]["generation"].integer
        let observed = object["status"]["observedGeneration"].integer
        let all = object["status"]["conditions"].array
        func condition(_ type: String) -> Condition? {
            guard let found = all.first(where: { $0["type"].string == type }) else { return nil }
            let value = found["status"].string ?? "Unknown"
            let message = found["message"].string?.split(whereSeparator: \.isNewline).joined(separator: " ") ?? ""
            let words =
                (type == "Ready" ? "Ready is \(value)" : type) + ": \(found["reason"].string ?? "no reason")"
                + (message.isEmpty ? "" : ": \(message)")
            let isCurrent = (found["observedGeneration"].integer ?? observed) == generation
            return Condition(status: value, isCurrent: isCurrent, words: words)
        }
        ready = condition("Ready")
        reconciling = condition("Reconciling").flatMap { $0.status == "True" ? $0 : nil }
        stalled = condition("Stalled").flatMap { $0.status == "True" ? $0 : nil }
        // Kinds that are not Flux' need not keep a generation.
        isCurrent = observed == nil ? Reference(of: object)?.isFlux != true : observed == generation
    }
}

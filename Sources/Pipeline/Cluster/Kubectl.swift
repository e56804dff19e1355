package import Documents
package import Host

/// The cluster, through kubectl: it knows the formats of credentials and the API's conventions, and brahe does not.
///
/// kubectl applies, deletes and gets. It is never left to wait, and nothing it prints for people is taken for a fact
/// but the reason in an error: releases differ in all of that.
package struct Kubectl: Sendable {
    /// The program, found along PATH if it has no slash.
    package var program = "kubectl"
    /// The file with the cluster's address and credentials.
    package let kubeconfig: String
    /// The context in that file; its current one if nil.
    package var context: String?
    /// How long one request may take.
    package var timeoutSeconds = 30
    /// Where it keeps what it discovered of the API; its own place if nil.
    package var cacheFolder: String?

    package init(kubeconfig: String) { self.kubeconfig = kubeconfig }

    /// Why a request came to nothing.
    package enum Refusal: Equatable, Sendable {
        case notFound, alreadyExists, conflict, forbidden, unauthorized
        /// The API server does not know the kind, or not in this version.
        case unknownKind
        /// No answer from the API server.
        case unreachable
        /// Nothing was asked: kubectl cannot be started, or makes no sense of the kubeconfig or the context.
        case misconfigured
        case other
    }

    /// A request that came to nothing, with kubectl's last words.
    package struct Refused: Error, Sendable {
        package let refusal: Refusal
        /// The command, without the options that every command has, and why it failed.
        package let message: String

        /// The failure to end with where nothing better is known of it.
        package var failure: Failure {
            Failure(refusal == .misconfigured || refusal == .unauthorized ? .configuration : .deploy, message)
        }
    }

    /// The whole command line for these arguments: address, credentials and limit are said each time.
    package func commandLine(_ arguments: [String]) -> [String] {
        var line = [program, "--kubeconfig", kubeconfig]
        if let context { line += ["--context", context] }
        if let cacheFolder { line += ["--cache-dir", cacheFolder] }
        return line + ["--request-timeout", "\(timeoutSeconds)s"] + arguments
    }

    /// Runs kubectl once; returns what it printed.
    @discardableResult
    package func run(_ arguments: [String], input: String = "") throws(Refused) -> String {
        let words = "kubectl " + arguments.joined(separator: " ")
        let outcome: Tool.Outcome
        do {
            // Discovery may take several requests.
            outcome = try Tool(commandLine(arguments)).run(input: input, within: UInt32(timeoutSeconds * 4 + 5) * 1000)
        } catch {
            throw Refused(refusal: .misconfigured, message: error.message)
        }
        guard outcome.code != 0 else { return outcome.output }
        let refusal = outcome.code == 137 ? .unreachable : Self.refusal(in: outcome.errors)
        throw Refused(refusal: refusal, message: "\(words): \(outcome.lastWords)")
    }

    /// One object, or a list of them without a name; nil if there is no such object. The resource is fully qualified,
    /// like `kustomizations.kustomize.toolkit.fluxcd.io`; no namespace means all of them for a list.
    package func get(
        _ resource: String, _ name: String? = nil, namespace: String? = nil, selector: String? = nil
    ) throws(Refused) -> JSON? {
        var arguments = ["get", resource]
        if let name { arguments.append(name) }
        arguments += namespace.map { ["--namespace", $0] } ?? (name == nil ? ["--all-namespaces"] : [])
        if let selector { arguments += ["--selector", selector] }
        arguments += ["--output", "json"]
        do {
            return try JSON(parsing: run(arguments))
        } catch let error as Refused {
            if error.refusal == .notFound { return nil }
            throw error
        } catch {
            throw Refused(refusal: .other, message: "kubectl get \(resource): its answer is no JSON: \(error)")
        }
    }

    /// What the API server answers at a path, like `/version` or `/apis`.
    package func raw(_ path: String) throws(Refused) -> String { try run(["get", "--raw", path]) }

    private static func refusal(in errors: String) -> Refusal {
        let reasons: [(String, Refusal)] = [
            // Said with the reason NotFound too, and yet it is no object that is missing.
            ("could not find the requested resource", .unknownKind),
            ("(NotFound)", .notFound), ("(AlreadyExists)", .alreadyExists), ("(Conflict)", .conflict),
            ("(Forbidden)", .forbidden), ("(Unauthorized)", .unauthorized), ("must be logged in", .unauthorized),
            ("error loading config file", .misconfigured), ("Error in configuration", .misconfigured),
            ("error: context \"", .misconfigured), ("no matches for kind", .unknownKind),
            ("doesn't have a resource type", .unknownKind),
            ("Unable to connect to the server", .unreachable), ("was refused", .unreachable),
            ("(ServiceUnavailable)", .unreachable), ("(Timeout)", .unreachable), ("i/o timeout", .unreachable),
            ("Client.Timeout", .unreachable), ("context deadline exceeded", .unreachable),
            ("connection reset", .unreachable), ("connection lost", .unreachable), ("EOF", .unreachable),
            ("(TooManyRequests)", .unreachable),
        ]
        return reasons.first { errors.contains($0.0) }?.1 ?? .other
    }
}

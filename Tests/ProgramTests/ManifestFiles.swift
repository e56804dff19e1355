import Documents
import Foundation
import Host
import StandIns
import YAML

/// The manifests of deploy/, as they are and as kustomize builds them. Every scalar of an object is a string here.
enum Manifests {
    /// Where the manifests are.
    static let deploy = Here.checkout + "/deploy"
    /// What checks their fields.
    static let fields = URL(filePath: #filePath).deletingLastPathComponent().path + "/manifest_fields.py"

    /// Every YAML file of deploy/ by its path there, but Prometheus' own and what `flux bootstrap` writes in a fork.
    static func files() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: deploy).filter {
            $0.hasSuffix(".yaml") && !$0.contains("/flux-system/")
                && (!$0.hasPrefix("prometheus/") || $0.hasSuffix("/kustomization.yaml"))
        }.sorted()
    }

    /// Every folder that kustomize builds, by its path in deploy/.
    static func folders() throws -> [String] {
        try files().filter { $0.hasSuffix("kustomization.yaml") }.map { ($0 as NSString).deletingLastPathComponent }
    }

    /// What a kubectl builds of a folder.
    static func built(_ folder: String, by kubectl: String = Kubectls.all.first ?? "kubectl") throws -> String {
        let done = try Tool([kubectl, "kustomize", "\(deploy)/\(folder)"]).run(within: 20_000)
        guard done.code == 0 else { throw Missing(what: "\(folder), built by \(kubectl): \(done.errors)") }
        return done.output
    }

    /// The documents of a text.
    static func objects(_ text: String, of file: String = "built") throws -> [JSON] {
        try YAML.documents(Array(text.utf8), file: file).map(Self.json)
    }

    /// The documents of files of deploy/.
    static func objects(files: [String]) throws -> [JSON] {
        try files.flatMap { try objects(Files.read("\(deploy)/\($0)"), of: $0) }
    }

    private static func json(_ node: YAML.Node) -> JSON {
        switch node.value {
        case .scalar(let text): node.isNull ? .null : .string(text)
        case .sequence(let items): .array(items.map(json))
        case .mapping(let entries):
            .object(Dictionary(uniqueKeysWithValues: entries.map { ($0.key.text ?? "", json($0.value)) }))
        }
    }
}

extension EmulatedCluster {
    /// Runs a kubectl against this cluster; its output. The emulated API server has no document of its fields, so that
    /// none is checked.
    func run(_ words: [String], input: String = "", by kubectl: String = Kubectls.all.last ?? "kubectl") throws
        -> String
    {
        // Another cluster may have had the same port. kubectl 1.36 asks for lists as streams, which the emulation lacks.
        let connection = ["--kubeconfig", kubeconfig, "--cache-dir", folder + "/cache"]
        let program = ["/usr/bin/env", "KUBE_FEATURE_WatchListClient=false", kubectl]
        let done = try Tool(program + connection + words).run(input: input, within: 20_000)
        guard done.code == 0 else { throw Missing(what: "\(kubectl) \(words): \(done.errors)") }
        return done.output
    }
}

extension [JSON] {
    /// The one object of a kind, and of a name where there are several; null where there is none.
    func one(_ kind: String, _ name: String? = nil) -> JSON {
        first { $0["kind"].string == kind && (name == nil || $0["metadata"]["name"].string == name) } ?? .null
    }
}

extension JSON {
    /// The members, all of them strings.
    var texts: [String: String] { object.compactMapValues(\.string) }
}

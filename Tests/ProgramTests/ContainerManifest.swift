import Foundation
import Host
import YAML

/// The container of deploy/daemonset.yaml, in the words of containerd's `ctr run`.
///
/// A key that is not known here is refused, so that nothing the manifest says goes untested unseen.
struct ContainerManifest {
    /// Its image.
    let image: String
    /// Arguments of the image's entry point.
    let arguments: [String]
    /// Options of `ctr run` for what it may do and sees.
    private(set) var options: [String]
    /// The most memory it may have, in bytes.
    let memory: Int

    /// Keys that say nothing about the container itself: where pods go, how they end, who asks whether they are well.
    private static let others: Set = [
        "serviceAccountName", "enableServiceLinks", "nodeSelector", "tolerations", "priorityClassName",
        "terminationGracePeriodSeconds", "containers", "volumes", "name", "ports", "startupProbe", "livenessProbe",
        "readinessProbe", "imagePullPolicy", "automountServiceAccountToken",
    ]

    /// Reads it.
    ///
    /// - Parameters:
    ///   - node: the node's name.
    ///   - logs: what stands for the host's /var/log.
    ///   - sysfs: what stands for its /sys; nil for the host's own.
    init(node: String, logs: String, sysfs: String? = nil) throws {
        var standIns = ["/var/log/pods": logs + "/pods", "/var/log/containers": logs + "/containers"]
        if let sysfs { for part in ["/class", "/devices"] { standIns["/sys" + part] = sysfs + part } }
        let file = Here.checkout + "/deploy/daemonset.yaml"
        let documents = try YAML.documents(Array(Data(contentsOf: URL(filePath: file))), file: file)
        let set = documents.first { $0["kind"]?.text == "DaemonSet" }
        guard let pod = set?["spec"]?["template"]?["spec"], let container = pod["containers"]?.items.first,
            pod["containers"]?.items.count == 1
        else { throw Missing(what: "a DaemonSet of one container in \(file)") }
        var options = ["--read-only", "--seccomp"]

        try Self.expect(pod["securityContext"], ["runAsUser": "0"], "seccompProfile")
        try Self.expect(pod["securityContext"]?["seccompProfile"], ["type": "RuntimeDefault"])
        try Self.expect(
            container["securityContext"], ["allowPrivilegeEscalation": "false", "readOnlyRootFilesystem": "true"],
            "capabilities")
        options += try Self.capabilities(container["securityContext"]?["capabilities"])

        for variable in container["env"]?.items ?? [] {
            let value = variable["valueFrom"]?["fieldRef"]?["fieldPath"]?.text == "spec.nodeName" ? node : nil
            guard let name = variable["name"]?.text, let value = value ?? variable["value"]?.text else {
                throw Missing(what: "a meaning of the variable on line \(variable.line)")
            }
            options += ["--env", "\(name)=\(value)"]
        }
        for mount in container["volumeMounts"]?.items ?? [] {
            let volume = pod["volumes"]?.items.first { $0["name"]?.text == mount["name"]?.text }
            guard let path = volume?["hostPath"]?["path"]?.text, let target = mount["mountPath"]?.text else {
                throw Missing(what: "a meaning of the mount on line \(mount.line)")
            }
            // Of Linux 5.12 and runc 1.1 on, `IfPossible` is "yes"; containerd's own translation of it came later.
            let readOnly = mount["recursiveReadOnly"] != nil ? "rro" : mount["readOnly"]?.text == "true" ? "ro" : "rw"
            let source = standIns[path] ?? path
            options += ["--mount", "type=bind,src=\(source),dst=\(target),options=rbind:\(readOnly):rprivate"]
        }
        guard let limit = container["resources"]?["limits"]?["memory"]?.text, limit.hasSuffix("Mi"),
            let mebibytes = Int(limit.dropLast(2))
        else { throw Missing(what: "a limit of memory in Mi") }
        memory = mebibytes << 20
        let known = ["securityContext", "env", "volumeMounts", "resources", "image", "args"]
        for part in [pod, container] { try Self.refuse(part, but: Self.others.union(known)) }
        image = container["image"]?.text ?? ""
        arguments = container["args"]?.items.compactMap(\.text) ?? []
        self.options = options + ["--memory-limit", "\(memory)"]
    }

    /// The same without one of the capabilities that it adds.
    func dropping(_ capability: String) -> ContainerManifest {
        var other = self
        for index in options.indices.dropLast() where options[index + 1] == capability {
            other.options[index] = "--cap-drop"
        }
        return other
    }

    /// Drops every capability that the kernel has but those that are added, as `drop: [ALL]` means it.
    private static func capabilities(_ node: YAML.Node?) throws -> [String] {
        guard let node, node["drop"]?.items.map(\.text) == ["ALL"] else {
            throw Missing(what: "capabilities that drop ALL")
        }
        let added = (node["add"]?.items.compactMap(\.text) ?? []).map { "CAP_\($0)" }
        let all = try Tool(["setpriv", "--list-caps"]).run(within: 5000).output.uppercased().split(separator: "\n")
        return all.map { "CAP_\($0)" }.filter { !added.contains($0) }.flatMap { ["--cap-drop", $0] }
            + added.flatMap { ["--cap-add", $0] }
    }

    /// Requires that a mapping has these values and, besides, nothing but these keys.
    private static func expect(_ node: YAML.Node?, _ values: [String: String], _ keys: String...) throws {
        guard let node else { throw Missing(what: "\(values)") }
        for (key, value) in values where node[key]?.text != value {
            throw Missing(what: "\(key): \(value) on line \(node.line)")
        }
        try refuse(node, but: Set(values.keys).union(keys))
    }

    private static func refuse(_ node: YAML.Node, but known: Set<String>) throws {
        guard case .mapping(let entries) = node.value else { return }
        for (key, _) in entries where !known.contains(key.text ?? "") {
            throw Missing(what: "a test of \(key.text ?? "") on line \(key.line)")
        }
    }
}

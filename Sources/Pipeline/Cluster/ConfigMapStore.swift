internal import Documents
package import Host

/// A text in a ConfigMap, which outlives the machine that wrote it.
///
/// Each replacement names the version of the object that it replaces: whoever comes second is refused by the API
/// server, and nobody's change is lost.
package final class ConfigMapStore {
    private let kubectl: Kubectl
    private let namespace: String
    private let name: String
    private let key: String
    /// The object as it was last seen; nil if there was none.
    private var object: JSON?

    package init(kubectl: Kubectl, namespace: String, name: String, key: String) {
        self.kubectl = kubectl
        self.namespace = namespace
        self.name = name
        self.key = key
    }

    /// The text; nil if there is none yet.
    package func load() throws(Failure) -> String? {
        do {
            object = try kubectl.get("configmaps", name, namespace: namespace)
        } catch {
            throw failure(error)
        }
        return object?["data"][key].string
    }

    /// Replaces the text.
    package func save(_ text: String) throws(Failure) {
        var metadata: JSON = ["name": .string(name), "namespace": .string(namespace)]
        var data = object?["data"].object ?? [:]
        data[key] = .string(text)
        if case .object(var members)? = object?["metadata"] {
            // What kubectl or the API server keeps for itself is not ours to send back.
            members["managedFields"] = nil
            metadata = .object(members)
        }
        let next: JSON = [
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": .object(data),
        ]
        let verb = object == nil ? "create" : "replace"
        do {
            let answer = try kubectl.run(
                [verb, "--validate=false", "--filename", "-", "--output", "json"], input: next.line)
            object = try JSON(parsing: answer)
        } catch let error as Kubectl.Refused {
            throw failure(error)
        } catch {
            throw Failure(
                .configuration, "kubectl \(verb) configmap \(namespace)/\(name): its answer is no JSON: \(error)")
        }
    }

    private func failure(_ refused: Kubectl.Refused) -> Failure {
        switch refused.refusal {
        case .conflict, .alreadyExists:
            Failure(.locked, "another trigger changed configmap \(namespace)/\(name) meanwhile: \(refused.message)")
        default:
            Failure(.configuration, refused.message)
        }
    }
}

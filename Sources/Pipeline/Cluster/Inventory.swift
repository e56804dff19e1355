package import Deployment
package import Documents

extension Kubectl {
    /// Those of the objects that are there, as the API server shows them; kinds that are not served have none.
    package func objects(_ references: [Reference]) throws(Refused) -> [Reference: JSON] {
        struct Group: Hashable {
            let resource: String
            let namespace: String?
        }
        var found: [Reference: JSON] = [:]
        let groups = Dictionary(grouping: references) { Group(resource: $0.resource, namespace: $0.namespace) }
        for (group, members) in groups {
            var arguments = ["get", group.resource] + members.map(\.name)
            if let namespace = group.namespace { arguments += ["--namespace", namespace] }
            do {
                let answer = try run(arguments + ["--ignore-not-found", "--output", "json"])
                for item in try Self.items(in: answer, of: group.resource) {
                    let name = item["metadata"]["name"].string
                    if let reference = members.first(where: { $0.name == name }) { found[reference] = item }
                }
            } catch {
                guard error.refusal == .unknownKind || error.refusal == .notFound else { throw error }
            }
        }
        return found
    }

    /// The objects of some kinds, given as resources; no namespace means all of them.
    package func list(
        _ resources: [String], namespace: String?, selector: String?
    ) throws(Refused) -> [JSON] {
        guard !resources.isEmpty else { return [] }
        var arguments = ["get", resources.joined(separator: ",")]
        arguments += namespace.map { ["--namespace", $0] } ?? ["--all-namespaces"]
        if let selector { arguments += ["--selector", selector] }
        return try Self.items(in: run(arguments + ["--output", "json"]), of: resources.joined(separator: ","))
    }

    /// Deletes objects without waiting, those that share a kind and a namespace at once, in the order given.
    package func delete(_ references: [Reference]) throws(Refused) {
        var rest = references[...]
        while let first = rest.first {
            let alike = rest.prefix { $0.resource == first.resource && $0.namespace == first.namespace }
            rest.removeFirst(alike.count)
            var arguments = ["delete", first.resource] + alike.map(\.name)
            if let namespace = first.namespace { arguments += ["--namespace", namespace] }
            do {
                try run(arguments + ["--ignore-not-found", "--wait=false"])
            } catch {
                guard error.refusal == .unknownKind || error.refusal == .notFound else { throw error }
            }
        }
    }

    /// One object, a list of them, or nothing at all.
    private static func items(in answer: String, of resource: String) throws(Refused) -> [JSON] {
        guard answer.contains(where: { !$0.isWhitespace }) else { return [] }
        do {
            let value = try JSON(parsing: answer)
            return value["items"] == .null ? [value] : value["items"].array
        } catch {
            throw Refused(refusal: .other, message: "kubectl get \(resource): its answer is no JSON: \(error)")
        }
    }
}

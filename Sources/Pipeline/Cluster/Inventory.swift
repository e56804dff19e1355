package import Deployment
package import Documents

extension Kubectl {
    /// Those of the objects that are there, as the API server shows them; kinds that are not served have none.
    ///
    /// One request to kubectl for each namespace, and one for each kind only if a kind is not served.
    package func objects(_ references: [Reference]) throws(Refused) -> [Reference: JSON] {
        var found: [Reference: JSON] = [:]
        for (_, members) in Dictionary(grouping: references, by: \.namespace) {
            do {
                found.merge(try shown(members)) { $1 }
            } catch {
                let kinds = Dictionary(grouping: members, by: \.resource).values
                guard error.refusal == .unknownKind || error.refusal == .notFound else { throw error }
                guard kinds.count > 1 else { continue }
                for kind in kinds { found.merge(try objects(kind)) { $1 } }
            }
        }
        return found
    }

    /// kubectl's arguments for looking at objects that share a namespace.
    package static func getting(_ references: [Reference]) -> [String] {
        ["get"] + references.map { "\($0.resource)/\($0.name)" }
            + (references.first?.namespace.map { ["--namespace", $0] } ?? [])
            + ["--ignore-not-found", "--output", "json"]
    }

    /// The same of objects that share a namespace.
    private func shown(_ references: [Reference]) throws(Refused) -> [Reference: JSON] {
        let answer = try run(Self.getting(references))
        var found: [Reference: JSON] = [:]
        for item in try Self.items(in: answer, of: "objects") {
            guard let shown = Reference(of: item),
                let reference = references.first(where: {
                    $0.kind == shown.kind && $0.name == shown.name && $0.group == shown.group
                })
            else { continue }
            found[reference] = item
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

    /// Deletes objects without waiting, in the order given.
    package func delete(_ references: [Reference]) throws(Refused) {
        for arguments in Self.deleting(references) {
            do {
                try run(arguments)
            } catch {
                guard error.refusal == .unknownKind || error.refusal == .notFound else { throw error }
            }
        }
    }

    /// kubectl's arguments for deleting objects without waiting: those that share a kind and a namespace at once.
    package static func deleting(_ references: [Reference]) -> [[String]] {
        var commands: [[String]] = []
        var rest = references[...]
        while let first = rest.first {
            let alike = rest.prefix { $0.resource == first.resource && $0.namespace == first.namespace }
            rest.removeFirst(alike.count)
            commands.append(
                ["delete", first.resource] + alike.map(\.name) + (first.namespace.map { ["--namespace", $0] } ?? [])
                    + ["--ignore-not-found", "--wait=false"])
        }
        return commands
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

package import Deployment
internal import Documents

extension Kubectl {
    /// What the API server serves of the groups of these objects, and of Flux' sources; of all groups if nil.
    package func served(for references: [Reference]?) throws(Refused) -> ServedKinds {
        var served = ServedKinds(groups: try document("/apis"))
        let source = Reference(
            group: "source.toolkit.fluxcd.io", version: "", kind: "", namespace: nil, name: "")
        let all = served.versions.keys.sorted().map {
            Reference(group: $0, version: "", kind: "", namespace: nil, name: "")
        }
        for (group, version) in served.needed(for: references.map { $0 + [source] } ?? all) {
            let path = ServedKinds.path(group: group, version: version)
            do {
                served.add(try document(path), group: group, version: version)
            } catch {
                // An aggregated API whose server is away; its kinds count as not served.
                guard error.message.contains("(ServiceUnavailable)") || error.refusal == .notFound else { throw error }
            }
        }
        return served
    }

    private func document(_ path: String) throws(Refused) -> JSON {
        let text = try raw(path)
        do {
            return try JSON(parsing: text)
        } catch {
            throw Refused(refusal: .other, message: "kubectl get --raw \(path): its answer is no JSON: \(error)")
        }
    }
}

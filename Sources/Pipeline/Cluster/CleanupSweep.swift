package import Deployment
internal import Documents

extension Kubectl {
    /// All objects in the cluster that carry a run's label, by run, in an order in which they could be applied.
    ///
    /// Every kind that can be listed and deleted is looked at. `unseen` are those that this user may not list.
    package func labelled() throws(Refused) -> (runs: [String: [Reference]], unseen: [String]) {
        var runs: [String: [Reference]] = [:]
        var unseen: [String] = []
        for (group, version, kind) in try served(for: nil).deletable where !Self.isFleeting(group, kind) {
            let objects: [JSON]
            do {
                objects = try list(["\(kind).\(version).\(group)"], namespace: nil, selector: Manifest.label)
            } catch {
                guard error.refusal == .forbidden || error.refusal == .unknownKind else { throw error }
                unseen.append("\(kind) in \(group.isEmpty ? "" : group + "/")\(version)")
                continue
            }
            for object in objects {
                guard let reference = Reference(of: object),
                    let run = object["metadata"]["labels"][Manifest.label].string
                else { continue }
                runs[run, default: []].append(reference)
            }
        }
        for (run, references) in runs {
            runs[run] = references.sorted { ($0.rank, $0.description) < ($1.rank, $1.description) }
        }
        return (runs, unseen)
    }

    /// True for kinds whose objects are made by controllers and go with others, and for what no manifest has.
    private static func isFleeting(_ group: String, _ kind: String) -> Bool {
        ["Event", "Endpoints", "EndpointSlice", "ControllerRevision", "Node", "Lease"].contains(kind)
            || group == "metrics.k8s.io"
    }
}

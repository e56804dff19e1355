/// Which files of a folder of projects deploy a project in one of its configurations.
///
/// `PROJECT/PROJECT.yaml`, then `PROJECT/CONFIGURATION.yaml`: both when both exist.
package enum ManifestChoice {
    /// Why there is nothing to apply.
    package struct Missing: Error, Equatable {
        package let reason: String

        package init(reason: String) { self.reason = reason }
    }

    /// The files, relative to the folder, in the order of applying; `projects` are the names in the folder and `files`
    /// those in the project's own.
    ///
    /// A configuration that was asked for must have its file.
    package static func files(
        project: String, configuration: String?, projects: [String], files: [String]
    ) throws(Missing) -> [String] {
        guard projects.contains(project) else {
            throw Missing(reason: "no project \(project) there; there are: \(list(projects))")
        }
        var chosen = [project].filter { files.contains("\($0).yaml") }
        if let configuration, configuration != project {
            guard files.contains("\(configuration).yaml") else {
                let known = files.filter { $0.hasSuffix(".yaml") && $0 != "\(project).yaml" }
                    .map { String($0.dropLast(5)) }
                throw Missing(
                    reason: "no configuration \(configuration) of \(project) there; there are: \(list(known))")
            }
            chosen.append(configuration)
        }
        guard !chosen.isEmpty else {
            throw Missing(
                reason: "neither \(project)/\(project).yaml nor a configuration was named; there are: "
                    + list(files.filter { $0.hasSuffix(".yaml") }))
        }
        return chosen.map { "\(project)/\($0).yaml" }
    }

    private static func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }
}

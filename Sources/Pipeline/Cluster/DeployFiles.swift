package import Deployment
package import Host

extension Manifest {
    /// The manifest of a project in one of its configurations, from the files that `ManifestChoice` chooses in a folder.
    ///
    /// Throws with `configuration` if there are none, or for the first thing that is wrong in one.
    package static func reading(
        project: String, configuration: String?, in folder: String, version: String, run: String, namespace: String
    ) throws(Failure) -> Manifest {
        let projects = Files.names(in: folder).filter { Files.exists("\(folder)/\($0)/.") }
        let paths: [String]
        do {
            paths = try ManifestChoice.files(
                project: project, configuration: configuration, projects: projects,
                files: Files.names(in: "\(folder)/\(project)"))
        } catch {
            throw Failure(.configuration, "\(folder): \(error.reason)")
        }
        let manifest = try reading(paths.map { "\(folder)/\($0)" }, version: version, run: run, namespace: namespace)
        do {
            try manifest.requireSomethingToRun()
        } catch {
            throw Failure(.configuration, "\(error)")
        }
        return manifest
    }

    /// The manifest in these files; a nil version or run leaves them as they are, as for what a run has stored.
    package static func reading(
        _ paths: [String], version: String? = nil, run: String? = nil, namespace: String
    ) throws(Failure) -> Manifest {
        var files: [File] = []
        for path in paths { files.append(File(path: path, text: try Files.read(path))) }
        do {
            return try Manifest(files, version: version, run: run, namespace: namespace)
        } catch {
            throw Failure(.configuration, "\(error)")
        }
    }
}

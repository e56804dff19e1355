package import Deployment
package import Host
internal import YAML

extension Manifest {
    /// The files that deploy a project in one of its configurations, as `ManifestChoice` chooses them in a folder; throws
    /// with `configuration` if there are none.
    package static func paths(
        project: String, configuration: String?, in folder: String
    ) throws(Failure) -> [String] {
        let projects = Files.names(in: folder).filter { Files.exists("\(folder)/\($0)/.") }
        do {
            return try ManifestChoice.files(
                project: project, configuration: configuration, projects: projects,
                files: Files.names(in: "\(folder)/\(project)")
            ).map { "\(folder)/\($0)" }
        } catch {
            throw Failure(.configuration, "\(folder): \(error.reason)")
        }
    }

    /// The manifest of a project, from its files: it must make something run. Throws with `configuration` the first thing
    /// that is wrong.
    package static func ofProject(
        _ paths: [String], version: String, run: String, namespace: String
    ) throws(Failure) -> Manifest {
        var files: [File] = []
        for path in paths { files.append(File(path: path, text: try Files.read(path))) }
        let manifest = try checked(files, version: version, run: run, namespace: namespace)
        do {
            try manifest.requireSomethingToRun()
        } catch {
            throw Failure(.configuration, "\(error)")
        }
        return manifest
    }

    /// The manifest in these files; a nil version or run leaves them as they are, as for what a run has stored.
    package static func checked(
        _ files: [File], version: String? = nil, run: String? = nil, namespace: String
    ) throws(Failure) -> Manifest {
        do {
            return try Manifest(files, version: version, run: run, namespace: namespace)
        } catch {
            throw Failure(.configuration, "\(error)")
        }
    }
}

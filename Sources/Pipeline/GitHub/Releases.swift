internal import Documents
package import Host
package import Registry

/// The newest releases of projects.
package struct Releases {
    private let api: API
    private let book: StateBook

    package init(api: API, book: StateBook) {
        self.api = api
        self.book = book
    }

    /// The path that is asked for a project's newest release.
    package static func path(for project: Project) -> String {
        let repository =
            "/repos/\(HTTPRequest.encoded(project.organization))/\(HTTPRequest.encoded(project.repository))"
        // GitHub's own choice is one release and no prerelease; any other choice needs them all to choose from.
        return repository + (project.releases.isLatest ? "/releases/latest" : "/releases?per_page=100")
    }

    /// What the state remembers the answer by: another policy may choose another release from the same answer.
    package static func key(for project: Project) -> String {
        let policy = project.releases
        return "\(project.organization)/\(project.repository)"
            + (policy.tagPattern.map { " \($0)" } ?? "") + (policy.prereleases ? " with prereleases" : "")
    }

    /// The version of the newest release of a project, and the tag it comes from.
    package func latest(of project: Project) throws(Failure) -> (tag: String, version: String) {
        let key = Self.key(for: project)
        let known = book.state.releases[key]
        let path = Self.path(for: project)
        let reply = try api.get(path, etag: known?.etag)
        let tag: String
        do {
            switch reply.status {
            case 304:
                guard let known else { throw Misread("", "not modified, but nothing is known") }
                tag = known.tag
            case 200:
                tag = try Self.tag(in: reply.body, by: project.releases)
                let seen = TriggerState.Seen(etag: reply.headers["etag"], tag: tag, seen: .now)
                try remember(seen, as: key)
            case 404:
                throw Misread("", "\(reply.reason); no such repository, no release in it, or the token cannot see it")
            default:
                throw Misread("", reply.reason)
            }
            return (tag, try project.releases.version(ofTag: tag))
        } catch let error as Failure {
            throw error
        } catch {
            throw Failure(.gitHub, "GET \(api.base)\(path): \(error)")
        }
    }

    private func remember(_ seen: TriggerState.Seen, as key: String) throws(Failure) {
        try book.change { $0.releases[key] = seen }
    }

    private static func tag(in body: String, by policy: ReleasePolicy) throws(Misread) -> String {
        guard !policy.isLatest else { return try Release(parsing: body).tag }
        guard let release = Release.latest(of: try Release.list(parsing: body), by: policy) else {
            let pattern = policy.tagPattern.map { " with a tag like \($0)" } ?? ""
            throw Misread("", "none of the last 100 releases is one\(pattern)")
        }
        return release.tag
    }
}

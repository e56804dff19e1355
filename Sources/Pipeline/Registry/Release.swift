package import Documents

/// A release of a repository on GitHub, as `GET /repos/OWNER/REPO/releases/latest` and `.../releases` show it.
package struct Release: Equatable, Sendable {
    /// The tag, which is never empty.
    package let tag: String
    package let prerelease: Bool
    package let draft: Bool
    /// The date of the tagged commit, by which GitHub decides which release is the latest; in milliseconds of Unix time.
    package let created: Int64

    package init(tag: String, prerelease: Bool = false, draft: Bool = false, created: Int64) {
        self.tag = tag
        self.prerelease = prerelease
        self.draft = draft
        self.created = created
    }

    /// Reads one release.
    package init(parsing text: String) throws(Misread) { self = try Release(Field.document(text)) }

    /// Reads a list of releases.
    package static func list(parsing text: String) throws(Misread) -> [Release] {
        var releases: [Release] = []
        for element in try Field.document(text).elements() { releases.append(try Release(element)) }
        return releases
    }

    private init(_ field: Field) throws(Misread) {
        guard case .object = field.value else { throw field.wrong("an object") }
        // A release without a tag must not become one that is called `null`.
        tag = try field["tag_name"].string()
        prerelease = try field["prerelease"].given?.bool() ?? false
        draft = try field["draft"].given?.bool() ?? false
        let date = try field["created_at"].string()
        guard let moment = Moment(date) else { throw Misread(field["created_at"].path, "\(date) is no date") }
        created = moment.milliseconds
    }

    /// The newest of them that the policy accepts, by GitHub's own order.
    package static func latest(of releases: [Release], by policy: ReleasePolicy) -> Release? {
        let accepted = releases.filter {
            !$0.draft && (policy.prereleases || !$0.prerelease) && policy.accepts(tag: $0.tag)
        }
        // The first of equals: GitHub's list begins with the newest.
        return accepted.reversed().max { $0.created < $1.created }
    }
}

package import Documents

/// Which releases of a project count, and what version a tag means.
package struct ReleasePolicy: Equatable, Sendable {
    /// What a tag must look like: `*` stands for any characters, `?` for one; nil for any tag.
    package let tagPattern: String?
    /// Whether prereleases count; drafts never do.
    package let prereleases: Bool
    /// What version a tag means: text in which `${TAG}` is the tag and `${TAG#v}` the tag without a leading `v`, or
    /// whatever else stands behind the `#`. Nil means the tag itself.
    package let versionTemplate: String?

    package init(tagPattern: String? = nil, prereleases: Bool = false, versionTemplate: String? = nil) {
        self.tagPattern = tagPattern
        self.prereleases = prereleases
        self.versionTemplate = versionTemplate
    }

    /// Whether GitHub's own choice of the latest release is ours: without a pattern and without prereleases.
    package var isLatest: Bool { tagPattern == nil && !prereleases }

    /// Whether a tag is one of the project's releases.
    package func accepts(tag: String) -> Bool {
        guard let tagPattern else { return true }
        return Self.matches(Array(tag)[...], Array(tagPattern)[...])
    }

    /// The version that a tag means; throws if the template is no template or the result is no version.
    package func version(ofTag tag: String) throws(Misread) -> String {
        let version = try Self.fill(versionTemplate ?? "${TAG}", with: tag)
        if let objection = Name.objection(toVersion: version) {
            throw Misread(
                "", "tag \(tag.debugDescription) means version \(version.debugDescription), which \(objection)")
        }
        return version
    }

    /// Puts the tag into a template.
    private static func fill(_ template: String, with tag: String) throws(Misread) -> String {
        var text = ""
        var rest = template[...]
        var filled = false
        while let dollar = rest.firstIndex(of: "$") {
            text += rest[..<dollar]
            rest = rest[dollar...]
            guard rest.hasPrefix("${TAG"), let end = rest.firstIndex(of: "}") else { break }
            let prefix = rest[..<end].dropFirst("${TAG".count)
            guard prefix.isEmpty || prefix.first == "#" else { break }
            let cut = prefix.dropFirst()
            text += tag.hasPrefix(cut) ? tag.dropFirst(cut.count) : tag[...]
            rest = rest[rest.index(after: end)...]
            filled = true
        }
        guard filled, !rest.contains("$") else {
            throw Misread("", "\(template.debugDescription) is no template like \"${TAG}\" or \"${TAG#v}\"")
        }
        return text + rest
    }

    /// A pattern with one star after another would take long by plain recursion; going back to the last star suffices.
    private static func matches(_ text: ArraySlice<Character>, _ pattern: ArraySlice<Character>) -> Bool {
        var text = text
        var pattern = pattern
        var star: (text: ArraySlice<Character>, pattern: ArraySlice<Character>)?
        while true {
            if let next = pattern.first, next == "*" {
                pattern = pattern.dropFirst()
                star = (text, pattern)
            } else if let next = pattern.first, let character = text.first, next == "?" || next == character {
                text = text.dropFirst()
                pattern = pattern.dropFirst()
            } else if text.isEmpty, pattern.isEmpty {
                return true
            } else if let last = star, !last.text.isEmpty {
                star = (last.text.dropFirst(), last.pattern)
                text = last.text.dropFirst()
                pattern = last.pattern
            } else {
                return false
            }
        }
    }
}

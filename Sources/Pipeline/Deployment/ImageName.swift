package import Documents

/// The name of a container image: `[HOST/]REPOSITORY[:TAG][@DIGEST]`.
package struct ImageName: Equatable, Sendable {
    /// Without what Docker Hub's names may leave out: `docker.io/falcosecurity/falco` is `falcosecurity/falco`.
    package let repository: String
    package let tag: String?
    /// `sha256:` and digits.
    package let digest: String?

    package init(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1)
        digest = parts.count > 1 ? String(parts[1]) : nil
        var name = parts.first ?? ""
        // A colon before the last slash belongs to a port.
        if let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") {
            tag = String(name[name.index(after: colon)...])
            name = name[..<colon]
        } else {
            tag = nil
        }
        for prefix in ["index.docker.io/", "docker.io/", "library/"] where name.hasPrefix(prefix) {
            name = name.dropFirst(prefix.count)
        }
        repository = String(name)
    }

    /// True if the tag is this version: the same with or without a leading `v`, and perhaps with a `-suffix` that does
    /// not make it a version before it, as `-rc1` does.
    package func isVersion(_ version: String) -> Bool {
        guard let tag else { return false }
        let wanted = Self.bare(version)
        let found = Self.bare(tag)
        guard found.hasPrefix(wanted) else { return false }
        let rest = found.dropFirst(wanted.count)
        guard let first = rest.first else { return true }
        let suffix = rest.dropFirst().lowercased()
        return first == "-" && !["rc", "alpha", "beta", "pre", "dev"].contains { suffix.hasPrefix($0) }
    }

    private static func bare(_ version: String) -> Substring {
        let rest = version.dropFirst()
        guard version.first == "v" || version.first == "V", let digit = rest.first, digit.isASCII, digit.isNumber else {
            return version[...]
        }
        return rest
    }
}

/// What a Kustomization makes of an image's name, from its `spec.images`.
package struct ImageRule: Equatable, Sendable {
    /// The image that its pods run, without tag.
    package let repository: String
    /// The tag or the digest that they must have; nil if the rule leaves it alone.
    package let tag: String?
    package let digest: String?

    package init(name: String, newName: String?, newTag: String?, digest: String?) {
        repository = ImageName(newName ?? name).repository
        tag = newTag
        self.digest = digest
    }

    /// From one of `spec.images`; nil if it names no image.
    package init?(_ image: JSON) {
        guard let name = image["name"].string else { return nil }
        self.init(
            name: name, newName: image["newName"].string, newTag: image["newTag"].string,
            digest: image["digest"].string)
    }

    /// Why a container's image breaks the rule; nil if it keeps it or is another image.
    package func violation(by image: ImageName) -> String? {
        guard image.repository == repository else { return nil }
        if let digest { return image.digest == digest ? nil : "has not the digest \(digest)" }
        guard let tag, image.tag != tag else { return nil }
        return "is to be \(tag)"
    }
}

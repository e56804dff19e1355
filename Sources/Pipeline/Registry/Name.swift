/// The rules for names that become a file's name, an input of a workflow and a label.
package enum Name {
    /// Why a project or a configuration cannot be called so; nil if it can.
    ///
    /// It is the name of a folder or file of manifests, and brahe finds a run again by a title in which a space
    /// separates the names.
    package static func objection(to name: String) -> String? {
        if name.isEmpty { return "is empty" }
        if name.unicodeScalars.count > 100 { return "is longer than 100 characters" }
        if let first = name.first, ".-".contains(first) { return "begins with \(first)" }
        if name.contains("/") || name.contains("\\") { return "contains a slash" }
        if name.contains("..") { return "contains .." }
        if hasUnprintable(name) { return "contains a space or a control character" }
        return nil
    }

    /// Why this cannot be a version, which is put into manifests as it is; nil if it can.
    package static func objection(toVersion version: String) -> String? {
        if version.isEmpty { return "is empty" }
        if version.unicodeScalars.count > 128 { return "is longer than 128 characters" }
        let allowed = { (scalar: Unicode.Scalar) in
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                || "._+-/~@".unicodeScalars.contains(scalar)
        }
        guard let other = version.unicodeScalars.first(where: { !allowed($0) }) else { return nil }
        return "contains \(String(Character(other)).debugDescription), which no version has"
    }

    /// Why this cannot be the owner of a repository or a repository on GitHub; nil if it can.
    package static func objection(toRepository name: String) -> String? {
        let allowed = { (character: Character) in
            character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
        }
        if name.isEmpty { return "is empty" }
        if name == "." || name == ".." || !name.allSatisfy(allowed) { return "is no name on GitHub" }
        return nil
    }

    private static func hasUnprintable(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.properties.isWhitespace || $0.value < 0x20 || $0.value == 0x7f }
    }
}

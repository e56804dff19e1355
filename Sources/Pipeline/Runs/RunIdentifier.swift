package import Documents

/// The name of a run: its folder's, and the value of the label on everything of it in a cluster.
///
/// `20261121T080000Z-falco-modern-ebpf-0.41.1-01`: when, what, and a number that makes it unique. Labels in Kubernetes
/// allow 63 letters, digits, dots, dashes and underscores.
package struct RunIdentifier {
    private let head: String
    private let version: String

    package init(at moment: Moment, project: String, configuration: String?, version: String) {
        head = Self.plain(([moment.compact, project] + [configuration].compactMap { $0 }).joined(separator: "-"))
        self.version = Self.plain(version)
    }

    /// The name with this number; what is too long loses its middle.
    package func name(number: Int) -> String {
        let tail = "-" + version.prefix(24) + (number < 10 ? "-0\(number)" : "-\(number)")
        return head.prefix(63 - tail.count) + tail
    }

    private static func plain(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" })
    }
}

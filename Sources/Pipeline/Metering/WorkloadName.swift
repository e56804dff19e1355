/// What a pod belongs to, guessed from its name.
///
/// Kubernetes writes the random parts of names with the digits and consonants that cannot spell words
/// (apimachinery's `rand.SafeEncodeString`), older ones with any digit. A name that somebody chose can look the same: it is
/// a guess, and a known workload goes first.
enum WorkloadName {
    /// The name without its generated end: `web-9b6bb4f68-k2vp7` of a ReplicaSet, `agent-x7k2p` of a DaemonSet or Job,
    /// `db-0` of a StatefulSet, `proxy-NODE` of a static pod.
    static func guess(pod: String, node: String?) -> String {
        if let node, !node.isEmpty, pod.hasSuffix("-" + node), pod.utf8.count > node.utf8.count + 1 {
            return String(pod.dropLast(node.count + 1))
        }
        let parts = pod.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count > 1, let last = parts.last, let first = parts.first, !first.isEmpty else { return pod }
        if last.utf8.count == 5, last.utf8.allSatisfy(isSafe) {
            let hash = parts[parts.count - 2]
            let isHashed = parts.count > 2 && (8...10).contains(hash.utf8.count) && hash.utf8.allSatisfy(isSafe)
            return parts.dropLast(isHashed ? 2 : 1).joined(separator: "-")
        }
        if !last.isEmpty, last.utf8.allSatisfy(isDigit) { return parts.dropLast().joined(separator: "-") }
        return pod
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isSafe(_ byte: UInt8) -> Bool { isDigit(byte) || "bcdfghjklmnpqrstvwxz".utf8.contains(byte) }
}

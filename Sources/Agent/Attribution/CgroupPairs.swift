/// The cgroups of a hybrid node, where a task is in one of v2 and in one of a v1 hierarchy, and its time is charged to
/// the pair of both. A pair is there once it has worked, until either of its cgroups goes.
public struct CgroupPairs: Sendable {
    private var paths: [UInt64: String] = [:]
    private var members: [UInt64: (v2: UInt64, v1: UInt64)] = [:]
    /// The pairs that each cgroup is in.
    private var pairsOf: [UInt64: Set<UInt64>] = [:]
    /// Removed, though the last work of its last task may still be told.
    private var leaving: [UInt64] = []

    /// No cgroup and no pair.
    public init() {}

    /// Notes the path of a cgroup that was made.
    public mutating func note(_ cgroup: UInt64, path: String) { paths[cgroup] = path }

    /// Notes that a cgroup was removed; returns its pairs, which went with it.
    public mutating func remove(_ cgroup: UInt64) -> [UInt64] {
        leaving.append(cgroup)
        let gone = pairsOf.removeValue(forKey: cgroup) ?? []
        for pair in gone { drop(pair) }
        return Array(gone)
    }

    /// Notes what the probe calls the pair of two cgroups. Returns the path that stands for it; nil where a path is
    /// unknown, which `reconcile` can mend.
    public mutating func pair(_ pair: UInt64, v2: UInt64, v1: UInt64) -> String? {
        members[pair] = (v2, v1)
        let path = path(of: pair)
        if leaving.contains(v2) || leaving.contains(v1) {
            members[pair] = nil
        } else {
            pairsOf[v2, default: []].insert(pair)
            pairsOf[v1, default: []].insert(pair)
        }
        return path
    }

    /// Whether a pair is there.
    public func knows(_ pair: UInt64) -> Bool { members[pair] != nil }

    /// Forgets the cgroups that were removed before; so long a pair of theirs may still be told.
    public mutating func forgetRemoved() {
        guard !leaving.isEmpty else { return }
        for cgroup in leaving { paths[cgroup] = nil }
        leaving.removeAll()
    }

    /// Takes what a walk of both hierarchies found for all there is. Returns every pair and the path that stands for it.
    public mutating func reconcile(with found: [UInt64: String]) -> [UInt64: String] {
        paths = found
        leaving.removeAll()
        var resolved: [UInt64: String] = [:]
        for pair in Array(members.keys) {
            if let path = path(of: pair) { resolved[pair] = path } else { drop(pair) }
        }
        return resolved
    }

    /// The path that stands for a pair: the one that names a container, v1 first; else v2's, unless that is the root.
    /// A runtime that drives v1 makes its cgroups there alone, one that drives v2 likewise.
    private func path(of pair: UInt64) -> String? {
        guard let (v2, v1) = members[pair], let newer = paths[v2], let older = paths[v1] else { return nil }
        if Self.namesWorkload(older) { return older }
        return Self.namesWorkload(newer) || newer != "/" ? newer : older
    }

    private static func namesWorkload(_ path: String) -> Bool {
        switch Identity(path: path) {
        case .kernel, .system: false
        default: true
        }
    }

    private mutating func drop(_ pair: UInt64) {
        guard let (v2, v1) = members.removeValue(forKey: pair) else { return }
        pairsOf[v2]?.remove(pair)
        pairsOf[v1]?.remove(pair)
        if pairsOf[v2]?.isEmpty == true { pairsOf[v2] = nil }
        if pairsOf[v1]?.isEmpty == true { pairsOf[v1] = nil }
    }
}

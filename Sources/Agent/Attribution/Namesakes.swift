/// Pods by name alone, as Kepler's first generation tells them.
///
/// A name is used again: a StatefulSet's `web-0` is followed by another `web-0`, and for a while both are there. They
/// are one series, which goes on from where the former pod left it. Pods whose name nobody knows are in none.
public struct Namesakes: Sendable {
    /// The pods of one name.
    public struct Group: Sendable {
        /// Their name; the container's is that of the first of them.
        public let name: ContainerName
        /// A number that no other group had.
        public let serial: UInt64
        /// When the first of them was opened, nanoseconds since 1970.
        public let openedAt: UInt64
        var pods = 0
    }

    private struct Key: Hashable {
        let pod: String
        let namespace: String
    }

    /// The groups by index; nil for an index that is free.
    public private(set) var all: [Group?] = []
    private var indexOfName: [Key: Int] = [:]
    private var formers: Formers
    private var lastSerial: UInt64 = 0

    /// No groups, of a ledger with so many zones.
    init(zones: Int) { formers = Formers(zones: zones) }

    /// What pods of a group had that are gone.
    public func former(_ group: Int, zone: Int) -> Share { formers.share(group, zone: zone) }

    /// The CPU time of pods of a group that are gone, nanoseconds.
    public func formerTime(_ group: Int) -> UInt64 { formers.time(group) }

    /// What pods had whose group is gone.
    public func retired(zone: Int) -> Share { formers.gone(zone: zone) }

    /// CPU time of pods whose group is gone, nanoseconds.
    public var retiredTime: UInt64 { formers.goneTime }

    /// Adds a pod to the group of its name; returns the group's index, nil for a pod without a name.
    mutating func join(_ name: ContainerName, at unix: UInt64) -> Int? {
        guard !name.pod.isEmpty else { return nil }
        let key = Key(pod: name.pod, namespace: name.namespace)
        let group = indexOfName[key] ?? open(name, key, at: unix)
        all[group]?.pods += 1
        return group
    }

    /// Takes a pod out of its group with what it had, CPU time and a share for each zone. The last one takes the group
    /// along.
    mutating func leave(_ group: Int, time: UInt64, share: (_ zone: Int) -> Share) {
        formers.take(group, time: time, share: share)
        all[group]?.pods -= 1
        guard let left = all[group], left.pods == 0 else { return }
        formers.release(group)
        indexOfName[Key(pod: left.name.pod, namespace: left.name.namespace)] = nil
        all[group] = nil
    }

    private mutating func open(_ name: ContainerName, _ key: Key, at unix: UInt64) -> Int {
        lastSerial += 1
        let group = Group(name: name, serial: lastSerial, openedAt: unix)
        let index: Int
        if let free = all.firstIndex(where: { $0 == nil }) {
            index = free
            all[free] = group
        } else {
            index = all.count
            all.append(group)
            formers.append()
        }
        indexOfName[key] = index
        return index
    }
}

/// The pods of the containers that have an account, and what those of their containers had that have none any more:
/// a container that is folded away is no loss to its pod.
public struct Pods: Sendable {
    /// One pod.
    public struct Pod: Sendable {
        /// Its UID, as in the path of its cgroup.
        public let uid: String
        /// A number that no other pod had.
        public let serial: UInt64
        /// When its first account was opened, nanoseconds since 1970.
        public let openedAt: UInt64
        /// Whether one of its containers is there still.
        public var isAlive: Bool { alive > 0 }
        /// What its series carry; its containers' first settled name. Nil while that is awaited.
        public internal(set) var name: ContainerName?
        /// Those of its name, an index of `namesakes`; nil for a pod without a name.
        public internal(set) var namesake: Int?
        var members = 0
        var alive = 0
    }

    /// The pods by index; nil for an index that is free.
    public private(set) var all: [Pod?] = []
    /// The same pods by name.
    public private(set) var namesakes: Namesakes
    private var indexOfUID: [String: Int] = [:]
    private var formers: Formers
    private var lastSerial: UInt64 = 0

    /// No pods, of a ledger with so many zones.
    init(zones: Int) {
        formers = Formers(zones: zones)
        namesakes = Namesakes(zones: zones)
    }

    /// What containers of a pod had that are folded away.
    public func former(_ pod: Int, zone: Int) -> Share { formers.share(pod, zone: zone) }

    /// The CPU time of containers of a pod that are folded away, nanoseconds.
    public func formerTime(_ pod: Int) -> UInt64 { formers.time(pod) }

    /// What pods had that are gone.
    public func retired(zone: Int) -> Share { formers.gone(zone: zone) }

    /// CPU time of pods that are gone, nanoseconds.
    public var retiredTime: UInt64 { formers.goneTime }

    /// Adds an account to the pod of that UID; returns the pod's index.
    mutating func join(_ uid: String, at unix: UInt64) -> Int {
        let pod = indexOfUID[uid] ?? open(uid, at: unix)
        all[pod]?.members += 1
        all[pod]?.alive += 1
        return pod
    }

    /// Notes that a member came to life or went.
    mutating func member(of pod: Int, isAlive: Bool) { all[pod]?.alive += isAlive ? 1 : -1 }

    /// Gives the pod its name, unless it has one.
    mutating func settle(_ pod: Int, _ name: ContainerName) {
        guard let known = all[pod], known.name == nil else { return }
        all[pod]?.name = name
        all[pod]?.namesake = namesakes.join(name, at: known.openedAt)
    }

    /// Takes an account out of its pod, with all that it had, before it is folded. The last one takes the pod along.
    mutating func leave(_ pod: Int, row: Ledger.Row, of ledger: Ledger) {
        formers.take(pod, time: ledger.cpuTime(row)) { ledger.share(row, zone: $0) }
        all[pod]?.members -= 1
        guard let left = all[pod], left.members == 0 else { return }
        if let group = left.namesake {
            namesakes.leave(group, time: formers.time(pod)) { formers.share(pod, zone: $0) }
        }
        formers.release(pod)
        indexOfUID[left.uid] = nil
        all[pod] = nil
    }

    private mutating func open(_ uid: String, at unix: UInt64) -> Int {
        lastSerial += 1
        let pod = Pod(uid: uid, serial: lastSerial, openedAt: unix)
        let index: Int
        if let free = all.firstIndex(where: { $0 == nil }) {
            index = free
            all[free] = pod
        } else {
            index = all.count
            all.append(pod)
            formers.append()
        }
        indexOfUID[uid] = index
        return index
    }
}

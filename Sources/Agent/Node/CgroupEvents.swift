import Attribution
import CAgent

/// The probe's ring buffer of cgroups made, with their paths, and removed.
///
/// On a hybrid node the events are of pairs, and a pair is made when it first works.
final class CgroupEvents: RecordRing {
    /// One event.
    enum Event {
        case made(UInt64, path: String)
        case removed(UInt64)
    }

    /// What `receive` found, oldest first; the reader empties it.
    var waiting: [Event] = []

    private var pairs: CgroupPairs?

    /// Reads a ring buffer map of `cgroup_event` records, and of `cgroup_pair` records where the node is hybrid.
    init(map: Int32, isHybrid: Bool) throws(SystemError) {
        pairs = isHybrid ? CgroupPairs() : nil
        try super.init(map: map, of: "cgroup events")
    }

    override func receive() {
        pairs?.forgetRemoved()
        super.receive()
    }

    /// Every cgroup's id, as the probe charges it, and path.
    func walk(_ tree: CgroupTree) -> [UInt64: String] {
        let found = tree.walk()
        return pairs?.reconcile(with: found) ?? found
    }

    override func take(_ record: UnsafeMutableRawPointer) {
        let event = UnsafePointer(record.assumingMemoryBound(to: cgroup_event.self))
        let id = event.pointer(to: \.cgroup_id)?.pointee ?? 0
        switch event.pointer(to: \.kind)?.pointee {
        case CGROUP_MADE.rawValue: note(id, path: Self.path(event))
        case CGROUP_PAIRED.rawValue: pair(record.load(as: cgroup_pair.self))
        default: remove(id)
        }
    }

    private func note(_ id: UInt64, path: String) {
        guard pairs != nil else { return waiting.append(.made(id, path: path)) }
        pairs?.note(id, path: path)
    }

    private func remove(_ id: UInt64) {
        guard pairs != nil else { return waiting.append(.removed(id)) }
        for key in pairs?.remove(id) ?? [] { waiting.append(.removed(key)) }
    }

    private func pair(_ record: cgroup_pair) {
        guard let path = pairs?.pair(record.cgroup_id, v2: record.v2, v1: record.v1) else { return }
        waiting.append(.made(record.cgroup_id, path: path))
        if pairs?.knows(record.cgroup_id) == false { waiting.append(.removed(record.cgroup_id)) }
    }

    /// Only so much of `path` was sent as there is, so the record must not be copied whole.
    private static func path(_ event: UnsafePointer<cgroup_event>) -> String {
        let length = Int(event.pointer(to: \.path_length)?.pointee ?? 0)
        let path = UnsafeRawPointer(event) + (MemoryLayout<cgroup_event>.offset(of: \.path) ?? 0)
        return String(decoding: UnsafeRawBufferPointer(start: path, count: length), as: UTF8.self)
    }
}

import CAgent
import Glibc

/// The probe's ring buffer: cgroups made, with their paths, and removed.
final class CgroupEvents {
    /// One event.
    enum Event {
        case made(UInt64, path: String)
        case removed(UInt64)
    }

    /// What `receive` found, oldest first; the reader empties it.
    var waiting: [Event] = []

    private var ring: OpaquePointer?

    /// Reads a ring buffer map of `cgroup_event` records.
    init(map: Int32) throws(SystemError) {
        ring = ring_buffer__new(
            map,
            { context, record, _ in
                guard let context, let record else { return 0 }
                let events = Unmanaged<CgroupEvents>.fromOpaque(context).takeUnretainedValue()
                events.waiting.append(Event(record))
                return 0
            }, Unmanaged.passUnretained(self).toOpaque(), nil)
        guard ring != nil else { throw SystemError("open the BPF ring buffer of cgroup events") }
    }

    deinit { ring_buffer__free(ring) }

    /// Takes every record that is there, without waiting for one; allocates nothing when there is none.
    func receive() { _ = ring_buffer__consume(ring) }
}

extension CgroupEvents.Event {
    /// Decodes one record; the kernel's side of it is `struct cgroup_event`.
    fileprivate init(_ record: UnsafeMutableRawPointer) {
        let event = UnsafePointer(record.assumingMemoryBound(to: cgroup_event.self))
        let id = event.pointer(to: \.cgroup_id)?.pointee ?? 0
        guard event.pointer(to: \.kind)?.pointee == CGROUP_MADE.rawValue else {
            self = .removed(id)
            return
        }
        // Only so much of `path` was sent as there is, so the record must not be copied whole.
        let length = Int(event.pointer(to: \.path_length)?.pointee ?? 0)
        let path = record + (MemoryLayout<cgroup_event>.offset(of: \.path) ?? 0)
        self = .made(id, path: String(decoding: UnsafeRawBufferPointer(start: path, count: length), as: UTF8.self))
    }
}

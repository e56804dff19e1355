import CAgent

/// One run of one program by one process. An exec makes a process another one.
package struct Process: Equatable, Sendable {
    /// The process id in the host's pid namespace.
    package let pid: Int32
    /// The name of the leading thread, as of the first charge.
    package let comm: String
    /// The path of the executable as the process sees it, at exec time; empty for a kernel thread. A path that is too
    /// long lacks its beginning, and so its first slash.
    package let exe: String
    /// The cgroup of the leading thread, as the probe charges it.
    package let cgroup: UInt64
}

/// The probe's ring buffer of processes.
///
/// A process is seen before its first charge, and again when it moves to another cgroup. It works a little after it
/// exited, and may be seen once more for that. A full ring loses neither: a process waits to be seen, its time with the
/// overflow meanwhile, and room is kept for the end of every process that was seen.
final class ProcessEvents: RecordRing {
    /// One event.
    enum Event: Equatable, Sendable {
        case seen(key: UInt64, Process)
        case exited(key: UInt64)
    }

    /// What `receive` found, oldest first; the reader empties it.
    var waiting: [Event] = []

    /// Which process has each pid. A pid that has another one was used again or ran another program.
    private var keys: [Int32: UInt64] = [:]
    private var pids: [UInt64: Int32] = [:]

    /// Reads a ring buffer map of `process_event` records.
    init(map: Int32) throws(SystemError) { try super.init(map: map, of: "processes") }

    override func take(_ record: UnsafeMutableRawPointer) {
        let event = UnsafePointer(record.assumingMemoryBound(to: process_event.self))
        let key = event.pointer(to: \.key)?.pointee ?? 0
        guard event.pointer(to: \.kind)?.pointee == PROCESS_SEEN.rawValue else { return end(key) }
        let process = Process(event)
        if let former = keys[process.pid], former != key { end(former) }
        waiting.append(.seen(key: key, process))
        if event.pointer(to: \.is_over)?.pointee != 0 { return waiting.append(.exited(key: key)) }
        keys[process.pid] = key
        pids[key] = process.pid
    }

    private func end(_ key: UInt64) {
        if let pid = pids.removeValue(forKey: key), keys[pid] == key { keys[pid] = nil }
        waiting.append(.exited(key: key))
    }
}

extension Process {
    /// Decodes a record, of which only so much was sent as there is.
    fileprivate init(_ event: UnsafePointer<process_event>) {
        let record = UnsafeRawPointer(event)
        pid = event.pointer(to: \.tgid)?.pointee ?? 0
        cgroup = event.pointer(to: \.cgroup_id)?.pointee ?? 0
        let name = record + (MemoryLayout<process_event>.offset(of: \.comm) ?? 0)
        comm = String(decoding: UnsafeRawBufferPointer(start: name, count: 16).prefix { $0 != 0 }, as: UTF8.self)
        let length = Int(event.pointer(to: \.exe_length)?.pointee ?? 0)
        let names = record + (MemoryLayout<process_event>.offset(of: \.exe) ?? 0)
        var path: [UInt8] = []
        for name in UnsafeRawBufferPointer(start: names, count: length).split(separator: 0).reversed() {
            path.append(UInt8(ascii: "/"))
            path.append(contentsOf: name)
        }
        if event.pointer(to: \.exe_is_cut)?.pointee != 0, !path.isEmpty { path.removeFirst() }
        exe = String(decoding: path, as: UTF8.self)
    }
}

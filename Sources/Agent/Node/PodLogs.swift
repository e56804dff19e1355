import Attribution
import Glibc

/// The kubelet's log tree, which names each pod by a directory and each container by a link.
///
/// Watched with inotify(7), the tree's root too, so that one that is made later is found at once.
final class PodLogs {
    /// Names by pod UID.
    private(set) var pods: LogDirectory
    /// Names by container id.
    private(set) var containers: LogDirectory
    /// The inotify descriptor, or -1 where the kernel gives none.
    let descriptor: Int32

    /// Whether the tree is there.
    var isPresent: Bool { pods.isPresent || containers.isPresent }
    /// Watches and readings that failed, but for what is simply not there.
    var failures: UInt64 { pods.failures + containers.failures }

    private let root: String
    private var rootWatch: Int32 = -1
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 14, alignment: 8)

    /// The tree under `root`, which is read at the first poll.
    init(root: String) {
        self.root = root
        pods = LogDirectory(path: root + "/pods", parse: LogEntry.pod)
        containers = LogDirectory(path: root + "/containers", parse: LogEntry.container)
        descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        if descriptor < 0 { Log.warn("pod names: \(SystemError("start inotify"))") }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        buffer.deallocate()
    }

    /// Takes what is new at `now`, nanoseconds; true when that is a name.
    func poll(at now: UInt64) -> Bool {
        var hasNews = false
        while descriptor >= 0 {
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            guard count > 0 else { break }
            if takeEvents(UnsafeRawBufferPointer(rebasing: buffer[..<count]), at: now) { hasNews = true }
        }
        if rootWatch < 0, descriptor >= 0 {
            rootWatch = LogDirectory.watch(root, inotify: descriptor)
            if rootWatch >= 0 {
                pods.mustRead = true
                containers.mustRead = true
            }
        }
        if pods.refresh(inotify: descriptor, at: now) { hasNews = true }
        if containers.refresh(inotify: descriptor, at: now) { hasNews = true }
        return hasNews
    }

    private func takeEvents(_ events: UnsafeRawBufferPointer, at now: UInt64) -> Bool {
        var hasNews = false
        var rest = events
        let header = MemoryLayout<inotify_event>.size
        while rest.count >= header {
            let event = rest.loadUnaligned(as: inotify_event.self)
            let size = header + Int(event.len)
            guard size <= rest.count else { break }
            // The kernel pads the name with zeros.
            let name = String(decoding: rest[header..<size].prefix { $0 != 0 }, as: UTF8.self)
            if take(event, name, at: now) { hasNews = true }
            rest = UnsafeRawBufferPointer(rebasing: rest[size...])
        }
        return hasNews
    }

    private func take(_ event: inotify_event, _ name: String, at now: UInt64) -> Bool {
        let mask = Int32(bitPattern: event.mask)
        let isThere = mask & (IN_CREATE | IN_MOVED_TO) != 0
        let isOver = mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED) != 0
        if mask & IN_Q_OVERFLOW != 0 {
            pods.mustRead = true
            containers.mustRead = true
        } else if event.wd == pods.watch {
            if isOver { pods.leave(inotify: descriptor) } else { return pods.take(name, isThere: isThere, at: now) }
        } else if event.wd == containers.watch {
            if isOver {
                containers.leave(inotify: descriptor)
            } else {
                return containers.take(name, isThere: isThere, at: now)
            }
        } else if event.wd == rootWatch {
            if isOver || name == "pods" { pods.leave(inotify: descriptor) }
            if isOver || name == "containers" { containers.leave(inotify: descriptor) }
            if isOver {
                inotify_rm_watch(descriptor, rootWatch)
                rootWatch = -1
            }
        }
        return false
    }
}

import Attribution
import Glibc

/// A directory of the log tree whose entries name things; watched when it can be.
struct LogDirectory {
    /// Where it is, or is to be.
    let path: String
    /// What its entries name.
    private(set) var names = NameTable(retention: PodNames.retention, capacity: PodNames.retained)
    /// Its watch descriptor, or -1.
    private(set) var watch: Int32 = -1
    /// Whether it was there when it was last read.
    private(set) var isPresent = false
    /// Whether its entries have to be read as soon as may be.
    var mustRead = true
    /// Watches and readings that failed, but for what is simply not there.
    private(set) var failures: UInt64 = 0

    /// How an entry's name is read.
    private let parse: (String) -> (key: String, name: ContainerName)?
    /// When one without a watch is read again, nanoseconds.
    private var readAgainAt: UInt64 = 0

    init(path: String, parse: @escaping (String) -> (key: String, name: ContainerName)?) {
        self.path = path
        self.parse = parse
    }

    /// Watches a directory, for what comes, goes or befalls itself; -1 where that fails.
    static func watch(_ path: String, inotify: Int32) -> Int32 {
        let changes = IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM | IN_DELETE_SELF | IN_MOVE_SELF
        // Said so, for a string that is simply passed on is copied.
        return path.withCString { inotify_add_watch(inotify, $0, UInt32(changes | IN_ONLYDIR)) }
    }

    /// Notes that an entry came or went; true when that is news.
    mutating func take(_ entry: String, isThere: Bool, at now: UInt64) -> Bool {
        guard let (key, name) = parse(entry) else { return false }
        if isThere { return names.learn(key, name) }
        names.lose(key, at: now)
        return false
    }

    /// Reads the entries when it is time: when it has to be, and once a second where there is no watch. True when one is
    /// news.
    mutating func refresh(inotify: Int32, at now: UInt64) -> Bool {
        names.forget(at: now)
        guard mustRead || (watch < 0 && now >= readAgainAt) else { return false }
        mustRead = false
        readAgainAt = now + 1_000_000_000
        var hasNews = false
        var present: Set<String> = []
        for entry in entries(inotify: inotify) {
            guard let (key, name) = parse(entry.name) else { continue }
            if names.learn(key, name) { hasNews = true }
            present.insert(key)
        }
        names.keep(only: present, at: now)
        return hasNews
    }

    /// Gives the watch up: whatever has this path now, if anything, is another directory.
    mutating func leave(inotify: Int32) {
        if watch >= 0 { inotify_rm_watch(inotify, watch) }
        watch = -1
        mustRead = true
    }

    /// Watches first and lists then, so that nothing falls in between.
    private mutating func entries(inotify: Int32) -> [Directory.Entry] {
        var error: Int32 = 0
        if watch < 0 {
            watch = Self.watch(path, inotify: inotify)
            if watch < 0 { error = errno }
        }
        let entries = error == ENOENT || error == ENOTDIR ? [] : Directory.entries(path)
        isPresent = entries != nil && error != ENOENT && error != ENOTDIR
        if entries == nil {
            fail(SystemError("read \(path)"))
        } else if isPresent, error != 0 {
            fail(SystemError("watch \(path), read once a second instead", errno: error))
        }
        return entries ?? []
    }

    private mutating func fail(_ error: SystemError) {
        if failures == 0 { Log.warn("pod names: \(error)") }
        failures += 1
    }
}

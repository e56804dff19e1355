import Glibc

/// What a file looked like from outside, to see whether it has changed: also when another is renamed into its place.
struct FileStamp: Equatable {
    private let path: String
    private var device: UInt64 = 0
    private var inode: UInt64 = 0
    private var size: Int64 = -1
    private var seconds = 0
    private var nanoseconds = 0

    /// Looks at a file; one that is not there looks like nothing else. The corresponding C function is `stat`.
    init(path: String) {
        self.path = path
        look()
    }

    /// Looks again; whether it has changed.
    mutating func refresh() -> Bool {
        let before = self
        look()
        return self != before
    }

    private mutating func look() {
        var status = stat()
        if stat(path, &status) != 0 { status = Glibc.stat() }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}

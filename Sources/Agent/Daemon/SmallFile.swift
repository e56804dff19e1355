import Glibc

/// Whole files that are read at start or when they change: configuration, certificates, keys.
enum SmallFile {
    /// Why a file cannot be read, without its name.
    struct Unreadable: Error {
        let reason: String
    }

    /// The bytes of a regular file of at most `limit` bytes. The corresponding C functions are `open`, `fstat` and
    /// `read`.
    static func read(_ path: String, limit: Int) throws(Unreadable) -> [UInt8] {
        // A named pipe would otherwise wait for a writer for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Unreadable(reason: "not a regular file") }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else { throw failure() }
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer[..<count])
            guard bytes.count <= limit else { throw Unreadable(reason: "larger than \(limit) bytes") }
        }
    }

    private static func failure() -> Unreadable { Unreadable(reason: String(cString: strerror(errno))) }
}

import Glibc

/// Small files, for the synthetic tree and for what the kernel says of itself.
enum Files {
    /// Writes a file anew. The corresponding C functions are `open` and `write`.
    static func write(_ text: String, to path: String) throws(Failure) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw Failure("open \(path): \(String(cString: strerror(errno)))") }
        defer { close(file) }
        var text = text
        let count = text.utf8.count
        guard text.withUTF8({ Glibc.write(file, $0.baseAddress, $0.count) }) == count else {
            throw Failure("write \(path): \(String(cString: strerror(errno)))")
        }
    }

    /// The text of a file; nil where it cannot be read.
    static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return String(decoding: readAll(file), as: UTF8.self)
    }

    /// Everything up to the end of a file, pipe or socket.
    static func readAll(_ descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: buffer[..<count])
        }
    }

    /// The names of a directory's own directories.
    static func directories(in path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            guard entry.pointee.d_type == UInt8(DT_DIR) else { continue }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Makes a directory and those around it, as far as they are not there.
    static func makeDirectory(_ path: String) throws(Failure) {
        guard mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw Failure("make the directory \(path): \(String(cString: strerror(errno)))")
        }
        try makeDirectory(String(path[..<slash]))
        guard mkdir(path, 0o755) == 0 else {
            throw Failure("make the directory \(path): \(String(cString: strerror(errno)))")
        }
    }

    /// Removes a tree of directories that holds nothing else, such as cgroups without processes; false while it cannot.
    static func removeDirectories(_ path: String) -> Bool {
        for name in directories(in: path) { _ = removeDirectories("\(path)/\(name)") }
        return rmdir(path) == 0 || errno == ENOENT
    }
}

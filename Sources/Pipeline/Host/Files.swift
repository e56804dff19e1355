internal import CPipeline
internal import Glibc

/// Files that outlive a power failure, and the reading of small ones.
package enum Files {
    /// The whole text of a file, or why it cannot be read.
    package static func read(_ path: String) throws(Failure) -> String {
        var bytes: [UInt8] = []
        try eachPart(of: path) { part throws(Failure) in bytes += part }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Calls `take` with each line of a file, without its end, and holds no more of the file than that; a last line that has
    /// no end counts too.
    package static func eachLine(
        of path: String, _ take: (ArraySlice<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        var rest: [UInt8] = []
        try eachPart(of: path) { part throws(Failure) in
            rest += part
            var start = 0
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                try take(rest[start..<end])
                start = end + 1
            }
            rest.removeFirst(start)
        }
        if !rest.isEmpty { try take(rest[...]) }
    }

    private static func eachPart(
        of path: String, _ take: (ArraySlice<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(.configuration, "open \(path): \(errnoText())") }
        defer { close(descriptor) }
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure(.configuration, "read \(path): \(errnoText())") }
            guard count > 0 else { return }
            try take(chunk[..<count])
        }
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Replaces a file as a whole: whoever reads sees the old text or the new one, also after a power failure.
    ///
    /// The corresponding C functions are `fsync` and `rename`.
    package static func replace(_ path: String, with text: String, mode: UInt32 = 0o644) throws(Failure) {
        try replace(path, mode: mode) { write throws(Failure) in try write(text) }
    }

    /// Replaces a file as a whole with what `body` writes part by part.
    package static func replace(
        _ path: String, mode: UInt32 = 0o644,
        writing body: (_ write: (String) throws(Failure) -> Void) throws(Failure) -> Void
    ) throws(Failure) {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Failure(.dataMissing, "open \(temporary): \(errnoText())") }
        do throws(Failure) {
            defer { close(descriptor) }
            try body { part throws(Failure) in
                guard write(part, to: descriptor) else {
                    throw Failure(.dataMissing, "write \(path): \(errnoText())")
                }
            }
            guard fsync(descriptor) == 0 else { throw Failure(.dataMissing, "write \(path): \(errnoText())") }
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else { throw Failure(.dataMissing, "rename to \(path): \(errnoText())") }
        try syncFolder(of: path)
    }

    /// Adds text to the end of a file, which is made if it is not there.
    package static func append(_ text: String, to path: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure(.dataMissing, "open \(path): \(errnoText())") }
        defer { close(descriptor) }
        guard write(text, to: descriptor) else { throw Failure(.dataMissing, "write \(path): \(errnoText())") }
    }

    /// Makes a folder and those above it.
    package static func makeFolder(_ path: String) throws(Failure) {
        if mkdir(path, 0o755) == 0 { return try syncFolder(of: path) }
        let reason = errno
        if reason == EEXIST, exists(path + "/.") { return }
        guard reason == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw Failure(.configuration, "make the folder \(path): \(errnoText(reason))")
        }
        try makeFolder(String(path[..<slash]))
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw Failure(.configuration, "make the folder \(path): \(errnoText())")
        }
        try syncFolder(of: path)
    }

    /// The names in a folder, sorted; none if it is not there.
    package static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// A new name is durable only once its folder is.
    package static func syncFolder(of path: String) throws(Failure) {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(.dataMissing, "open \(folder): \(errnoText())") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Failure(.dataMissing, "sync \(folder): \(errnoText())") }
    }

    /// SHA-256 of the text's bytes, in hexadecimal digits.
    package static func sha256(_ text: String) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        // Of no bytes at all there would be no address.
        _ = (Array(text.utf8) + [0]).withUnsafeBytes { bytes in
            bytes.baseAddress.map { cpipeline_sha256($0, bytes.count - 1, &digest) }
        }
        let digits = Array("0123456789abcdef")
        return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

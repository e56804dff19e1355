import CPipeline
internal import Glibc

/// What the last failed call of the C library left in errno, in words.
package func errnoText(_ number: Int32 = errno) -> String {
    strerror(number).map { String(cString: $0) } ?? "errno \(number)"
}

/// Writes the text to a descriptor, all of it or until an error; false and errno then.
@discardableResult
package func write(_ text: String, to descriptor: Int32) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard written >= 0 || errno == EINTR else { return false }
        rest = rest.dropFirst(max(written, 0))
    }
    return true
}

/// One line on stderr, led by the program's name.
package func say(_ line: String) {
    write("brahe: \(line)\n", to: STDERR_FILENO)
}

/// The output of a child, kept in memory.
///
/// A memory file and not a pipe: nobody has to drain it, and a child that talks much never waits for a reader.
/// The corresponding C function is `memfd_create`.
package struct Capture: ~Copyable {
    package let descriptor: Int32

    package init() throws(Failure) {
        descriptor = cpipeline_memory_file()
        guard descriptor >= 0 else { throw Failure(.configuration, "make a file in memory: \(errnoText())") }
    }

    deinit { close(descriptor) }

    /// Everything written so far.
    package var text: String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = pread(descriptor, &chunk, chunk.count, off_t(bytes.count))
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk.prefix(count)
        }
    }
}

/// A file for a result, opened before the work so that a wrong path does not waste it.
package struct OutputFile: ~Copyable {
    private let path: String
    private let descriptor: Int32

    package init(path: String) throws(Failure) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure(.usage, "open \(path): \(errnoText())") }
    }

    deinit { close(descriptor) }

    /// Replaces what the file held.
    package func replace(with text: String) throws(Failure) {
        // A pipe or a terminal cannot be truncated and need not be.
        _ = ftruncate(descriptor, 0)
        guard write(text, to: descriptor) else { throw Failure(.dataMissing, "write \(path): \(errnoText())") }
    }
}

import Glibc

/// A text that C can keep a pointer to.
final class Text {
    /// The text, ended by NUL, as long as this lives.
    let pointer: UnsafeMutablePointer<CChar>

    /// Copies a text. The corresponding C function is `strdup`.
    init(_ text: String) {
        let bytes = text.utf8CString
        pointer = .allocate(capacity: bytes.count)
        _ = bytes.withUnsafeBufferPointer { memcpy(pointer, $0.baseAddress!, $0.count) }
    }

    deinit { pointer.deallocate() }
}

/// A text that C can keep a pointer to.
final class Text {
    /// The text, ended by NUL, as long as this lives.
    let pointer: UnsafeMutablePointer<CChar>

    /// Copies a text.
    init(_ text: String) {
        let bytes = text.utf8CString
        pointer = .allocate(capacity: bytes.count)
        _ = UnsafeMutableBufferPointer(start: pointer, count: bytes.count).initialize(from: bytes)
    }

    deinit { pointer.deallocate() }
}

import CAgent

extension http_reply {
    /// Adds a header that never changes.
    mutating func header(_ name: StaticString, _ value: StaticString) {
        http_reply_header(&self, Self.pointer(name), Self.pointer(value))
    }

    /// Adds a header whose value stays where it is until the reply is on its way.
    ///
    /// The label keeps a literal, which would be gone by then, from being taken for such a value.
    mutating func header(_ name: StaticString, kept value: UnsafePointer<CChar>) {
        http_reply_header(&self, Self.pointer(name), value)
    }

    /// Adds a header, name and value alike kept until the reply is on its way.
    mutating func header(_ name: Text, _ value: Text) {
        http_reply_header(&self, name.pointer, value.pointer)
    }

    /// Sets status and body; `body` stays as it is until the reply is on its way.
    mutating func send(_ status: UInt32, _ body: [UInt8]) {
        self.status = status
        body.withUnsafeBytes {
            self.body = $0.baseAddress ?? self.body
            length = $0.count
        }
    }

    private static func pointer(_ text: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
    }
}

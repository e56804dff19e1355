import Glibc

/// Sysfs files that hold one decimal number.
enum DecimalFile {
    /// The number in an open file, read from its start; nil where the read fails or finds none. Nothing is
    /// allocated. The corresponding C function is `pread`.
    static func read(_ descriptor: Int32) -> UInt64? {
        var text = InlineArray<24, UInt8>(repeating: 0)
        var span = text.mutableSpan
        let count = span.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        return count > 0 ? parse(text.span.extracting(first: count)) : nil
    }

    /// The number in a file that is read only once.
    static func read(_ path: String) -> UInt64? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return read(descriptor)
    }

    /// The number that `text` begins with; nil where it begins with none or one beyond 64 bits.
    static func parse(_ text: Span<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        var digits = 0
        for index in text.indices {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            let (product, tooBig) = value.multipliedReportingOverflow(by: 10)
            let (sum, stillTooBig) = product.addingReportingOverflow(UInt64(digit))
            guard !tooBig, !stillTooBig else { return nil }
            value = sum
            digits += 1
        }
        return digits > 0 ? value : nil
    }
}

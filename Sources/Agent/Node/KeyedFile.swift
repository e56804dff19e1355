import Glibc

/// Cgroup files of lines that are a word, a space and a number, such as `memory.stat`.
enum KeyedFile {
    /// The numbers of two words, from one read of an open file; nil for a word that is not there. Nothing is allocated.
    /// The corresponding C function is `pread`.
    static func read(_ descriptor: Int32, _ first: StaticString, _ second: StaticString)
        -> (first: UInt64?, second: UInt64?)
    {
        // memory.stat has 2 KiB on Linux 6.18; the kernel hands over a file of this size in one piece.
        var text = InlineArray<8192, UInt8>(repeating: 0)
        var span = text.mutableSpan
        let count = span.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return (nil, nil) }
        let bytes = text.span.extracting(first: count)
        return (number(of: first, in: bytes), number(of: second, in: bytes))
    }

    /// The number on the line that begins with a word and a space.
    static func number(of word: StaticString, in text: Span<UInt8>) -> UInt64? {
        let length = word.utf8CodeUnitCount
        var start = 0
        while start + length < text.count {
            var matched = 0
            while matched < length, text[start + matched] == word.utf8Start[matched] { matched += 1 }
            if matched == length, text[start + length] == UInt8(ascii: " ") {
                return DecimalFile.parse(text.extracting((start + length + 1)...))
            }
            while start < text.count, text[start] != UInt8(ascii: "\n") { start += 1 }
            start += 1
        }
        return nil
    }
}

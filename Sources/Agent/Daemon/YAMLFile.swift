import YAML

extension YAML {
    /// The most bytes that a file may have.
    static let limit = 1 << 20

    /// Reads a file of one document. An empty one is an empty mapping.
    static func parse(file path: String) throws(Malformed) -> Node {
        let bytes: [UInt8]
        do { bytes = try SmallFile.read(path, limit: limit) } catch {
            throw Malformed(file: path, line: 0, reason: error.reason)
        }
        return try parse(bytes, file: path)
    }
}

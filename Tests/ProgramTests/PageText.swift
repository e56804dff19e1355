import Foundation
import Glibc

/// A page of OpenMetrics, whose families are found without reading all of it.
struct PageText {
    private let bytes: [UInt8]

    /// With a zero at the end, for C.
    init(_ text: String) { bytes = Array(text.utf8) + [0] }

    /// The series of a family: labels as they stand there, and value.
    func series(of family: String) -> [(labels: String, value: Double)] {
        guard let start = find(Self.header(family)) else { return [] }
        var lines: [(String, Double)] = []
        var position = start
        while let end = bytes[position...].firstIndex(of: 10) {
            defer { position = end + 1 }
            if position == start { continue }
            let line = bytes[position..<end]
            if line.starts(with: "# UNIT ".utf8) { continue }
            guard line.first != UInt8(ascii: "#") else { break }
            guard line.starts(with: family.utf8), let space = line.lastIndex(of: UInt8(ascii: " ")),
                let value = Double(String(decoding: line[(space + 1)...], as: UTF8.self))
            else { continue }
            lines.append((String(decoding: line[(position + family.utf8.count)..<space], as: UTF8.self), value))
        }
        return lines
    }

    /// The page with certain families alone.
    func only(_ families: [String]) -> PageText {
        var excerpt: [UInt8] = []
        for family in families {
            guard let start = find(Self.header(family)) else { continue }
            excerpt += bytes[start..<(find("\n# HELP ", after: start) ?? bytes.count - 1)]
            excerpt.append(10)
        }
        return PageText(bytes: excerpt + [0])
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private static func header(_ family: String) -> String {
        "# TYPE \(family.hasSuffix("_total") ? String(family.dropLast("_total".count)) : family) "
    }

    private func find(_ word: String, after start: Int = 0) -> Int? {
        bytes.withUnsafeBufferPointer { page in
            page.withMemoryRebound(to: CChar.self) { page in
                guard let base = page.baseAddress, let found = strstr(base + start, word) else { return nil }
                return base.distance(to: UnsafePointer(found))
            }
        }
    }

    /// `{a="b",c="d"}` as pairs; values here hold no quotes.
    static func labels(_ text: String) -> [String: String] {
        let pairs = text.dropFirst().dropLast().components(separatedBy: "\",").map { pair in
            (
                String(pair.prefix { $0 != "=" }),
                pair.drop { $0 != "=" }.dropFirst(2).trimmingCharacters(in: ["\""])
            )
        }
        return Dictionary(pairs.filter { !$0.0.isEmpty }) { $1 }
    }
}

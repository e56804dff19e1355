package import Documents
internal import Exposition
package import Samples

extension Series {
    /// The series as engines take it: without labels that are empty, which are no labels, and without samples that are
    /// NaN, which say nothing and which engines treat each in its own way.
    ///
    /// Throws for a name that Prometheus does not allow; engines store it nevertheless, and nobody can ask for it then.
    /// Throws for a time that is none: beyond 2^53 ms JSON has no exact times.
    package func storable() throws(Misread) -> Series {
        guard Self.isName(name, colons: true) else { throw Misread("", "\"\(name)\" is no name of a metric") }
        for label in labels.keys where !Self.isName(label, colons: false) || label == "__name__" {
            throw Misread("", "\"\(label)\" of \(name) is no name of a label")
        }
        for sample in samples where !(-1 << 53...1 << 53).contains(sample.time) {
            throw Misread("", "\(sample.time) ms is no time of a sample of \(name)")
        }
        let identity = Scrape.Identity(name: name, labels: labels.filter { !$0.value.isEmpty })
        return Series(identity, samples: samples.filter { !$0.value.isNaN })
    }

    /// The series as PromQL names it, labels by their names: `up{instance="a",job="b"}`.
    package var selector: String {
        let pairs = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.quoted($0.value))" }
        return pairs.isEmpty ? name : "\(name){\(pairs.joined(separator: ","))}"
    }

    /// Text between quotes, as the text formats and PromQL have it.
    package static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return "\"\(escaped)\""
    }

    private static func isName(_ text: String, colons: Bool) -> Bool {
        guard let first = text.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_": true
            case ":": colons
            default: false
            }
        }
    }
}

extension [Series] {
    /// The series in parts of at most so many samples, in order; a long series goes on in the next part.
    package func parts(of limit: Int) -> [[Series]] {
        var parts: [[Series]] = []
        var part: [Series] = []
        var room = limit
        for one in self {
            var rest = one.samples[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Swift.max(room, 1))
                rest = rest.dropFirst(piece.count)
                part.append(Series(one.identity, samples: [Sample](piece)))
                room -= piece.count
                guard room <= 0 else { continue }
                parts.append(part)
                (part, room) = ([], limit)
            }
        }
        return part.isEmpty ? parts : parts + [part]
    }
}

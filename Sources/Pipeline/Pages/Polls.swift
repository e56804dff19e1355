package import Documents
internal import Exposition
package import Host
package import Samples

/// The file of what an exporter showed from time to time during a run, added to as it comes, so that a crash loses nothing.
///
/// A page is one part of the file: a line `# page TIME INSTANCE`, the page's lines that reports want, and a line `# whole`.
/// A part without its last line was cut off by a crash or a full disk and does not count. `# down TIME INSTANCE` is an
/// exporter that did not answer. TIME is in milliseconds of Unix time.
package struct Polls: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    // Each part begins on a line of its own, also after one that was cut off.
    private static let head = "\n# page "
    private static let down = "\n# down "
    private static let tail = "# whole"

    /// Adds a page; `instance` is who showed it. The page must be one that `Scrape` reads.
    package func keep(_ page: TimedPage, of instance: String) throws(Failure) {
        var part = "\(Self.head)\(page.read.milliseconds) \(instance)\n"
        for line in page.text.utf8.split(separator: UInt8(ascii: "\n")) {
            let name = line.prefix { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: " ") }
            guard name.first != UInt8(ascii: "#"), Recording.isWanted(metric: String(Substring(name))) else { continue }
            part += Substring(line)
            part += "\n"
        }
        try Files.append(part + Self.tail + "\n", to: path)
    }

    /// Adds that the exporter did not answer.
    package func keepDown(at moment: Moment, of instance: String) throws(Failure) {
        try Files.append("\(Self.down)\(moment.milliseconds) \(instance)\n", to: path)
    }

    /// Everything that was kept; nothing if there is no such file. What is not younger than what was kept before it, because
    /// the clock was set back, is left out.
    package func recording() throws(Failure) -> Recording {
        var recording = Recording()
        guard Files.exists(path) else { return recording }
        var open: (time: Int64, instance: String)?
        var page: [UInt8] = []
        try Files.eachLine(of: path) { line throws(Failure) in
            guard line.first == UInt8(ascii: "#") else {
                if open != nil { page += line + CollectionOfOne(UInt8(ascii: "\n")) }
                return
            }
            let text = String(decoding: line, as: UTF8.self)
            if text == Self.tail, let whole = open {
                do {
                    let scrape = try Scrape(String(decoding: page, as: UTF8.self))
                    recording.append(page: scrape, at: whole.time, instance: whole.instance)
                } catch {
                    throw Failure(
                        .dataMissing, "read \(path), the page at \(Moment(milliseconds: whole.time)): \(error)")
                }
            } else if let (time, instance) = Self.words(text, after: Self.down) {
                recording.append(up: false, at: time, instance: instance)
            }
            open = Self.words(text, after: Self.head)
            page.removeAll(keepingCapacity: true)
        }
        return recording
    }

    /// The time and the instance of a line that begins a part; nil if it begins none of this kind.
    private static func words(_ line: String, after head: String) -> (time: Int64, instance: String)? {
        let head = head.dropFirst()
        guard line.hasPrefix(head) else { return nil }
        let words = line.dropFirst(head.count).split(separator: " ", maxSplits: 1)
        return words.count == 2 ? Int64(words[0]).map { ($0, String(words[1])) } : nil
    }
}

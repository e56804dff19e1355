internal import Documents
internal import Exposition
internal import Host
internal import Samples

/// What an agent's page showed from time to time during a run, kept as it came, so that a crash loses nothing.
///
/// A page is kept as one part of the file: a line `# page TIME INSTANCE`, the page's lines that reports want, and the line
/// `# whole`. A part that lacks its last line was cut off by a crash and does not count. `# down TIME INSTANCE` is an agent
/// that did not answer.
struct Polls: Sendable {
    /// The file.
    let path: String

    private static let head = "# page "
    private static let down = "# down "
    private static let tail = "# whole"

    /// Adds a page of now; `instance` is who showed it.
    func keep(_ page: String, at moment: Moment, of instance: String) throws(Failure) {
        var part = "\(Self.head)\(moment.milliseconds) \(instance)\n"
        for line in page.utf8.split(separator: UInt8(ascii: "\n")) {
            let name = line.prefix { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: " ") }
            guard name.first != UInt8(ascii: "#"), Recording.isWanted(metric: String(Substring(name))) else { continue }
            part += Substring(line)
            part += "\n"
        }
        try Files.append(part + Self.tail + "\n", to: path)
    }

    /// Adds that an agent does not answer now.
    func keepDown(at moment: Moment, of instance: String) throws(Failure) {
        try Files.append("\(Self.down)\(moment.milliseconds) \(instance)\n", to: path)
    }

    /// Everything that was kept, in the order of time.
    func recording() throws(Failure) -> Recording {
        var recording = Recording()
        guard Files.exists(path) else { return recording }
        var part: (time: Int64, instance: String)?
        var page = ""
        for line in try Files.read(path).split(separator: "\n") {
            if line.hasPrefix(Self.head) {
                part = Self.words(line.dropFirst(Self.head.count))
                page = ""
            } else if line.hasPrefix(Self.down) {
                guard let (time, instance) = Self.words(line.dropFirst(Self.down.count)) else { continue }
                recording.append(up: false, at: time, instance: instance)
            } else if line == Self.tail, let whole = part {
                do {
                    try recording.append(page: Scrape(page), at: whole.time, instance: whole.instance)
                } catch {
                    throw Failure(.dataMissing, "read \(path): \(error)")
                }
                part = nil
            } else {
                page += line
                page += "\n"
            }
        }
        return recording
    }

    private static func words(_ text: Substring) -> (time: Int64, instance: String)? {
        let words = text.split(separator: " ", maxSplits: 1)
        return words.count == 2 ? Int64(words[0]).map { ($0, String(words[1])) } : nil
    }
}

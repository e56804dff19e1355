internal import Documents
internal import Exposition
package import Host
package import Samples

/// Recordings from the disk, and to it.
extension Recording {
    /// The name of the samples in a folder.
    package static let fileName = "samples.om"

    /// Reads a recording: `samples.om`, a folder with one, or at least two pages of one exporter that were saved at
    /// different times. Throws what cannot be read, with file and line.
    package init(files paths: [String]) throws(Failure) {
        guard let first = paths.first else { throw Failure(.usage, "no file with samples") }
        var texts: [(path: String, text: String)] = []
        for path in paths {
            let inside = "\(path.hasSuffix("/") ? String(path.dropLast()) : path)/\(Self.fileName)"
            let file = Files.exists(inside) ? inside : path
            texts.append((file, try Files.read(file)))
        }
        self.init()
        var pages: [(path: String, page: Scrape)] = []
        var recordings: [Recording] = []
        for (path, text) in texts {
            // A page has its samples without a time.
            if let page = try? Scrape(text), page.samples.contains(where: { $0.timestamp == nil }) {
                pages.append((path, page))
            } else {
                do {
                    recordings.append(try Recording(openMetrics: text, of: path))
                } catch {
                    throw Failure(.dataMissing, "read \(error)")
                }
            }
        }
        for recording in recordings.sorted(by: { $0.start ?? .max < $1.start ?? .max }) { append(recording) }
        guard !pages.isEmpty else { return }
        guard pages.count > 1 else {
            throw Failure(
                .dataMissing, "read \(first): one page shows no change; two or more are needed, or samples.om")
        }
        try append(pages: pages)
    }

    /// Writes the samples down as `samples.om`.
    package func write(to path: String) throws(Failure) {
        try Files.replace(path) { write throws(Failure) in try eachPart(write) }
    }

    private mutating func append(pages: [(path: String, page: Scrape)]) throws(Failure) {
        var timed: [(time: Int64, page: Scrape)] = []
        for (path, page) in pages {
            let name = "brahe_sample_timestamp_seconds"
            guard let seconds = page.value(named: name), let time = Int64(exactly: (seconds * 1000).rounded()) else {
                throw Failure(.dataMissing, "read \(path): the page has no \(name), so its time is not known")
            }
            timed.append((time, page))
        }
        for (time, page) in timed.sorted(by: { $0.time < $1.time }) { append(page: page, at: time, instance: "page") }
    }
}

import CAgent
import Exposition
import Node

/// One content of a page, rendered again and again in each format, compressed too.
///
/// CPU time is told beside that of copying the same page line by line into a buffer that is reused, the least that any
/// rendering has to do.
final class RenderedPage {
    private struct Format {
        var render = Cost()
        var copy = Cost()
        var gzip = Cost()
        var bytes = 0
        var gzipped = 0
    }

    private var page: MetricsPage
    private var formats: [PageFormat: Format] = [:]
    private let compressor: OpaquePointer?
    private var lines: [Range<Int>] = []
    private var buffer: [UInt8] = []

    /// A page of this content, of what `subject` measures; `gzip` says whether it is compressed too.
    init(_ subject: Subject, _ content: PageContent, gzip: Bool = false) {
        page = MetricsPage(about: NodeFacts.current(), sampler: subject.sampler, content: content)
        compressor = gzip ? gzip_new() : nil
        for format in [PageFormat.text, .openMetrics] { formats[format] = Format() }
    }

    deinit { if let compressor { gzip_free(compressor) } }

    /// Renders the page, so that its buffers grow.
    func warmUp(_ subject: Subject, _ format: PageFormat) { page.render(subject.sampler, as: format) }

    /// Renders the page and takes the cost.
    func measure(_ subject: Subject, _ format: PageFormat, isSteady: Bool) {
        let render = Cost.of(isSteady: isSteady) { page.render(subject.sampler, as: format) }
        findLines()
        let copy = Cost.of { copyLines() }
        formats[format]?.render.add(render, isSteady: isSteady)
        formats[format]?.copy.add(copy)
        formats[format]?.bytes = page.page.bytes.count
        guard let compressor else { return }
        var gzipped = 0
        let gzip = Cost.of {
            page.page.bytes.withUnsafeBytes {
                if let base = $0.baseAddress { gzipped = gzip_compress(compressor, base, $0.count) }
            }
        }
        formats[format]?.gzip.add(gzip)
        formats[format]?.gzipped = gzipped
    }

    private func findLines() {
        lines.removeAll(keepingCapacity: true)
        var start = 0
        for index in page.page.bytes.indices where page.page.bytes[index] == UInt8(ascii: "\n") {
            lines.append(start..<index + 1)
            start = index + 1
        }
    }

    private func copyLines() {
        buffer.removeAll(keepingCapacity: true)
        for line in lines { buffer.append(contentsOf: page.page.bytes[line]) }
    }

    /// Bytes of the page as text, and the least CPU time that it took, nanoseconds.
    var text: (bytes: Int, nanoseconds: Double) {
        (formats[.text]?.bytes ?? 0, formats[.text]?.render.nanoseconds.least ?? .nan)
    }

    /// Both formats, as far as they were measured.
    var described: JSON {
        .object(
            [("text", PageFormat.text), ("openmetrics", .openMetrics)].compactMap { name, format in
                guard let found = formats[format], found.bytes > 0 else { return nil }
                return (name, describe(found))
            })
    }

    private func describe(_ format: Format) -> JSON {
        let least = format.render.nanoseconds.least
        var members: [(String, JSON)] = [
            ("bytes", .count(UInt64(format.bytes))), ("render", format.render.described),
            ("ns_per_byte", .number(least / Double(format.bytes))),
            ("over_copying_lines", .number(least / format.copy.nanoseconds.least)),
        ]
        if compressor != nil {
            members.append(("gzip_bytes", .count(UInt64(format.gzipped))))
            members.append(("gzip", format.gzip.described))
        }
        return .object(members)
    }

    /// Bytes of each family of the page as it was last rendered.
    var families: JSON {
        var families: [(String, JSON)] = []
        var name = ""
        var bytes = 0
        for line in page.page.bytes.split(separator: UInt8(ascii: "\n")) {
            if line.starts(with: "# HELP ".utf8) {
                if bytes > 0 { families.append((name, .count(UInt64(bytes)))) }
                name = String(decoding: line.dropFirst(7).prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
                bytes = 0
            }
            bytes += line.count + 1
        }
        if bytes > 0 { families.append((name, .count(UInt64(bytes)))) }
        return .object(families)
    }
}

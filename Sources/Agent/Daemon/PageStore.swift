import CAgent
import Exposition
import Glibc
import Node

/// The page of the last sample, rendered and compressed when first asked for: scrapes between two samples get the same
/// bytes. Nothing is allocated once the buffers have grown.
struct PageStore: ~Copyable {
    /// Which sample a page shows, and how.
    private struct Edition: Equatable {
        let samples: UInt64
        let sampledAt: UInt64
        let format: PageFormat
    }

    private var page: MetricsPage
    private var rendered: Edition?
    private let gzip: OpaquePointer
    private var compressed: Edition?
    private var compressedLength = 0

    /// A store for the pages of `sampler` on the node that `about` describes, with this content.
    init(about: NodeFacts, sampler: Sampler, content: PageContent) throws(SystemError) {
        guard let gzip = gzip_new() else { throw SystemError("start gzip", errno: ENOMEM) }
        self.gzip = gzip
        page = MetricsPage(about: about, sampler: sampler, content: content)
    }

    deinit { gzip_free(gzip) }

    /// Puts the page into a reply.
    mutating func answer(_ kind: Negotiation, of sampler: Sampler, _ reply: inout http_reply) {
        let edition = Edition(samples: sampler.samples, sampledAt: sampler.sampledAt, format: kind.format)
        if rendered != edition {
            page.render(sampler, as: kind.format)
            rendered = edition
        }
        reply.header("Content-Type", kind.contentType)
        reply.header("Vary", "Accept, Accept-Encoding")
        reply.send(200, page.page.bytes)
        guard kind.gzip else { return }
        if compressed != edition {
            compressedLength = gzip_compress(gzip, reply.body, reply.length)
            compressed = compressedLength > 0 ? edition : nil
        }
        // Without memory to compress it, the page goes as it is.
        guard compressedLength > 0, let body = gzip_result(gzip) else { return }
        reply.body = body
        reply.length = compressedLength
        reply.header("Content-Encoding", "gzip")
    }
}

import CAgent
import Exposition
import Glibc
import Node

/// Serves the sampler's page over HTTP, on the thread that samples: no lock, no second thread.
final class Server {
    private var server: OpaquePointer?
    private let sampler: Sampler
    private var page: MetricsPage
    private var text: [UInt8] = []
    private var asked: [UInt64] = []

    /// The most samples that clients may force in a second.
    private static let samplesPerSecond = 10

    /// Serves on a listening socket, which it closes in the end.
    init(listener: Int32, sampler: Sampler, about: NodeFacts) throws(SystemError) {
        self.sampler = sampler
        page = MetricsPage(about: about, sampler: sampler)
        asked.reserveCapacity(Self.samplesPerSecond + 1)
        server = http_server_start(
            listener,
            { context, method, path, loopback, reply in
                guard let context else { return }
                let server = Unmanaged<Server>.fromOpaque(context).takeUnretainedValue()
                server.answer(String(cString: method), String(cString: path), loopback, &reply.pointee)
            }, Unmanaged.passUnretained(self).toOpaque())
        guard server != nil else { throw SystemError("start the HTTP server", errno: ENOMEM) }
    }

    /// Turns readable when there is work.
    var descriptor: Int32 { server.map { http_server_descriptor($0) } ?? -1 }

    /// Does what work there is; the milliseconds until the next time-out of a connection, or -1.
    func run() -> Int32 { server.map { http_server_run($0) } ?? -1 }

    /// Closes all connections.
    func stop() {
        if let server { http_server_stop(server) }
        server = nil
    }

    private func answer(_ method: String, _ path: String, _ loopback: Bool, _ reply: inout http_reply) {
        let reads = method == "GET" || method == "HEAD"
        switch path {
        case "/metrics" where reads:
            page.render(sampler)
            sampler.pageServed()
            reply.status = 200
            reply.content_type = UnsafeRawPointer(Self.exposition.utf8Start).assumingMemoryBound(to: CChar.self)
            page.page.bytes.withUnsafeBytes {
                reply.body = $0.baseAddress ?? reply.body
                reply.length = $0.count
            }
        case "/healthz" where reads: say(200, "ok\n", &reply)
        case "/readyz" where reads:
            sampler.samples > 0 ? say(200, "ready\n", &reply) : say(503, "no full sample yet\n", &reply)
        case "/" where reads: say(200, "brahe-agent: /metrics /healthz /readyz, POST /sample\n", &reply)
        case "/sample" where method == "POST": forceSample(loopback, &reply)
        case "/metrics", "/healthz", "/readyz", "/sample", "/": say(405, "method not allowed\n", &reply)
        default: say(404, "not found\n", &reply)
        }
    }

    private func forceSample(_ loopback: Bool, _ reply: inout http_reply) {
        guard loopback else { return say(403, "only from this machine\n", &reply) }
        let now = Clock.monotonic
        asked.removeAll { now - $0 >= 1_000_000_000 }
        guard asked.count < Self.samplesPerSecond else { return say(429, "at most ten samples a second\n", &reply) }
        asked.append(now)
        sampler.sample()
        let micros = sampler.sampledAt / 1000
        let fraction = String(micros % 1_000_000)
        say(
            200, "\(micros / 1_000_000).\(String(repeating: "0", count: 6 - fraction.utf8.count))\(fraction)\n", &reply)
    }

    private func say(_ status: UInt32, _ line: String, _ reply: inout http_reply) {
        text.removeAll(keepingCapacity: true)
        text.append(contentsOf: line.utf8)
        reply.status = status
        text.withUnsafeBytes {
            reply.body = $0.baseAddress ?? reply.body
            reply.length = $0.count
        }
    }

    private static let exposition: StaticString = "text/plain; version=0.0.4; charset=utf-8"
}

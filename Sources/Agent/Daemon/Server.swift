import CAgent
import Exposition
import Glibc
import Node

/// Serves the sampler's page over HTTP, on the thread that samples: no lock, no second thread.
final class Server {
    private var server: OpaquePointer?
    private let listeners: [Listener]
    private let sampler: Sampler
    private let web: WebAccess?
    private let metricsPath: String
    private let landing: [UInt8]
    private var pages: PageStore
    private var text: [UInt8] = []
    private var number: [CChar] = []
    private var asked: [UInt64] = []

    /// The most samples that clients may force in a second.
    private static let samplesPerSecond = 10

    /// Serves on listeners, which it closes in the end, what `about` and `sampler` have to say. `web` is what a web
    /// config file demands, of all listeners alike; `metricsPath` is one that `Route.canBeMetrics`.
    init(
        listeners: [Listener], sampler: Sampler, about: NodeFacts, content: PageContent, web: WebAccess?,
        metricsPath: String
    ) throws(SystemError) {
        self.listeners = listeners
        self.sampler = sampler
        self.web = web
        self.metricsPath = metricsPath
        landing = Array(LandingPage.html(version: about.version, metrics: metricsPath).utf8)
        pages = try PageStore(about: about, sampler: sampler, content: content)
        asked.reserveCapacity(Self.samplesPerSecond + 1)
        server = http_server_start(
            { context, request, reply in
                guard let context else { return }
                Unmanaged<Server>.fromOpaque(context).takeUnretainedValue().answer(request.pointee, &reply.pointee)
            }, Unmanaged.passUnretained(self).toOpaque(), web?.isSecure ?? false)
        guard let server else { throw SystemError("start the HTTP server") }
        if let settings = web?.takeSettings() { http_server_use_tls(server, settings) }
        for listener in listeners {
            guard http_server_listen(server, listener.socket) else {
                throw SystemError("serve on \(listener.address.url)", errno: ENOMEM)
            }
        }
    }

    /// Turns readable when there is work.
    var descriptor: Int32 { server.map { http_server_descriptor($0) } ?? -1 }

    /// Where it serves, a URL for each listener.
    var urls: [String] { listeners.map { $0.address.url(secure: web?.isSecure ?? false) } }

    /// Does what work there is; the milliseconds until the next time-out of a connection, or -1.
    func run() -> Int32 {
        guard let server else { return -1 }
        web?.refresh()
        if let settings = web?.takeSettings() { http_server_use_tls(server, settings) }
        return http_server_run(server)
    }

    /// Closes all connections, and removes the files of unix sockets.
    func stop() {
        // While the sockets are open their files cannot be mistaken for others.
        for listener in listeners { listener.remove() }
        if let server { http_server_stop(server) }
        server = nil
    }

    // MARK: Answers

    private func answer(_ request: http_request, _ reply: inout http_reply) {
        if let web {
            for (name, value) in web.headers { reply.header(name, value) }
            if let refusal = web.refuse(request) { return refuse(refusal, &reply) }
        }
        guard !request.oversized else { return say(413, "request body too large\n", &reply) }
        guard let route = Route(String(cString: request.path), metrics: metricsPath) else {
            return say(404, "not found\n", &reply)
        }
        guard route.takes(String(cString: request.method)) else {
            reply.header("Allow", route.methods)
            return say(405, "method not allowed\n", &reply)
        }
        switch route {
        case .metrics:
            let kind = Self.span(request.accept) { accept in
                Self.span(request.accept_encoding) {
                    Negotiation(accept: accept, encoding: $0)
                }
            }
            pages.answer(kind, of: sampler, &reply)
            // Whoever asks for the head alone has not seen what is on the page.
            if strcmp(request.method, "GET") == 0 { sampler.pageServed() }
        case .health: say(200, "ok\n", &reply)
        case .readiness: sampler.samples > 0 ? say(200, "ready\n", &reply) : say(503, "no full sample yet\n", &reply)
        case .landing:
            reply.header("Content-Type", "text/html; charset=utf-8")
            reply.send(200, landing)
        case .sample: forceSample(request.local, &reply)
        }
    }

    /// A header's bytes, none where it is missing.
    private static func span<Result>(_ header: UnsafePointer<CChar>?, _ use: (Span<UInt8>) -> Result) -> Result {
        let bytes = UnsafeRawBufferPointer(start: header, count: header.map { strlen($0) } ?? 0)
        return use(bytes.bindMemory(to: UInt8.self).span)
    }

    private func refuse(_ refusal: WebAccess.Refusal, _ reply: inout http_reply) {
        switch refusal {
        case .unauthorized:
            reply.header("WWW-Authenticate", "Basic realm=\"brahe-agent\", charset=\"UTF-8\"")
            say(401, "unauthorized\n", &reply)
        case .tooMany(let seconds):
            number = Array("\(seconds)".utf8CString)
            number.withUnsafeBufferPointer {
                if let value = $0.baseAddress { reply.header("Retry-After", kept: value) }
            }
            say(429, "too many requests\n", &reply)
        }
    }

    private func forceSample(_ isLocal: Bool, _ reply: inout http_reply) {
        guard isLocal else { return say(403, "only from this machine\n", &reply) }
        let now = Clock.monotonic
        asked.removeAll { now - $0 >= 1_000_000_000 }
        guard asked.count < Self.samplesPerSecond else {
            reply.header("Retry-After", "1")
            return say(429, "at most ten samples a second\n", &reply)
        }
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
        reply.header("Content-Type", "text/plain; charset=utf-8")
        reply.send(status, text)
    }
}

import CAgent
import CBench
import Glibc

/// What libmicrohttpd itself allocates to answer one scrape: the agent's server in this process, with a page of zeros
/// for its own, so that every allocation counted is the library's.
struct ServerCost {
    private static let scrapes = 20

    /// Allocations for each scrape of `bytes`, connection included; least is what a steady one takes.
    static func mallocs(bytes: Int) throws(Failure) -> Series {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        let listening = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 8) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard listening else { throw Failure("listen on 127.0.0.1: \(String(cString: strerror(errno)))") }
        let page = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 1)
        defer { page.deallocate() }
        page.initializeMemory(as: UInt8.self, repeating: UInt8(ascii: "0"))
        return try withUnsafePointer(to: UnsafeRawBufferPointer(page)) { context throws(Failure) in
            let server = http_server_start(
                { context, _, reply in
                    guard let page = context?.assumingMemoryBound(to: UnsafeRawBufferPointer.self).pointee,
                        let base = page.baseAddress
                    else { return }
                    // As the agent's page has them.
                    reply.pointee.header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                    reply.pointee.header("Vary", "Accept, Accept-Encoding")
                    reply.pointee.status = 200
                    reply.pointee.body = base
                    reply.pointee.length = page.count
                }, UnsafeMutableRawPointer(mutating: context), false)
            guard let server else { throw Failure("start libmicrohttpd") }
            defer { http_server_stop(server) }
            guard http_server_listen(server, listener) else { throw Failure("start libmicrohttpd") }
            var counts = Series()
            for _ in 0..<scrapes { counts.add(Double(try scrape(server, address))) }
            return counts
        }
    }

    private static func scrape(_ server: OpaquePointer, _ address: sockaddr_in) throws(Failure) -> UInt {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(client) }
        let connected = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Failure("connect: \(String(cString: strerror(errno)))") }
        var request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        _ = request.withUTF8 { send(client, $0.baseAddress, $0.count, 0) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
        defer { buffer.deallocate() }
        let before = cbench_mallocs()
        while true {
            _ = http_server_run(server)
            let count = recv(client, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            if count == 0 || (count < 0 && errno != EAGAIN) { break }
        }
        return cbench_mallocs() - before
    }
}

extension http_reply {
    fileprivate mutating func header(_ name: StaticString, _ value: StaticString) {
        let texts = [name, value].map { UnsafeRawPointer($0.utf8Start).assumingMemoryBound(to: CChar.self) }
        http_reply_header(&self, texts[0], texts[1])
    }
}

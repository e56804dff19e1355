import Glibc
import Node

/// One GET of a page over a connection of its own, to the last byte.
struct Scrape {
    /// Nanoseconds from before `connect` until the server has closed.
    let nanoseconds: UInt64
    /// The size of the answer, headers included.
    let bytes: Int

    /// Gets `path` from a port of the loopback address.
    init(port: UInt16, path: String) throws(Failure) {
        let began = Clock.monotonic
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard connection >= 0 else { throw Failure("open a socket: \(String(cString: strerror(errno)))") }
        defer { close(connection) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure("connect to port \(port): \(String(cString: strerror(errno)))") }
        var request = "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        _ = request.withUTF8 { send(connection, $0.baseAddress, $0.count, 0) }
        let answer = Files.readAll(connection)
        nanoseconds = Clock.monotonic - began
        bytes = answer.count
        guard answer.starts(with: "HTTP/1.1 200".utf8) else { throw Failure("get \(path): no 200") }
    }
}

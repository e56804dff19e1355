import Glibc
import Node

/// A numeric address and a port to listen on.
struct ListenAddress: Equatable {
    /// `0.0.0.0`, `::1`; without brackets.
    let host: String
    let port: UInt16

    /// An address as given.
    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `ADDR:PORT`, with brackets around an IPv6 address; `:PORT` is every IPv4 address.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        self.init(host: host.isEmpty ? "0.0.0.0" : String(host), port: port)
    }

    /// The address as a URL.
    var url: String { host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)" }

    /// Binds and listens; returns the socket and the address with the port that it got. The corresponding C
    /// functions are `getaddrinfo`, `socket`, `bind` and `listen`.
    func open() throws(SystemError) -> (socket: Int32, bound: ListenAddress) {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else {
            throw SystemError("listen on \(host):\(port)", errno: EADDRNOTAVAIL)
        }
        defer { freeaddrinfo(found) }
        let listener = socket(
            address.pointee.ai_family,
            Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard listener >= 0 else { throw SystemError("open a socket for \(url)") }
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard bind(listener, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0, Glibc.listen(listener, 64) == 0
        else {
            let error = SystemError("listen on \(url)")
            close(listener)
            throw error
        }
        return (listener, ListenAddress(host: host, port: Self.port(of: listener) ?? port))
    }

    private static func port(of socket: Int32) -> UInt16? {
        var storage = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let status = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &size) }
        }
        // The port is at the same place in both families' addresses.
        return status == 0 ? UInt16(bigEndian: storage.sin6_port) : nil
    }
}

import Glibc
import Node

/// Where to listen: a numeric address and port, or the path of a unix socket.
enum ListenAddress: Equatable {
    /// `0.0.0.0`, `::1`, without brackets; port 0 is any free one.
    case tcp(host: String, port: UInt16)
    case unix(path: String)

    /// A TCP address as given.
    init(host: String, port: UInt16) { self = .tcp(host: host, port: port) }

    /// Reads `ADDR:PORT`, with brackets around an IPv6 address, where `:PORT` is every IPv4 address; or `unix:/PATH`.
    init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = text.dropFirst("unix:".count)
            guard path.hasPrefix("/"), path.utf8.count < Self.longestPath else { return nil }
            self = .unix(path: String(path))
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        self = .tcp(host: host.isEmpty ? "0.0.0.0" : String(host), port: port)
    }

    /// The address as a URL, of a server without TLS.
    var url: String { url(secure: false) }

    /// The address as a URL; that of a unix socket is as it is given to `--listen`.
    func url(secure: Bool) -> String {
        let scheme = secure ? "https" : "http"
        return switch self {
        case .tcp(let host, let port) where host.contains(":"): "\(scheme)://[\(host)]:\(port)"
        case .tcp(let host, let port): "\(scheme)://\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }

    /// Room for a path in a socket's address, the NUL at its end included.
    static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path)
}

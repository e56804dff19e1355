import Glibc
import Node

/// A socket that listens.
struct Listener {
    /// The socket. A server that it is given to closes it.
    let socket: Int32
    /// Where it listens, with the port that it got.
    let address: ListenAddress
    /// What the socket's file is, so that only our own is removed.
    private let file: (device: UInt64, inode: UInt64)?

    /// Opens a socket, binds and listens. The corresponding C functions are `socket`, `bind` and `listen`.
    init(_ address: ListenAddress) throws(SystemError) {
        switch address {
        case .tcp(let host, let port):
            socket = try Self.tcp(host, port)
            self.address = .tcp(host: host, port: Self.port(of: socket) ?? port)
            file = nil
        case .unix(let path):
            socket = try Self.unix(path)
            self.address = address
            file = Self.file(path)
        }
    }

    /// Removes the file of a unix socket, unless somebody put another in its place.
    func remove() {
        guard case .unix(let path) = address, let file, let found = Self.file(path), found == file else { return }
        unlink(path)
    }

    private static let flags = Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    private static let backlog: Int32 = 64

    // MARK: TCP

    private static func tcp(_ host: String, _ port: UInt16) throws(SystemError) -> Int32 {
        let action = "listen on \(ListenAddress(host: host, port: port).url)"
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else {
            throw SystemError("listen on \(host):\(port)", errno: EADDRNOTAVAIL)
        }
        defer { freeaddrinfo(found) }
        let listener = Glibc.socket(address.pointee.ai_family, Int32(SOCK_STREAM.rawValue) | flags, 0)
        guard listener >= 0 else { throw SystemError(action) }
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard bind(listener, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0, listen(listener, backlog) == 0
        else { throw failure(action, listener) }
        return listener
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

    // MARK: Unix sockets

    /// Listens at a path, which only the owner and the group may connect to.
    private static func unix(_ path: String) throws(SystemError) -> Int32 {
        let action = "listen on unix:\(path)"
        let listener = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | flags, 0)
        guard listener >= 0 else { throw SystemError(action) }
        // From its first moment on the file has this mode; there is no other thread to see the mask.
        let mask = umask(0o117)
        defer { umask(mask) }
        var status = call(bind, listener, path)
        if status != 0, errno == EADDRINUSE, isStale(path) {
            unlink(path)
            status = call(bind, listener, path)
        }
        guard status == 0, listen(listener, backlog) == 0 else { throw failure(action, listener) }
        return listener
    }

    /// Whether a path is a socket that nobody listens on any more, left by an agent that was killed.
    private static func isStale(_ path: String) -> Bool {
        defer { errno = EADDRINUSE }
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return false }
        let client = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | flags, 0)
        guard client >= 0 else { return false }
        defer { close(client) }
        return call(connect, client, path) != 0 && errno == ECONNREFUSED
    }

    private static func call(
        _ function: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32, _ socket: Int32, _ path: String
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                function(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func file(_ path: String) -> (device: UInt64, inode: UInt64)? {
        var status = stat()
        return lstat(path, &status) == 0 ? (UInt64(status.st_dev), UInt64(status.st_ino)) : nil
    }

    private static func failure(_ action: String, _ socket: Int32) -> SystemError {
        let error = SystemError(action)
        close(socket)
        return error
    }
}

import Exposition
import Foundation
import Glibc
import Testing

/// The real `brahe-agent`, serving on a free port of 127.0.0.1.
final class AgentUnderTest {
    let running: Running
    /// The port that it got.
    let port: UInt16

    /// Starts the agent, through another program where one is given, and waits until it listens.
    init(_ arguments: [String], through: [String] = []) throws {
        let command = try through + [Here.program("brahe-agent"), "--listen", "127.0.0.1:0"] + arguments
        let running = try Running(command[0], Array(command.dropFirst()))
        var port: UInt16?
        try running.await("the agent's address") {
            port = running.errorText.split(separator: "\n").first { $0.contains("listening on ") }
                .flatMap { $0.split(separator: ":").last }.flatMap { UInt16($0.prefix { $0.isNumber }) }
            return port != nil
        }
        self.running = running
        self.port = try #require(port)
    }

    /// Whether it lives, and what it said.
    var account: String { "alive: \(kill(running.pid, 0) == 0); it said: \(running.errorText)" }

    /// One request on a connection of its own; the status and the body.
    func request(_ method: String, _ path: String, accept: String = "*/*") throws -> (status: Int, body: String) {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(client) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Missing(what: "an agent on port \(port)") }
        let text = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nAccept: \(accept)\r\nConnection: close\r\n\r\n"
        _ = text.withCString { send(client, $0, strlen($0), 0) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = recv(client, &buffer, buffer.count, 0), count > 0 { bytes += buffer[..<count] }
        let answer = String(decoding: bytes, as: UTF8.self)
        let head = try #require(answer.range(of: "\r\n\r\n"))
        let status = answer.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return (try #require(status), String(answer[head.upperBound...]))
    }

    /// Forces a sample and reads the page.
    func scrape() throws -> Scrape {
        #expect(try request("POST", "/sample").status == 200)
        return try Scrape(request("GET", "/metrics").body)
    }

    /// Reads the page as it is.
    func page() throws -> Scrape { try Scrape(request("GET", "/metrics").body) }

    /// Samples until a page is as wanted, for ten seconds at most; returns that page.
    func await(_ what: String, _ condition: (Scrape) throws -> Bool) throws -> Scrape {
        for _ in 0..<66 {
            let page = try scrape()
            if try condition(page) { return page }
            usleep(150_000)
        }
        throw Missing(what: "\(what); it said: \(running.errorText)")
    }
}

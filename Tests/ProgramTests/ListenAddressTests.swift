import Glibc
import Testing

@testable import Agent

@Suite struct ListenAddressTests {
    @Test(
        arguments: [
            ("127.0.0.1:9102", "127.0.0.1", 9102, "http://127.0.0.1:9102"),
            ("0.0.0.0:0", "0.0.0.0", 0, "http://0.0.0.0:0"),
            (":65535", "0.0.0.0", 65535, "http://0.0.0.0:65535"),
            ("[::1]:9102", "::1", 9102, "http://[::1]:9102"),
            ("[::]:80", "::", 80, "http://[::]:80"),
        ] as [(String, String, UInt16, String)])
    func anAddressIsAHostAndAPort(text: String, host: String, port: UInt16, url: String) throws {
        let address = try #require(ListenAddress(text))
        #expect(address == ListenAddress(host: host, port: port))
        #expect(address.url == url)
        #expect(address.url(secure: true) == "https" + url.dropFirst(4))
    }

    @Test func aUnixSocketIsAnAbsolutePathThatFitsIntoAnAddress() throws {
        let longest = "unix:/" + String(repeating: "a", count: 106)
        #expect(try #require(ListenAddress("unix:/run/brahe.sock")) == .unix(path: "/run/brahe.sock"))
        #expect(try #require(ListenAddress(longest)).url == longest)
        for text in [longest + "a", "unix:", "unix:run/brahe.sock"] { #expect(ListenAddress(text) == nil, "\(text)") }
    }

    @Test func portZeroIsAnyFreePortAndAPortInUseIsNamed() throws {
        let listener = try Listener(ListenAddress(host: "127.0.0.1", port: 0))
        defer { close(listener.socket) }
        #expect(listener.address != ListenAddress(host: "127.0.0.1", port: 0))
        let error = try #require(throws: (any Error).self) { _ = try Listener(listener.address) }
        #expect("\(error)" == "listen on \(listener.address.url): Address already in use")
    }

    @Test func aHostNameIsNoNumericAddress() throws {
        let error = try #require(throws: (any Error).self) {
            _ = try Listener(ListenAddress(host: "no.such.host", port: 1))
        }
        #expect("\(error)" == "listen on no.such.host:1: Cannot assign requested address")
    }

    @Test func aSocketLeftBehindIsReplacedAndOneInUseIsNot() throws {
        let path = "/tmp/brahe-test-\(getpid()).sock"
        let address = ListenAddress.unix(path: path)
        let killed = try Listener(address)
        var status = stat()
        #expect(lstat(path, &status) == 0 && status.st_mode & 0o777 == 0o660)
        let error = try #require(throws: (any Error).self) { _ = try Listener(address) }
        #expect("\(error)" == "listen on unix:\(path): Address already in use")
        close(killed.socket)
        let next = try Listener(address)
        defer { close(next.socket) }
        unlink(path)
        let another = try Listener(address)
        defer { close(another.socket) }
        next.remove()
        #expect(access(path, F_OK) == 0, "nobody removes the socket of another")
        another.remove()
        #expect(access(path, F_OK) != 0)
    }

    @Test func aFileThatIsNoSocketStays() throws {
        let path = "/tmp/brahe-test-\(getpid()).txt"
        close(open(path, O_CREAT | O_WRONLY, 0o600))
        defer { unlink(path) }
        #expect(throws: (any Error).self) { _ = try Listener(.unix(path: path)) }
        #expect(access(path, F_OK) == 0)
    }
}

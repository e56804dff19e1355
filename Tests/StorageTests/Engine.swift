import Documents
import Glibc
import Host
import Testing

/// A real engine on a free port of its own, which ends with the test.
final class Engine {
    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case prometheus
        case victoriaMetrics = "victoria-metrics"
        var testDescription: String { rawValue }
        var program: String { "/usr/bin/" + rawValue }
        /// Whether Debian's package of it is installed.
        var isHere: Bool { access(program, X_OK) == 0 }
    }

    let url: String
    let folder: String
    private let child: Child
    private let ownsFolder: Bool

    /// Starts it over a folder, a new one if none is given, and waits until it answers.
    init(_ kind: Kind, folder: String? = nil, receiver: Bool = true, prefix: String = "", more: [String] = []) throws {
        ownsFolder = folder == nil
        self.folder = try folder ?? scratch()
        let port = try freePort()
        url = "http://127.0.0.1:\(port)\(prefix)"
        let log = open(self.folder + "/log", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        defer { close(log) }
        var arguments = [kind.program]
        switch kind {
        case .prometheus:
            try Files.replace(self.folder + "/prometheus.yml", with: "scrape_configs: []\n")
            arguments += [
                "--config.file=\(self.folder)/prometheus.yml", "--storage.tsdb.path=\(self.folder)/data",
                "--web.listen-address=127.0.0.1:\(port)", "--storage.tsdb.retention.time=100y",
            ]
            if !prefix.isEmpty { arguments.append("--web.route-prefix=\(prefix)") }
            if receiver { arguments.append("--web.enable-remote-write-receiver") }
        case .victoriaMetrics:
            arguments += [
                "-storageDataPath=\(self.folder)/data", "-httpListenAddr=127.0.0.1:\(port)", "-retentionPeriod=100y",
                "-http.pathPrefix=\(prefix)",
            ]
        }
        child = try Child(arguments + more, stdout: log, stderr: log, daemon: true)
        let health = kind == .prometheus ? "/-/ready" : "/health"
        for _ in 0..<300 where HTTPRequest("GET", url + health).answer().status != 200 { usleep(50_000) }
        try #require(HTTPRequest("GET", url + health).answer().status == 200, "\(kind) does not start")
    }

    deinit {
        kill(child.pid, SIGKILL)
        _ = child.ending(within: 5000)
        if ownsFolder { remove(folder: folder) }
    }
}

/// A new folder for a test.
func scratch() throws -> String {
    var template = Array("/tmp/brahe-storage-XXXXXX".utf8CString)
    return String(cString: try #require(mkdtemp(&template)))
}

/// Removes a folder of a test and all in it.
func remove(folder: String) {
    _ = try? Tool(["/bin/rm", "-r", folder]).run(within: 10_000)
}

/// A port of the loopback on which nothing listens.
func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
        }
    }
    try #require(bound)
    return UInt16(bigEndian: address.sin_port)
}

/// A receiver that answers each request with the next status of a list, and the last one from then on.
final class ScriptedReceiver {
    let url: String
    private let child: Child
    private let folder: String

    init(_ statuses: [Int], retryAfter: Int? = nil) throws {
        let port = try freePort()
        url = "http://127.0.0.1:\(port)"
        folder = try scratch()
        let script = """
            import http.server
            statuses = \(statuses)
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    self.rfile.read(int(self.headers["Content-Length"]))
                    open("\(folder)/times", "a").write("%s\\n" % __import__("time").monotonic())
                    self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
                    \(retryAfter.map { "self.send_header('Retry-After', '\($0)')" } ?? "pass")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                def log_message(self, *arguments): pass
            http.server.HTTPServer(("127.0.0.1", \(port)), Handler).serve_forever()
            """
        child = try Child(["python3", "-c", script], daemon: true)
        for _ in 0..<200 where HTTPRequest("GET", url).answer().status == 0 { usleep(25_000) }
    }

    /// When each request came, in seconds.
    var times: [Double] {
        let text = (try? Files.read(folder + "/times")) ?? ""
        return text.split(separator: "\n").compactMap { Double($0) }
    }

    deinit {
        kill(child.pid, SIGKILL)
        _ = child.ending(within: 5000)
        remove(folder: folder)
    }
}

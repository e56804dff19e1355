import Documents
import Foundation
import Glibc
import Host
import Samples

/// A folder of a test's own, removed with it.
final class Scratch: Sendable {
    let path = FileManager.default.temporaryDirectory.appending(path: "brahe-pages-\(UUID().uuidString)").path

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func callAsFunction(_ name: String) -> String { path + "/" + name }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: self(name), atomically: false, encoding: .utf8)
        return self(name)
    }
}

/// Something that a test needs is not here.
struct Missing: Error { let what: String }

/// A program that a test started; it is ended with the test.
final class Running {
    private let process = Process()
    private let log: URL

    init(_ path: String, _ arguments: [String]) throws {
        log = FileManager.default.temporaryDirectory.appending(path: "brahe-pages-\(UUID().uuidString).log")
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let file = try FileHandle(forWritingTo: log)
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardOutput = file
        process.standardError = file
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: log)
    }

    /// What it said so far.
    var text: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    /// Waits for its end; throws what it said if it failed.
    func finish() throws {
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Missing(what: text) }
    }

    /// Waits until a condition holds, for twenty seconds at most.
    func await(_ what: String, _ condition: () throws -> Bool) throws {
        for _ in 0..<2000 {
            if try condition() { return }
            if !process.isRunning { break }
            usleep(10_000)
        }
        throw Missing(what: "\(what); it said: \(text)")
    }
}

/// A port of 127.0.0.1 that nobody listens on.
func freePort() throws -> UInt16 {
    let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(probe) }
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    let found = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(probe, $0, size) == 0 && getsockname(probe, $0, &size) == 0
        }
    }
    guard found else { throw Missing(what: "a free port") }
    return UInt16(bigEndian: address.sin_port)
}

/// A real Prometheus with samples of the past.
final class PrometheusUnderTest {
    static var isHere: Bool { access("/usr/bin/prometheus", X_OK) == 0 }

    let url: String
    private let running: Running
    private let folder: Scratch

    /// Backfills a recording and starts it; `probe` tells when it answers.
    init(
        _ recording: Recording, _ arguments: [String] = [], prefix: String = "", scheme: String = "http",
        configuration: String = "global: {}\n",
        ready: (String) -> Bool = { HTTPRequest("GET", $0).answer().status == 200 }
    ) throws {
        folder = try Scratch()
        let data = folder("data")
        if !recording.series.isEmpty {
            try Files.replace(folder("samples.om")) { write throws(Failure) in try recording.eachPart(write) }
            try Running(
                "/usr/bin/promtool", ["tsdb", "create-blocks-from", "openmetrics", folder("samples.om"), data]
            ).finish()
        }
        let port = try freePort()
        let file = try folder.write("prometheus.yml", configuration)
        url = "\(scheme)://127.0.0.1:\(port)\(prefix)"
        running = try Running(
            "/usr/bin/prometheus",
            [
                "--config.file=\(file)", "--storage.tsdb.path=\(data)", "--storage.tsdb.retention.time=100y",
                "--web.listen-address=127.0.0.1:\(port)",
            ] + arguments)
        let url = url
        try running.await("an answer") { ready(url + "/-/ready") }
    }
}

/// server.py with routes.
final class ServerUnderTest {
    let url: String
    let folder: Scratch
    private let running: Running

    init(_ routes: JSON) throws {
        folder = try Scratch()
        let file = try folder.write("routes.json", routes.page)
        try folder.write("log", "")
        let program = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "server.py").path
        let running = try Running("/usr/bin/python3", [program, file, folder("log")])
        try running.await("a port") { running.text.hasSuffix("\n") }
        self.running = running
        url = "http://127.0.0.1:" + running.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The requests so far.
    var requests: [JSON] {
        let text = (try? String(contentsOfFile: folder("log"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { try? JSON(parsing: String($0)) }
    }
}

/// Random numbers that are the same in every run.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

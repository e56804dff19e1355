import Foundation
import Glibc
import Testing

/// The machine's means to run the programs with the real probe.
enum Here {
    /// Whether the probe can be loaded: root, and a kernel with BTF.
    static var canLoadProbe: Bool { geteuid() == 0 && access("/sys/kernel/btf/vmlinux", R_OK) == 0 }

    /// Where the built programs are: beside the test bundle.
    static func program(_ name: String) throws -> String {
        let here = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        for candidate in [Bundle.main.bundlePath, (here as NSString).deletingLastPathComponent, buildFolder] {
            let path = candidate + "/" + name
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw Missing(what: "program \(name)")
    }

    /// This checkout's folder.
    static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// `.build/debug` of this checkout.
    private static var buildFolder: String { checkout + "/.build/debug" }

    /// A port of 127.0.0.1 that nobody listens on, for a program that cannot choose one itself.
    static func freePort() throws -> UInt16 {
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

    /// Where cgroup v2 is mounted.
    static func cgroupMount() throws -> String {
        for line in try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8).split(separator: "\n") {
            let fields = line.split(separator: " ")
            if let dash = fields.firstIndex(of: "-"), fields[dash + 1] == "cgroup2" { return String(fields[4]) }
        }
        throw Missing(what: "cgroup2 mount")
    }

    /// Where the v1 hierarchy of a controller is mounted.
    static func cgroupMount(v1 controller: String) throws -> String {
        for line in try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8).split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), fields[dash + 1] == "cgroup" else { continue }
            if fields[dash + 3].split(separator: ",").contains(Substring(controller)) { return String(fields[4]) }
        }
        throw Missing(what: "a cgroup v1 mount of \(controller)")
    }

    /// Whether the v1 hierarchies of these controllers are mounted.
    static func hasV1(_ controllers: String...) -> Bool {
        controllers.allSatisfy { (try? cgroupMount(v1: $0)) != nil }
    }
}

/// Something that a test needs is not here.
struct Missing: Error { let what: String }

/// A program that a test started; it is ended with the test.
final class Running {
    private let process = Process()
    private let errors: URL
    private let output: URL

    /// Starts a program, its output and errors to files.
    init(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        let folder = FileManager.default.temporaryDirectory
        errors = folder.appending(path: "brahe-test-\(UUID().uuidString).err")
        output = folder.appending(path: "brahe-test-\(UUID().uuidString).out")
        for file in [errors, output] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        for file in [errors, output] { try? FileManager.default.removeItem(at: file) }
    }

    /// What it wrote to standard error so far.
    var errorText: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }
    /// What it wrote to standard output so far.
    var outputText: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }
    /// Its process id.
    var pid: pid_t { process.processIdentifier }

    /// Waits for its end; returns its exit code.
    func wait() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Waits for its end; returns whether a signal ended it.
    func wasKilled() -> Bool {
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal
    }

    /// Waits until a condition holds, for ten seconds at most.
    func await(_ what: String, _ condition: () -> Bool) throws {
        for _ in 0..<1000 {
            if condition() { return }
            if !process.isRunning { break }
            usleep(10_000)
        }
        throw Missing(what: "\(what); it said: \(errorText)")
    }
}

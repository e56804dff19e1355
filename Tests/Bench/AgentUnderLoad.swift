import CBench
import Glibc
import Node

/// A running agent, the program beside this one.
struct AgentUnderLoad {
    /// Its process.
    let process: pid_t
    /// Where it serves, on the loopback address.
    let port: UInt16
    /// Nanoseconds from fork until it listened.
    let startup: UInt64

    /// Where the program is, or another one beside this one; nil where it was not built.
    static func program(_ name: String = "brahe-agent") -> String? {
        var path = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &path, path.count)
        guard length > 0 else { return nil }
        let own = String(decoding: path[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
        guard let slash = own.lastIndex(of: "/") else { return nil }
        let program = own[...slash] + name
        return access(String(program), X_OK) == 0 ? String(program) : nil
    }

    /// Starts `program` with the default options, and these besides, and waits until it says that it listens.
    init(program: String, _ workplace: Workplace, options: [String] = []) throws(Failure) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure("open a pipe: \(String(cString: strerror(errno)))") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let words =
            [
                program, "--listen", "127.0.0.1:0", "--sysfs", workplace.sysfs, "--cgroup", workplace.mount,
                "--pod-logs", workplace.podLogs,
            ] + options
        let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        let began = Clock.monotonic
        process = cbench_spawn(arguments, ends[1])
        close(ends[1])
        // Its end must stay open, or its next line would kill it; the process that measures is short-lived.
        guard process > 0 else { throw Failure("start \(program)") }
        var said = ""
        var byte: UInt8 = 0
        while read(ends[0], &byte, 1) == 1 {
            if byte != UInt8(ascii: "\n") {
                said.unicodeScalars.append(Unicode.Scalar(byte))
                continue
            }
            if said.contains("listening on http"),
                let port = said.split(separator: ":").last.flatMap({ UInt16($0.prefix { $0.isNumber }) })
            {
                self.port = port
                startup = Clock.monotonic - began
                return
            }
            said = ""
        }
        waitpid(process, nil, 0)
        throw Failure("start \(program): it ended")
    }

    /// Numbers in KiB from /proc/PID/status.
    func memory() -> JSON {
        let fields = ["VmRSS", "RssAnon", "RssFile", "RssShmem", "VmHWM"]
        var found: [(String, JSON)] = []
        for line in (Files.read("/proc/\(process)/status") ?? "").split(separator: "\n") {
            let parts = line.split { ": \t".contains($0) }
            guard let name = parts.first, fields.contains(String(name)), parts.count > 1, let size = UInt64(parts[1])
            else { continue }
            found.append(("\(name)_KiB", .count(size)))
        }
        return .object(found)
    }

    /// Asks it to end, and returns the nanoseconds until it did.
    func stop() -> UInt64 {
        let began = Clock.monotonic
        kill(process, SIGTERM)
        waitpid(process, nil, 0)
        return Clock.monotonic - began
    }
}

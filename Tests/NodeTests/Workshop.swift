import CAgent
import Glibc
import Testing

@testable import Node

/// A cgroup for a test to work in: at the top of a hierarchy, or named as a container's below.
final class Workshop {
    let name: String
    let id: UInt64
    /// Where it is in its hierarchy.
    let path: String
    private let mount: String
    private let isV2: Bool

    /// A cgroup of v2, or of the v1 hierarchy of a controller; a container's if it has a number.
    init(_ name: String, v1 controller: String? = nil, container: Int? = nil) throws {
        let name = "brahe-test-\(getpid())-\(name)"
        self.name = name
        isV2 = controller == nil
        mount = try #require(Self.mount(controller))
        path = container.map { "/\(name)/kubepods/pod5f4b7b9e/" + Self.containerID($0) } ?? "/" + name
        for folder in Self.folders(path) where mkdir(mount + folder, 0o755) != 0 {
            throw SystemError("make \(mount)\(folder)")
        }
        var status = stat()
        guard stat(mount + path, &status) == 0 else { throw SystemError("stat \(mount)\(path)") }
        id = UInt64(status.st_ino)
    }

    deinit { remove() }

    /// Where v2, or the v1 hierarchy of a controller, is mounted.
    static func mount(_ controller: String?) -> String? {
        guard let controller else { return CgroupTree.mounted()?.mount }
        let mounts = CgroupMount.list(Directory.text("/proc/self/mountinfo") ?? "")
        return mounts.first { !$0.isV2 && $0.has(controller) }?.point
    }

    func remove() { for folder in Self.folders(path).reversed() { rmdir(mount + folder) } }

    /// Moves a process here.
    func admit(_ pid: pid_t) {
        let file = open(mount + path + "/cgroup.procs", O_WRONLY)
        defer { close(file) }
        let text = "\(pid)"
        #expect(write(file, text, text.utf8.count) > 0)
    }

    /// Starts a shell that moves itself here, and to other places, before it works; returns its process id.
    func start(_ script: String, also others: [Workshop] = []) throws -> pid_t {
        var pid = pid_t()
        let moves = ([self] + others).map { "echo $$ > \($0.mount)\($0.path)/cgroup.procs; " }.joined()
        var arguments = [strdup("sh"), strdup("-c"), strdup(moves + script), nil]
        defer { for argument in arguments { free(argument) } }
        let error = posix_spawn(&pid, "/bin/sh", nil, nil, &arguments, environ)
        guard error == 0 else { throw SystemError("start /bin/sh", errno: error) }
        return pid
    }

    /// Runs a shell that moves itself here, to its end.
    func run(_ script: String) throws { waitpid(try start(script), nil, 0) }

    /// The kernel's own account, microseconds: cpu.stat, or cpuacct.usage.
    func usage() throws -> UInt64 {
        guard isV2 else { return try #require(DecimalFile.read(mount + path + "/cpuacct.usage")) / 1000 }
        let text = try #require(Directory.text(mount + path + "/cpu.stat"))
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("usage_usec ") })
        return try #require(UInt64(line.dropFirst("usage_usec ".count)))
    }

    private static func containerID(_ number: Int) -> String {
        String(repeating: "0123456789abcde\(number % 10)", count: 4)
    }

    /// A path and all above it, the highest first.
    private static func folders(_ path: String) -> [String] {
        var folder = ""
        return path.split(separator: "/").map { name in
            folder += "/" + name
            return folder
        }
    }
}

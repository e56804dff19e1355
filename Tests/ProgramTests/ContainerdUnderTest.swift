import Foundation
import Glibc
import Host

/// A real containerd of its own, as a node has it under its kubelet, with one image.
final class ContainerdUnderTest {
    private let folder: Scratch
    private let daemon: Running
    private let image: ImageUnderTest
    private var containers: [(id: String, cgroup: String)] = []

    /// Starts it, and gives it the image.
    init(_ image: ImageUnderTest) throws {
        self.image = image
        folder = try Scratch()
        try folder.write(
            "config.toml",
            """
            version = 2
            root = "\(folder("root"))"
            state = "\(folder("state"))"
            disabled_plugins = ["io.containerd.grpc.v1.cri"]
            [grpc]
              address = "\(folder("socket"))"
            """)
        daemon = try Running("/usr/bin/env", ["containerd", "--config", folder("config.toml"), "--log-level", "warn"])
        try daemon.await("containerd's socket") { access(folder("socket"), F_OK) == 0 }
        try ctr("image", "import", "--snapshotter", "native", image.archive)
    }

    deinit {
        for container in containers {
            try? ctr("task", "rm", "--force", container.id)
            TestCgroup.removeEverywhere((container.cgroup as NSString).deletingLastPathComponent)
        }
        kill(daemon.pid, SIGTERM)
        _ = daemon.wait()
    }

    /// What begins every command of its client; the kubelet's containers are in this namespace too.
    private var client: [String] { ["ctr", "--address", folder("socket"), "--namespace", "k8s.io"] }

    private func ctr(_ arguments: String...) throws {
        let done = try Tool(client + arguments).run(within: 60_000)
        guard done.code == 0 else { throw Missing(what: "ctr \(arguments): \(done.lastWords)") }
    }

    /// Starts the agent in a container, and waits until it listens.
    ///
    /// It has the host's network, so that a test reaches its port; of its pod's own, a kubelet's plugin would make one.
    ///
    /// - Parameters:
    ///   - id: the container's.
    ///   - cgroup: its cgroup's path in every hierarchy, in a pod's of its own.
    ///   - more: further options of `ctr run`.
    ///   - arguments: further ones of the agent.
    func start(
        _ manifest: ContainerManifest, id: String, cgroup: String, more: [String] = [],
        arguments: [String] = []
    ) throws -> AgentUnderTest {
        let run =
            client + ["run", "--rm", "--snapshotter", "native", "--net-host", "--cgroup", cgroup]
            + ["--pid-file", folder(id)] + manifest.options + more + [manifest.image, id]
            + image.config.config.entrypoint
        let quoted = run.map { "'\($0)'" }.joined(separator: " ")
        containers.append((id, cgroup))
        // The name of the program outside comes first.
        return try AgentUnderTest(
            manifest.arguments + arguments, through: ["/bin/sh", "-c", "shift; exec \(quoted) \"$@\"", "sh"])
    }

    /// The agent's process id, outside.
    func pid(_ id: String) throws -> pid_t {
        guard let pid = pid_t(try String(contentsOfFile: folder(id), encoding: .utf8)) else {
            throw Missing(what: "the process id of \(id)")
        }
        return pid
    }
}

extension ContainerdUnderTest {
    /// The most memory that a container had, in bytes, as the kernel counted it.
    func peakMemory(of cgroup: String) throws -> Int {
        let files = [
            try? Here.cgroupMount() + cgroup + "/memory.peak",
            try? Here.cgroupMount(v1: "memory") + cgroup + "/memory.max_usage_in_bytes",
        ]
        for file in files.compactMap(\.self) {
            let text = try? String(contentsOfFile: file, encoding: .utf8)
            if let peak = text.flatMap({ Int($0.trimmingCharacters(in: .newlines)) }) { return peak }
        }
        throw Missing(what: "a peak of memory in \(files)")
    }
}

extension TestCgroup {
    /// Removes an empty cgroup from every hierarchy, once nobody is in it.
    static func removeEverywhere(_ path: String) {
        let mounts = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
        for line in mounts.split(separator: "\n") where line.contains(" - cgroup") {
            rmdir("\(line.split(separator: " ")[4])\(path)")
        }
    }
}

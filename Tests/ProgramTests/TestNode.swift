import Foundation
import Glibc

/// A node as a kubelet and libvirt set it up: cgroups named as theirs, a log tree that names the containers, and steady
/// work in each.
final class TestNode {
    /// A container, or a virtual machine, whose pod and namespace are empty.
    struct Workload: Sendable {
        let pod: String
        let namespace: String
        let container: String
        let uid: String
        let id: String
        /// Its path in every hierarchy that it is in.
        let path: String
    }

    /// What stands in /var/log.
    let logs: Scratch
    /// Every container.
    let containers: [Workload]
    /// The pod that the seeds ask for.
    static let seedsPod = "source-controller-7d98d6688c-d6mmd"
    /// The name of the virtual machine.
    static let machine = "web"

    private let mounts: [String]
    private var running: [Running] = []
    private var folders: [String] = []

    /// Makes everything and starts the work: all of it on the last CPU, in different shares.
    init() throws {
        logs = try Scratch()
        let memory = Self.memoryMount()
        mounts = [try Here.cgroupMount()] + (memory.map { [$0] } ?? [])
        let controllers = ["flux-system", Self.seedsPod, UUID().uuidString.lowercased()]
        let helm = ["flux-system", "helm-controller-9b6bb4f68-k2vp7", UUID().uuidString.lowercased()]
        let shop = ["shop", "web-0", UUID().uuidString.lowercased()]
        containers = [(controllers, "manager"), (helm, "manager"), (helm, "proxy"), (shop, "app")].map { pod, name in
            let hex = (UUID().uuidString + UUID().uuidString).replacing("-", with: "").lowercased()
            let slice = "kubepods-burstable-pod\(pod[2].replacing("-", with: "_")).slice"
            return Workload(
                pod: pod[1], namespace: pod[0], container: name, uid: pod[2], id: String(hex.prefix(64)),
                path: "/kubepods.slice/kubepods-burstable.slice/\(slice)/cri-containerd-\(hex.prefix(64)).scope")
        }
        for container in containers { try log(container) }
        let brahe = try Here.program("brahe")
        let steady = "exec taskset -c \(sysconf(Int32(_SC_NPROCESSORS_ONLN)) - 1) nice -n 1"
        let spin = "\(brahe) workload steady --seconds 900"
        // Whoever else is at work goes first.
        // As many seconds as no test lasts; each ends with the node.
        let work = [
            ["\(steady)0 \(spin)"], ["\(steady)4 \(spin)"],
            ["\(steady)0 \(brahe) workload bursty --seconds 900"], ["\(steady)2 \(spin)", "\(steady)2 \(spin)"],
        ]
        for (container, commands) in zip(containers, work) { try start(commands, in: container.path) }
        try start(["\(steady)3 \(spin)"], in: "/machine.slice/machine-qemu\\x2d1\\x2d\(Self.machine).scope")
    }

    /// The process at work in the first container.
    var pid: pid_t { running[0].pid }

    /// Ends the work and removes the cgroups.
    func stop() {
        for work in running { kill(work.pid, SIGKILL) }
        for work in running { _ = work.wait() }
        for folder in folders.reversed() { rmdir(folder) }
    }

    /// The kernel's own account of a container's CPU time, in seconds.
    func cpuSeconds(of container: Workload) throws -> Double {
        let usage = try number("usage_usec", in: "\(mounts[0])\(container.path)/cpu.stat")
        return usage / 1e6
    }

    /// RSS and working set of a container in bytes, as the kernel has them; nil where no memory is counted for it.
    func memory(of container: Workload) throws -> (resident: Double, workingSet: Double)? {
        for (mount, usage, words) in [
            (mounts[0], "memory.current", ("anon", "inactive_file")),
            (mounts[mounts.count - 1], "memory.usage_in_bytes", ("total_rss", "total_inactive_file")),
        ] {
            let folder = mount + container.path
            guard let text = try? String(contentsOfFile: "\(folder)/\(usage)", encoding: .utf8) else { continue }
            let all = Double(text.trimmingCharacters(in: .newlines)) ?? 0
            return (
                try number(words.0, in: folder + "/memory.stat"),
                all - (try number(words.1, in: folder + "/memory.stat"))
            )
        }
        return nil
    }

    private func number(_ word: String, in file: String) throws -> Double {
        for line in try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n") {
            let fields = line.split(separator: " ")
            if fields[0] == word, let number = Double(fields[1]) { return number }
        }
        throw Missing(what: "\(word) in \(file)")
    }

    /// What the kubelet does for a container: the pod's directory, the log, and the link to it.
    private func log(_ container: Workload) throws {
        let files = FileManager.default
        let folder = "pods/\(container.namespace)_\(container.pod)_\(container.uid)/\(container.container)"
        try files.createDirectory(atPath: logs(folder), withIntermediateDirectories: true)
        try files.createDirectory(atPath: logs("containers"), withIntermediateDirectories: true)
        let file = try logs.write("\(folder)/0.log", "")
        let link = "\(container.pod)_\(container.namespace)_\(container.container)-\(container.id).log"
        try files.createSymbolicLink(atPath: logs("containers/\(link)"), withDestinationPath: file)
    }

    private func start(_ commands: [String], in path: String) throws {
        for mount in mounts {
            var folder = mount
            for component in path.split(separator: "/") {
                folder += "/\(component)"
                if mkdir(folder, 0o755) == 0 { folders.append(folder) }
            }
        }
        let join = mounts.map { "echo $$ > '\($0)\(path)/cgroup.procs'" }.joined(separator: " && ")
        for command in commands { running.append(try Running("/bin/sh", ["-c", "\(join) && \(command)"])) }
    }

    /// Where the v1 hierarchy is that counts memory, on a node where v2 does not.
    private static func memoryMount() -> String? {
        let text = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map { $0.split(separator: " ") }.first { fields in
            fields.last?.split(separator: ",").contains("memory") == true && fields.contains("cgroup")
        }.map { String($0[4]) }
    }
}

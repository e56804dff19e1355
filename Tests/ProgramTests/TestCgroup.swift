import Foundation
import Glibc

/// A real cgroup that a test made, named as a kubelet with the systemd driver names a container's.
final class TestCgroup {
    /// The container's id; empty where the cgroup is none's.
    let id: String
    /// The directory.
    let folder: String
    private static let pod = "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podbrahe_test.slice"

    /// Sixty-four digits that no other has.
    static func newID() -> String {
        (UUID().uuidString + UUID().uuidString).replacing("-", with: "").lowercased()
    }

    /// Makes a container's cgroup.
    init() throws {
        id = Self.newID()
        folder = try "\(Here.cgroupMount())/\(Self.pod)/cri-containerd-\(id).scope"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    /// Makes the cgroup of a container in a pod of its own, with that UID.
    init(pod uid: String) throws {
        id = Self.newID()
        let slice = "kubepods-besteffort-pod\(uid.replacing("-", with: "_")).slice"
        folder = try
            "\(Here.cgroupMount())/kubepods.slice/kubepods-besteffort.slice/\(slice)/cri-containerd-\(id).scope"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    /// Makes the cgroup at a path under the mount.
    init(path: String) throws {
        id = ""
        folder = try Here.cgroupMount() + path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        rmdir(folder)
        // A pod's own goes with it, once it is empty; one that was not made here has others in it.
        rmdir((folder as NSString).deletingLastPathComponent)
    }

    /// Makes a cgroup of the same path in another hierarchy, as a runtime does.
    func make(in mount: String) throws {
        try FileManager.default.createDirectory(atPath: mount + path(), withIntermediateDirectories: true)
    }

    /// Removes that one, with the pod's.
    func remove(in mount: String) {
        guard let path = try? path() else { return }
        rmdir(mount + path)
        rmdir((mount + path as NSString).deletingLastPathComponent)
    }

    /// The path under the mount.
    func path() throws -> String { try String(folder.dropFirst(Here.cgroupMount().count)) }

    /// Removes the cgroup before its time.
    func remove() { rmdir(folder) }

    /// Starts a shell command in the cgroup; the shell moves itself before it does anything else.
    func start(_ command: String) throws -> Running {
        try Running("/bin/sh", ["-c", "echo $$ > \(folder)/cgroup.procs && \(command)"])
    }

    /// Spends a few milliseconds in the cgroup, in a shell that ends there; its exit code.
    @discardableResult func work(_ rounds: Int = 4000) -> Int32 {
        let spin = "echo $$ > '\(folder)/cgroup.procs' && i=0; while [ $i -lt \(rounds) ]; do i=$((i+1)); done"
        var pid = pid_t()
        var arguments = [strdup("sh"), strdup("-c"), strdup(spin), nil]
        defer { for argument in arguments { free(argument) } }
        guard posix_spawn(&pid, "/bin/sh", nil, nil, &arguments, environ) == 0 else { return -1 }
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        return status
    }

    /// The kernel's own account of the cgroup's CPU time, in microseconds.
    func usage() throws -> Double {
        for line in try String(contentsOfFile: folder + "/cpu.stat", encoding: .utf8).split(separator: "\n") {
            let fields = line.split(separator: " ")
            if fields[0] == "usage_usec", let usage = Double(fields[1]) { return usage }
        }
        throw Missing(what: "usage_usec in \(folder)/cpu.stat")
    }
}

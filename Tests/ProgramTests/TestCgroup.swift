import Foundation
import Glibc

/// A real cgroup that a test made, named as a kubelet with the systemd driver names a container's.
final class TestCgroup {
    /// The container's id.
    let id: String
    /// The directory.
    let folder: String
    private static let pod = "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podbrahe_test.slice"

    /// Makes a container's cgroup.
    init() throws {
        let hex = (UUID().uuidString + UUID().uuidString).replacing("-", with: "").lowercased()
        id = String(hex.prefix(64))
        folder = try "\(Here.cgroupMount())/\(Self.pod)/cri-containerd-\(id).scope"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { rmdir(folder) }

    /// Removes the cgroup before its time.
    func remove() { rmdir(folder) }

    /// Starts a shell command in the cgroup; the shell moves itself before it does anything else.
    func start(_ command: String) throws -> Running {
        try Running("/bin/sh", ["-c", "echo $$ > \(folder)/cgroup.procs && \(command)"])
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

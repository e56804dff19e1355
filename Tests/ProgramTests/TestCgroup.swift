import Foundation
import Glibc

/// A real cgroup that a test made, named as a kubelet or systemd names it. A kubelet's v1 directories are one cgroup here.
final class TestCgroup {
    /// The container's id; empty where it is no container's.
    let id: String
    /// Its path in its hierarchy, from the slash on.
    let path: String
    /// Its directories, the one that counts CPU time first.
    private let folders: [String]
    private let isV2: Bool

    /// The directory.
    var folder: String { folders[0] }

    /// A container's in v2, as a kubelet with the systemd driver makes it, in a pod of that UID.
    convenience init(pod: String = "brahe-test") throws {
        let id = Self.newID()
        let slice = "kubepods-burstable-pod\(pod.replacing("-", with: "_")).slice"
        try self.init(
            id: id, path: "/kubepods.slice/kubepods-burstable.slice/\(slice)/cri-containerd-\(id).scope",
            mounts: [Here.cgroupMount()], isV2: true)
    }

    /// A container's in v1 hierarchies alone, as a kubelet with the cgroupfs driver makes it.
    convenience init(pod: String, v1 controllers: [String]) throws {
        let id = Self.newID()
        try self.init(
            id: id, path: "/kubepods/burstable/pod\(pod)/\(id)",
            mounts: controllers.map { try Here.cgroupMount(v1: $0) }, isV2: false)
    }

    /// One in v2 that is no container's.
    convenience init(path: String) throws {
        try self.init(id: "", path: path, mounts: [Here.cgroupMount()], isV2: true)
    }

    private init(id: String, path: String, mounts: [String], isV2: Bool) throws {
        self.id = id
        self.path = path
        self.isV2 = isV2
        folders = mounts.map { $0 + path }
        for folder in folders {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
    }

    /// Sixty-four digits that no other has.
    static func newID() -> String {
        String((UUID().uuidString + UUID().uuidString).replacing("-", with: "").lowercased().prefix(64))
    }

    deinit { remove() }

    /// Removes the cgroup before its time, and its pod's where it was the last.
    func remove() {
        for folder in folders where rmdir(folder) == 0 && !folder.contains("podbrahe_test.slice") {
            rmdir((folder as NSString).deletingLastPathComponent)
        }
    }

    /// Starts a shell command in the cgroup; the shell moves itself before it does anything else.
    func start(_ command: String) throws -> Running {
        let moves = folders.map { "echo $$ > \($0)/cgroup.procs && " }.joined()
        return try Running("/bin/sh", ["-c", moves + command])
    }

    /// Works for about so many milliseconds of CPU time, and ends.
    func work(milliseconds: Int) throws {
        let work = try start("i=0; while [ $i -lt \(milliseconds * 800) ]; do i=$((i+1)); done")
        guard work.wait() == 0 else { throw Missing(what: "work in \(folder): \(work.errorText)") }
    }

    /// Makes a cgroup of the same path in another hierarchy, as a runtime does.
    func make(in mount: String) throws {
        try FileManager.default.createDirectory(atPath: mount + path, withIntermediateDirectories: true)
    }

    /// Removes that one, with the pod's.
    func remove(in mount: String) {
        rmdir(mount + path)
        rmdir((mount + path as NSString).deletingLastPathComponent)
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
        guard isV2 else { return try number("cpuacct.usage") / 1000 }
        for line in try String(contentsOfFile: folder + "/cpu.stat", encoding: .utf8).split(separator: "\n") {
            let fields = line.split(separator: " ")
            if fields[0] == "usage_usec", let usage = Double(fields[1]) { return usage }
        }
        throw Missing(what: "usage_usec in \(folder)/cpu.stat")
    }

    /// The number in a file of the directory that has it.
    func number(_ file: String) throws -> Double {
        for folder in folders {
            let text = try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
            if let number = text.flatMap({ Double($0.trimmingCharacters(in: .newlines)) }) { return number }
        }
        throw Missing(what: "\(file) in \(folders)")
    }

    /// A number in the file `memory.stat` of the directory that has it.
    func memory(_ key: String) throws -> Double {
        for folder in folders {
            let text = (try? String(contentsOfFile: "\(folder)/memory.stat", encoding: .utf8)) ?? ""
            for line in text.split(separator: "\n") where line.hasPrefix("\(key) ") {
                if let number = Double(line.dropFirst(key.count + 1)) { return number }
            }
        }
        throw Missing(what: "\(key) in \(folders)")
    }
}

extension Here {
    /// The UID of a pod that nobody had before.
    static func podUID() -> String { UUID().uuidString.lowercased() }
}

import Glibc

@testable import Node

/// A directory of small files in the manner of sysfs; it goes when this value does.
final class FixtureTree {
    /// Where it is.
    let root: String

    init() throws(SystemError) {
        var template = Array("/tmp/brahe-fixture-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil, chmod(template, 0o755) == 0 else { throw SystemError("make a fixture tree") }
        root = template.withUnsafeBufferPointer { String(decoding: $0.dropLast().map(UInt8.init), as: UTF8.self) }
    }

    deinit { Self.removeAll(root) }

    /// Writes a file, in place where it is there, and the directories above it. As in sysfs, it ends with a line break.
    func write(_ path: String, _ text: String) throws(SystemError) {
        try makeDirectory(path.split(separator: "/").dropLast().joined(separator: "/"))
        let file = open("\(root)/\(path)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw SystemError("write \(path)") }
        defer { close(file) }
        var line = text.isEmpty ? "" : text + "\n"
        let count = line.withUTF8 { Glibc.write(file, $0.baseAddress, $0.count) }
        guard count == line.utf8.count else { throw SystemError("write \(path)") }
    }

    func makeDirectory(_ path: String) throws(SystemError) {
        var directory = root
        for name in path.split(separator: "/") {
            directory += "/\(name)"
            guard mkdir(directory, 0o755) == 0 || errno == EEXIST else { throw SystemError("make \(directory)") }
        }
    }

    /// Makes a link to another path of the tree.
    func link(_ path: String, to target: String) throws(SystemError) {
        try makeDirectory(path.split(separator: "/").dropLast().joined(separator: "/"))
        guard symlink("\(root)/\(target)", "\(root)/\(path)") == 0 else { throw SystemError("link \(path)") }
    }

    /// Takes every permission from a file.
    func forbid(_ path: String) throws(SystemError) {
        guard chmod("\(root)/\(path)", 0) == 0 else { throw SystemError("forbid \(path)") }
    }

    func remove(_ path: String) { unlink("\(root)/\(path)") }

    private static func removeAll(_ directory: String) {
        for entry in Directory.entries(directory) ?? [] {
            let path = "\(directory)/\(entry.name)"
            if entry.isDirectory { removeAll(path) } else { unlink(path) }
        }
        rmdir(directory)
    }
}

extension FixtureTree {
    /// Where the kernel keeps the zones.
    static let powercap = "class/powercap"

    /// Writes a zone's directory under class/powercap; nil leaves the file out.
    func zone(
        _ path: String, name: String, energy: String? = "0", range: String? = "262143328850"
    ) throws(SystemError) {
        try write("\(Self.powercap)/\(path)/name", name)
        if let energy { try write("\(Self.powercap)/\(path)/energy_uj", energy) }
        if let range { try write("\(Self.powercap)/\(path)/max_energy_range_uj", range) }
    }

    /// Sets a zone's counter.
    func setEnergy(_ path: String, _ energy: String) throws(SystemError) {
        try write("\(Self.powercap)/\(path)/energy_uj", energy)
    }

    /// Writes a CPU's topology files; without `package` the CPU is offline, without `die` the kernel is old.
    func cpu(_ number: Int, package: Int?, die: Int? = 0) throws(SystemError) {
        let path = "devices/system/cpu/cpu\(number)"
        try makeDirectory(path)
        if let package { try write("\(path)/topology/physical_package_id", "\(package)") }
        if let package, package >= 0, let die { try write("\(path)/topology/die_id", "\(die)") }
    }
}

import Foundation

/// A sysfs tree of a machine with a socket for each of its first two CPUs, whose energy the test spends by hand.
final class TwoSockets {
    /// The sysfs root to give to the agent.
    let root = FileManager.default.temporaryDirectory.appending(path: "brahe-sockets-\(UUID().uuidString)").path

    /// Lays out the tree, both counters at zero.
    init() throws {
        for socket in 0..<2 {
            try write("package-\(socket)", to: "class/powercap/intel-rapl:\(socket)/name")
            try write("262143328850", to: "class/powercap/intel-rapl:\(socket)/max_energy_range_uj")
            try write("\(socket)", to: "devices/system/cpu/cpu\(socket)/topology/physical_package_id")
        }
        try spend([0, 0])
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// Sets what each socket has spent since the start, microjoules.
    func spend(_ microjoules: [UInt64]) throws {
        for (socket, energy) in microjoules.enumerated() {
            try write(String(energy), to: "class/powercap/intel-rapl:\(socket)/energy_uj")
        }
    }

    private func write(_ text: String, to path: String) throws {
        let file = URL(filePath: root).appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        // Over the old text and not in its place, for the agent keeps the file open.
        try (text + "\n").write(to: file, atomically: false, encoding: .utf8)
    }
}

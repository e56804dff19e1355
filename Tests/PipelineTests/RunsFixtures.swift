import Documents
import Foundation
import Host
import Runs
import Testing

/// A clock that goes on only when somebody waits.
final class StoppedClock {
    private(set) var milliseconds: Int64 = 1_795_248_000_000
    /// Called at each pause, with the time; throws what a signal would.
    var atPause: (Int64) throws(Failure) -> Void = { _ in }

    var time: Timepiece {
        Timepiece(
            now: { Moment(milliseconds: self.milliseconds) }, elapsed: { self.milliseconds },
            pause: { length throws(Failure) in
                self.milliseconds += Int64(length)
                try self.atPause(self.milliseconds)
            })
    }

    func advance(_ length: Int64) { milliseconds += length }
}

/// A folder that goes away with the test.
final class Folder {
    let path = FileManager.default.temporaryDirectory.appending(path: "brahe-runs-\(UUID().uuidString)").path

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// A run of its own.
    func run(project: String = "falco") throws -> RunFolder {
        let name = RunIdentifier(
            at: Moment(milliseconds: 1_795_248_000_000), project: project, configuration: "modern-ebpf",
            version: "0.41.1")
        return try RunFolder.create(in: path + "/runs", name) { ["run": .string($0)] }
    }

    func write(_ text: String, to name: String) throws {
        try text.write(toFile: path + "/" + name, atomically: true, encoding: .utf8)
    }
}

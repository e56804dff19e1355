import Documents
import Foundation
import Glibc
import StandIns
import Testing

/// A disk that is full is said in one line, and the cluster is left clean.
@Suite(.serialized, .enabled(if: Here.canLoadProbe && !Kubectls.all.isEmpty, "needs root, BTF and kubectl"))
struct PipelineDiskTests {
    /// A disk for the runs' folders that can be filled and emptied; it is gone with this object.
    private final class Disk {
        let path: String

        init(_ path: String, options: String = "size=1m") throws {
            self.path = path
            mkdir(path, 0o755)
            guard mount("tmpfs", path, "tmpfs", 0, options) == 0 else { throw Missing(what: "a tmpfs at \(path)") }
        }

        deinit { umount2(path, Int32(MNT_DETACH)) }

        func fill() throws {
            _ = FileManager.default.createFile(atPath: path + "/ballast", contents: nil)
            let ballast = try FileHandle(forWritingTo: URL(filePath: path + "/ballast"))
            defer { try? ballast.close() }
            while (try? ballast.write(contentsOf: Data(repeating: 0, count: 256))) != nil {}
        }

        func empty() throws { try FileManager.default.removeItem(atPath: path + "/ballast") }
    }

    @Test(arguments: ["size=64k", "size=64k,nr_inodes=2"]) func whatCannotBeWrittenDownIsNotBegun(_ options: String)
        throws
    {
        let world = try PipelineUnderTest()
        let disk = try Disk(world.folder("runs"), options: options)
        try disk.fill()
        let run = try world.start()
        let code = run.wait()
        #expect(code == 8 || code == 3, "\(run.errorText)")
        #expect(run.errorText.split(separator: "\n").count == 1, "\(run.errorText)")
        #expect(run.errorText.contains("No space left"), "\(run.errorText)")
        // Neither a request that changes something, nor half of a run's folder.
        #expect(try world.cluster.requests().allSatisfy { $0.hasPrefix("GET ") })
        #expect(world.runs == ["ballast"])
        try disk.empty()
    }

    @Test(arguments: ["ready", "window"]) func aDiskThatFillsUpEndsTheRunClean(_ step: String) throws {
        let world = try PipelineUnderTest(switches: ["seconds": ["ready": step == "ready" ? 2 : .number(0.1)]])
        let disk = try Disk(world.folder("runs"))
        let run = try world.start("pipeline", ["--for", "2s"])
        try run.await(step) { world.hasBegun(step, of: world.runs.last { $0 != "ballast" }) }
        usleep(500_000)
        try disk.fill()
        world.ends(run, with: 8)
        let name = try #require(world.runs.first { $0 != "ballast" })
        // One line about the step that failed of it, and one at most about what it means.
        let complaints = run.errorText.split(separator: "\n").filter { $0.contains("No space left") }
        #expect(complaints.filter { $0.hasPrefix("[") }.count == 1, "\(run.errorText)")
        #expect(complaints.count < 3, "\(run.errorText)")
        // The journal may have had some bytes of room left, and then it is whole.
        let isOver = world.journal(of: name).last.map { $0["step"] == "unlock" && $0["phase"] == "result" } ?? false
        #expect(
            isOver || run.errorText.contains("when the disk has room: brahe cleanup \(name)"), "\(run.errorText)")
        try world.checkIsEmpty(run.errorText)
        // No report is there that passes for a good one.
        #expect((try? world.report(of: name)["status"].string) != "succeeded")
        try disk.empty()
        world.ends(try world.take("cleanup", name))
        #expect(try world.report(of: name)["status"].string == "invalid")
        world.ends(try world.take("resume", name), with: 8)
        world.ends(try world.start())
        try world.checkIsEmpty()
    }
}

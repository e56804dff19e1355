import Foundation
import Glibc
import Testing

/// Signals, failures and other runs come at any step; a run ends clean all the same and says so by its exit code.
@Suite(.serialized)
struct RunSignalTests {
    private static let measuring = [
        "preflight", "baseline", "deploy", "ready", "idle", "benchmark", "warmup", "window", "collect", "report",
    ]

    @Test(arguments: ["lock"] + measuring + ["cleanup", "verify", "unlock"], [SIGINT, SIGTERM, SIGHUP])
    func aSignalAtAnyStepEndsTheRunAfterCleanup(_ step: String, _ signal: Int32) throws {
        let world = try RunUnderTest()
        let run = try world.start(["--signal", "\(step):\(signal)"])
        #expect(run.wait() == 128 + signal, "\(run.errorText)")
        #expect(world.cluster.isEmpty)
        if step != "lock" { #expect(world.trace.last?.hasSuffix(" unlock") == true) }
        #expect(!world.isLeased)
        let state = try world.status()["state"] as? String
        #expect(state == (Self.measuring.contains(step) ? "failed" : step == "lock" ? "refused" : "done"))
        #expect(try world.start().wait() == 0)
    }

    @Test(arguments: measuring)
    func aFailureAtAnyStepIsTheRunsExitCodeForEver(_ step: String) throws {
        let world = try RunUnderTest()
        let code: Int32 = step == "benchmark" ? 7 : 6
        let run = try world.start(["--fail", step])
        #expect(run.wait() == code, "\(run.errorText)")
        #expect(run.errorText.contains("\(step) was told to fail"))
        #expect(try world.resume().wait() == code)
        let summary = world.text("summary.md")
        #expect(summary.contains("| \(step) | failed |") && summary.contains("**\(step) failed**"), "\(summary)")
        try world.checkIsClean(code, "\(step)")
    }

    @Test(arguments: ["cleanup", "verify"])
    func aClusterThatIsNotClearedStandsInTheWayUntilItIs(_ step: String) throws {
        let world = try RunUnderTest()
        let run = try world.start(["--fail", step])
        #expect(run.wait() == 9, "\(run.errorText)")
        #expect(run.errorText.contains("brahe cleanup \(world.runs[0])"))
        #expect(world.isLeased)
        let next = try world.start()
        #expect(next.wait() == 4)
        #expect(next.errorText.contains("brahe resume \(world.runs[0]), or brahe cleanup \(world.runs[0])"))
        #expect(try world.resume(["--aim", "clear"]).wait() == 0)
        try world.checkIsClean(0, "\(step)")
    }

    @Test func aFailureBeforeCleanupOutlivesOneOfCleanup() throws {
        let world = try RunUnderTest()
        #expect(try world.start(["--fail", "benchmark,cleanup"]).wait() == 7)
        #expect(try world.status()["state"] as? String == "not cleared")
        #expect(try world.resume().wait() == 7)
        try world.checkIsClean(7, "")
    }

    @Test func aSecondSignalGivesUpAndSaysWhatIsLeft() throws {
        let world = try RunUnderTest()
        let run = try world.start(["--signal", "window:\(SIGTERM),cleanup:\(SIGINT)"])
        #expect(run.wait() == 143, "\(run.errorText)")
        #expect(run.errorText.contains("brahe cleanup \(world.runs[0])"))
        #expect(try world.resume(["--aim", "clear"]).wait() == 0)
        try world.checkIsClean(143, "")
    }

    @Test func aRunThatStopsAtAStepGoesOnFromThere() throws {
        let world = try RunUnderTest()
        #expect(try world.start(["--aim", "ready"]).wait() == 0)
        #expect(world.cluster.count == 2 && world.isLeased)
        #expect(try world.status()["state"] as? String == "stopped")
        #expect(try world.resume(["--aim", "ready"]).wait() == 0)
        #expect(try world.resume().wait() == 0)
        try world.checkIsClean(0, "")
    }

    @Test func ofTwoRunsStartedTogetherExactlyOneProceeds() throws {
        for _ in 0..<10 {
            let world = try RunUnderTest()
            let runs = try (0..<2).map { _ in try world.start(["--hold", "20"]) }
            let codes = runs.map { $0.wait() }.sorted()
            #expect(codes == [0, 4], "\(runs.map(\.errorText))")
            let refused = try #require(runs.first { $0.wait() == 4 })
            let line = refused.errorText
            #expect(world.runs.contains { line.contains("run \($0)") }, "\(line)")
            #expect(world.trace.count == 14)
        }
    }

    @Test func runsInTheQueueComeInTheOrderOfArrival() throws {
        let world = try RunUnderTest()
        var runs: [Running] = []
        for number in 1...4 {
            let run = try world.start(["--queue", "--hold", "30"])
            // In line before the next one comes.
            try run.await("lock") { run.errorText.contains(number == 1 ? "lock: done" : "waits for run") }
            runs.append(run)
        }
        // One of those that wait dies, and the others do not wait for it.
        kill(runs[2].pid, SIGKILL)
        #expect(runs[2].wasKilled())
        #expect(try world.start().wait() == 4)
        #expect(runs[0].wait() == 0 && runs[1].wait() == 0 && runs[3].wait() == 0, "\(runs.map(\.errorText))")
        #expect(runs[1].errorText.contains("waits for run \(world.runs[0])"))
        let order = world.trace.compactMap { $0.split(separator: " ").first.map(String.init) }
        #expect(order == [0, 1, 3].flatMap { Array(repeating: world.runs[$0], count: 14) })
    }

    @Test func statusIsATableOfRunsAndTheStepsOfOne() throws {
        let world = try RunUnderTest()
        #expect(try world.start(["--fail", "window,cleanup"]).wait() == 6)
        func status(_ arguments: String...) throws -> Running {
            try Running(Here.program("brahe"), ["status", "--runs", world.path + "/runs"] + arguments)
        }
        let all = try status()
        #expect(all.wait() == 0)
        let run = world.runs[0]
        #expect(all.outputText.hasPrefix("RUN "))
        #expect(all.outputText.contains("\(run)  not cleared  cleanup  "), "\(all.outputText)")
        #expect(all.outputText.contains("  cleanup, verify, unlock\n"))
        #expect(all.outputText.contains("cleanup was told to fail; brahe resume \(run), or brahe cleanup \(run)\n"))
        let one = try status(String(run.prefix(10)))
        #expect(one.wait() == 0)
        #expect(one.outputText.contains(/\nwindow +20\S+Z +0\.\d s +failed\n/), "\(one.outputText)")
        #expect(try status("nothing").wait() == 3)
        #expect(try status("one", "two").wait() == 2)
        let none = try Running(Here.program("brahe"), ["status", "--runs", world.path + "/none", "--json"])
        #expect(none.wait() == 0)
        #expect(none.outputText.contains("\"runs\""))
    }

    @Test func twoProcessesDoNotWorkOnOneRun() throws {
        let world = try RunUnderTest()
        let run = try world.start(["--hold", "100"])
        try run.await("a step") { run.errorText.contains("deploy: begun") }
        #expect(try world.status()["state"] as? String == "running")
        let second = try world.resume()
        #expect(second.wait() == 4)
        #expect(second.errorText.contains("another brahe is at it"), "\(second.errorText)")
        #expect(run.wait() == 0)
        try world.checkIsClean(0, "")
    }

    @Test(.enabled(if: geteuid() == 0, "needs root"))
    func aDiskThatIsReallyFullIsOneLine() throws {
        let world = try RunUnderTest()
        #expect(mount("tmpfs", world.path, "tmpfs", 0, "size=40k") == 0)
        defer { umount2(world.path, Int32(MNT_DETACH)) }
        _ = FileManager.default.createFile(atPath: world.path + "/ballast", contents: nil)
        let run = try world.start(["--hold", "40"])
        try run.await("a step") { run.errorText.contains("baseline: begun") }
        let ballast = try FileHandle(forWritingTo: URL(filePath: world.path + "/ballast"))
        while (try? ballast.write(contentsOf: Data(repeating: 0, count: 256))) != nil {}
        #expect(run.wait() == 8, "\(run.errorText)")
        #expect(world.cluster.isEmpty)
        try FileManager.default.removeItem(atPath: world.path + "/ballast")
        #expect(try world.resume(["--aim", "clear"]).wait() == 0)
        #expect(!world.isLeased)
    }
}

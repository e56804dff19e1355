import Foundation
import Glibc
import Testing

/// A run that is killed anywhere, and taken up or cleared by another process, leaves nothing behind.
@Suite(.serialized)
struct KillTests {
    /// How often a run that nothing disturbs writes to its journal: each step twice, and when the window began.
    private static let writes = 29

    @Test func everyWriteToTheJournalIsOnTheDiskBeforeTheNext() throws {
        let world = try RunUnderTest()
        let count = URL(filePath: world.path + "/count")
        #expect(try world.start(environment: Killer.shared.get().environment(countingIn: count)).wait() == 0)
        #expect(world.text("count") == "\(Self.writes) \(Self.writes)\n")
        #expect(world.trace.count == 14)
    }

    @Test(arguments: 1...Self.writes, [Killer.When.half, .after])
    func aRunKilledAtAnyWriteIsTakenUpAndEndsClean(at number: Int, _ when: Killer.When) throws {
        let world = try RunUnderTest()
        #expect(try world.start(environment: Killer.shared.get().environment(at: number, when)).wasKilled())
        let resumed = try world.resume()
        let code = resumed.wait()
        // A window of no length is over when its run comes back, and nobody measured its end.
        let isInWindow = number == 19 && when == .half || number == 18 && when == .after
        #expect(code == 0 || (code == 8 && isInWindow), "\(resumed.errorText)")
        try world.checkIsClean(code, "\(when) write \(number): \(resumed.errorText)")
    }

    @Test(arguments: 1...Self.writes)
    func aRunKilledAtAnyWriteCanBeCleared(at number: Int) throws {
        let world = try RunUnderTest()
        #expect(try world.start(environment: Killer.shared.get().environment(at: number, .after)).wasKilled())
        let cleared = try world.resume(["--aim", "clear"])
        #expect(cleared.wait() == 0, "\(cleared.errorText)")
        // Only a run that had its report before has a good one.
        try world.checkIsClean(number > 22 ? 0 : 8, "write \(number): \(cleared.errorText)")
        #expect(try world.resume().wait() == (number > 22 ? 0 : 8))
    }

    @Test func aRunKilledAgainAndAgainEndsClean() throws {
        var dice = SystemRandomNumberGenerator()
        for _ in 0..<25 {
            let world = try RunUnderTest()
            var story: [String] = []
            func killing() throws -> [String: String] {
                let number = Int.random(in: 1...20, using: &dice)
                let when = [Killer.When.before, .half, .after].randomElement(using: &dice) ?? .before
                story.append("\(when) write \(number)")
                return try Killer.shared.get().environment(at: number, when)
            }
            _ = try world.start(["--window", "30"], environment: killing()).wait()
            for _ in 0..<Int.random(in: 1...4, using: &dice) {
                _ = try world.resume(environment: killing()).wait()
            }
            let last = try world.resume()
            let code = last.wait()
            #expect(code == 0 || code == 8, "\(story): \(last.errorText)")
            try world.checkIsClean(code, "\(story): \(last.errorText)")
        }
    }

    @Test(arguments: ["lock", "deploy", "cleanup", "unlock"])
    func aStepKilledHalfDoneIsDoneAgain(_ step: String) throws {
        let world = try RunUnderTest()
        #expect(try world.start(["--die", step]).wasKilled())
        let state = try world.status()
        #expect(state["state"] as? String == (step == "lock" ? "never began" : "broken off"))
        #expect(state["step"] as? String == step)
        #expect(try world.resume().wait() == 0)
        try world.checkIsClean(0, "died in \(step)")
    }

    @Test func anOpenWindowIsWaitedFor() throws {
        let world = try RunUnderTest()
        let killer = try Killer.shared.get()
        #expect(try world.start(["--window", "1500"], environment: killer.environment(at: 18, .after)).wasKilled())
        let resumed = try world.resume()
        #expect(resumed.wait() == 0, "\(resumed.errorText)")
        #expect(resumed.errorText.contains("its window is still open"))
        #expect(resumed.errorText.contains("waits for the end of the window"))
        try world.checkIsClean(0, "\(resumed.errorText)")
    }

    @Test func aWindowOfWhichAPartIsLostIsInvalid() throws {
        let world = try RunUnderTest()
        let killer = try Killer.shared.get()
        #expect(try world.start(["--window", "60000"], environment: killer.environment(at: 18, .after)).wasKilled())
        let resumed = try world.resume(["--lost"])
        #expect(resumed.wait() == 8)
        #expect(resumed.errorText.contains("was not measured"), "\(resumed.errorText)")
        try world.checkIsClean(8, "\(resumed.errorText)")
    }

    @Test(arguments: (1...Self.writes).map { ($0, Killer.When.full) } + [1, 2, 8, 18, 23, 25].map { ($0, .once) })
    func aFullDiskFailsTheRunAndLeavesNothingBehind(at number: Int, _ when: Killer.When) throws {
        let world = try RunUnderTest()
        let first = try world.start(environment: Killer.shared.get().environment(at: number, when))
        #expect(first.wait() == 8, "\(first.errorText)")
        let complaints = first.errorText.split(separator: "\n").filter { $0.contains("going on without a journal") }
        #expect(complaints.count == 1, "\(first.errorText)")
        #expect(world.cluster.isEmpty && !world.isLeased)
        // Room again: what the journal does not say is not taken for granted, and a failed run stays one. What failed
        // with the report written and the cluster verified clean may stay right.
        let resumed = try world.resume()
        let code = resumed.wait()
        let wasReported = number > 23 || (number == 23 && when == .once)
        let neverBegan = number < 2
        #expect(code == (wasReported || neverBegan ? 0 : 8), "\(resumed.errorText)")
        try world.checkIsClean(code, "\(when) write \(number): \(resumed.errorText)")
    }
}

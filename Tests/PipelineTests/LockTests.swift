import Foundation
import Host
import Runs
import Testing

struct LockTests {
    @Test func theLockHasOneHolderAndNamesIt() throws {
        let folder = try Folder()
        let path = folder.path + "/lock"
        var first: RunLock? = try RunLock(path, run: "one")
        let refused = #expect(throws: Failure.self) { try RunLock(path, run: "two") }
        #expect(refused?.exit == .locked)
        #expect(refused?.message.contains("run one (process \(getpid()))") == true, "\(refused?.message ?? "")")
        withExtendedLifetime(first) {}
        first = nil
        _ = try RunLock(path, run: "two")
        #expect(Files.names(in: path + ".queue") == ["door"])
    }

    @Test func whoWaitsLearnsForWhomAndComesAfterwards() throws {
        let folder = try Folder()
        let path = folder.path + "/lock"
        var first: RunLock? = try RunLock(path, run: "one")
        var reasons: [String] = []
        let second = try RunLock(path, run: "two") { reason throws(Failure) in
            reasons.append(reason)
            // Who does not wait is not let in before who does.
            let hasty = #expect(throws: Failure.self) { try RunLock(path, run: "three") }
            #expect(hasty?.message.contains("run two, which came before,") == true, "\(hasty?.message ?? "")")
            if reasons.count == 3 { first = nil }
        }
        withExtendedLifetime((first, second)) {}
        #expect(reasons.count == 3 && reasons[0].hasPrefix("run one (process "))
    }

    @Test func whoIsInterruptedLeavesTheQueue() throws {
        let folder = try Folder()
        let path = folder.path + "/lock"
        let first = try RunLock(path, run: "one")
        let error = #expect(throws: Failure.self) {
            try RunLock(path, run: "two") { _ throws(Failure) in throw Failure(.interrupted, "interrupted") }
        }
        #expect(error?.exit == .interrupted)
        #expect(Files.names(in: path + ".queue") == ["door"])
        withExtendedLifetime(first) {}
    }

    @Test func aLockThatCannotBeOpenedIsNamed() throws {
        let error = #expect(throws: Failure.self) { try RunLock("/proc/brahe.lock", run: "one") }
        #expect(error?.exit == .configuration)
        #expect(error?.message.contains("/proc/brahe.lock") == true)
    }
}

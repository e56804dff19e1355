import Documents
import Foundation
import Glibc
import Host
import StandIns
import Testing

/// The whole pipeline, killed anywhere, and taken up or cleared by another process: nothing is left, and no report is
/// better than what was measured.
@Suite(.serialized, .enabled(if: Here.canLoadProbe && !Kubectls.all.isEmpty, "needs root, BTF and kubectl"))
struct PipelineKillTests {
    /// How often a run that nothing disturbs writes to its journal: each step twice, when the window began, and what is
    /// to be cleared of the benchmark and of the project.
    private static let writes = 31
    /// The writes after which the window has begun and its end is not measured.
    private static let opened = 18

    @Test func everyWriteToTheJournalIsCounted() throws {
        let world = try PipelineUnderTest()
        let count = world.folder("count")
        let killer = try Killer.shared.get()
        world.ends(try world.start(environment: killer.environment(countingIn: URL(filePath: count))))
        #expect(try String(contentsOfFile: count, encoding: .utf8) == "\(Self.writes) \(Self.writes)\n")
        let steps = world.journal().filter { $0["phase"].string == "note" }.compactMap { $0["step"].string }
        #expect(steps == ["window", "cleanup", "cleanup"])
        #expect(world.journal()[Self.opened - 1]["detail"]["began"].string != nil)
        try Self.check(world, code: 0, seconds: 1, "undisturbed")
        try world.checkIsEmpty()
    }

    /// Every second position in a cluster of its own.
    @Test func aRunKilledAtAnyWriteEndsClean() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 1...2 {
                group.addTask { try killAtEachWrite(from: lane, by: 2) }
            }
            try await group.waitForAll()
        }
    }

    /// One after another in one cluster, so that each run also shows that the one before it has left no lock.
    private func killAtEachWrite(from first: Int, by step: Int) throws {
        let world = try PipelineUnderTest()
        let killer = try Killer.shared.get()
        for number in stride(from: first, through: Self.writes, by: step) {
            let when = [Killer.When.before, .half, .after][number % 3]
            let story = "killed \(when) write \(number)"
            let killed = try world.start("pipeline", Self.short, environment: killer.environment(at: number, when))
            try #require(killed.wasKilled(), "\(story): \(killed.errorText)")
            if number / 2 % 2 == 0 {
                let code = try resume(world, story)
                #expect(Self.expected(number, when).contains(code), "\(story), resumed with \(code)")
            } else {
                try clear(world, wasReported: number > 23 || (number == 23 && when == .after), story)
            }
            try world.checkIsEmpty(story)
            #expect(try world.status()["may_be_in_cluster"].bool == false, "\(story)")
        }
        world.ends(try world.start("pipeline", Self.short))
    }

    /// Windows as short as can be, for runs that are many.
    private static let short = ["--for", "400ms"]

    /// With which exit codes a run can be resumed that was killed there.
    private static func expected(_ number: Int, _ when: Killer.When) -> [Int32] {
        // The short window goes on while the run comes back, and may be over or not.
        if number == opened, when == .after { return [0, 8] }
        return number == opened + 1 && when != .after ? [8] : [0]
    }

    @Test func aRunKilledTwiceEndsClean() throws {
        let world = try PipelineUnderTest()
        let killer = try Killer.shared.get()
        for (first, second) in [(4, 3), (8, 4), (14, 5), (17, 6), (26, 4), (31, 2)] {
            let when = [Killer.When.before, .half, .after][first % 3]
            let story = "killed \(when) write \(first), resumed, killed at \(second)"
            let killed = try world.start("pipeline", Self.short, environment: killer.environment(at: first, when))
            try #require(killed.wasKilled(), "\(story): \(killed.errorText)")
            // Of what is left of the run there may be fewer writes than that.
            _ = try world.take("resume", environment: killer.environment(at: second, .half)).wait()
            if first % 4 == 0 { _ = try resume(world, story) } else { try clear(world, wasReported: nil, story) }
            try world.checkIsEmpty(story)
        }
        world.ends(try world.start("pipeline", Self.short))
    }

    @Test func anOpenWindowIsWaitedForAndIsWhole() throws {
        let world = try PipelineUnderTest()
        let killer = try Killer.shared.get()
        let killed = try world.start("pipeline", ["--for", "4s"], environment: killer.environment(at: 18, .after))
        #expect(killed.wasKilled())
        let resumed = world.ends(try world.take("resume"))
        #expect(resumed.errorText.contains("waits for the end of the window"), "\(resumed.errorText)")
        try Self.check(world, code: 0, seconds: 4, "resumed in the window")
        try world.checkIsEmpty()
    }

    @Test func aWindowWhoseEndNobodyMeasuredIsInvalid() throws {
        let world = try PipelineUnderTest()
        let killer = try Killer.shared.get()
        #expect(try world.start(environment: killer.environment(at: 18, .after)).wasKilled())
        usleep(1_200_000)
        let resumed = world.ends(try world.take("resume"), with: 8)
        #expect(resumed.errorText.contains("nobody was there to measure its end"), "\(resumed.errorText)")
        try Self.check(world, code: 8, "resumed after the window")
        try world.checkIsEmpty()
    }

    @Test func aWindowInWhichTheAgentStartedAnewIsInvalid() throws {
        let world = try PipelineUnderTest()
        let killer = try Killer.shared.get()
        let killed = try world.start("pipeline", ["--for", "10s"], environment: killer.environment(at: 18, .after))
        #expect(killed.wasKilled())
        kill(world.agent.running.pid, SIGTERM)
        _ = world.agent.running.wait()
        let again = try Running(
            Here.program("brahe-agent"), ["--source", "estimator", "--listen", "127.0.0.1:\(world.agent.port)"])
        try again.await("the agent's port") { again.errorText.contains("listening on ") }
        let resumed = world.ends(try world.take("resume"), with: 8)
        #expect(resumed.errorText.contains("was not measured"), "\(resumed.errorText)")
        try Self.check(world, code: 8, "resumed with another agent")
        try world.checkIsEmpty()
    }

    /// A kubectl that stays for a while before or after its work, and is killed together with brahe meanwhile.
    @Test(arguments: [("create", true), ("apply", false), ("apply", true), ("delete", true)])
    func aRunKilledWhileKubectlIsAtItEndsClean(_ verb: String, _ done: Bool) throws {
        let world = try PipelineUnderTest()
        let mark = world.folder("mark")
        // The mark has the process's number.
        let stay =
            "case \" $* \" in *' \(verb) '*) [ -e \(mark) ] || { echo $$ > \(mark).new; "
            + "mv \(mark).new \(mark); sleep 5; };; esac\n"
        let slow = try world.folder.write(
            "kubectl",
            done
                ? "#!/bin/sh\n\(world.kubectl) \"$@\" || exit\n\(stay)"
                : "#!/bin/sh\n\(stay)exec \(world.kubectl) \"$@\"\n")
        chmod(slow, 0o755)
        let run = try world.start("pipeline", Self.short + ["--kubectl", slow])
        try run.await("kubectl \(verb)") { FileManager.default.fileExists(atPath: mark) }
        kill(run.pid, SIGKILL)
        #expect(run.wasKilled())
        let child = try #require(
            pid_t(String(contentsOfFile: mark, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)))
        try world.cluster.await("the end of kubectl, whom nobody waits for any more") { kill(child, 0) != 0 }
        let story = "killed \(done ? "after" : "before") kubectl \(verb)"
        if verb == "apply" {
            try clear(world, wasReported: false, story)
        } else {
            #expect(try resume(world, story) == 0)
        }
        try world.checkIsEmpty(story)
    }

    @Test(arguments: ["ready", "idle", "cleanup"]) func aRunKilledWhileItWaitsEndsClean(_ step: String) throws {
        let world = try PipelineUnderTest(switches: ["seconds": step == "ready" ? ["ready": 1000] : ["terminate": 2]])
        let run = try world.start("pipeline", ["--idle", "800ms"])
        try run.await(step) { world.hasBegun(step) }
        usleep(400_000)
        kill(run.pid, SIGKILL)
        #expect(run.wasKilled())
        if step == "ready" {
            #expect(try !world.left().isEmpty)
            try clear(world, wasReported: false, "killed while it waits for \(step)")
        } else {
            #expect(try resume(world, "killed while it waits in \(step)") == 0)
            let idle = try PipelineUnderTest.seconds(of: "idle", in: world.report())
            #expect((0.8...3).contains(idle), "\(idle) s")
        }
        try world.checkIsEmpty(step)
    }

    /// Resumes the latest run and checks that its report is as good as the exit code says, which it returns.
    private func resume(_ world: PipelineUnderTest, _ story: String) throws -> Int32 {
        let resumed = try world.take("resume")
        let code = resumed.wait()
        try Self.check(world, code: code, "\(story), resumed: \(resumed.errorText)")
        return code
    }

    /// Clears the latest run and checks that its report is a good one only if it had been written before; nil if that
    /// is not known.
    private func clear(_ world: PipelineUnderTest, wasReported: Bool?, _ story: String) throws {
        let cleared = try world.take("cleanup")
        #expect(cleared.wait() == 0, "\(story), cleared: \(cleared.errorText)")
        guard let wasReported else { return }
        try Self.check(world, code: wasReported ? 0 : 8, "\(story), cleared: \(cleared.errorText)")
        // Nothing is left to be done, and what came of the run stays.
        #expect(try world.take("resume").wait() == (wasReported ? 0 : 8), "\(story)")
    }

    /// Checks the latest run's report against an exit code.
    static func check(_ world: PipelineUnderTest, code: Int32, seconds: Double = 0.4, _ story: String) throws {
        let report = try world.report()
        #expect(report["status"].string == (code == 0 ? "succeeded" : "invalid"), "\(story)")
        #expect(code == 0 || code == 8, "\(story)")
        #expect((report["failure"].string == nil) == (code == 0), "\(story)")
        guard code == 0 else { return }
        let length = try PipelineUnderTest.seconds(of: "run", in: report)
        #expect((seconds...seconds + 2).contains(length), "a window of \(length) s; \(story)")
        let energy = PipelineUnderTest.scope("node", in: report)["energy"]
        // The estimator has some watts for a CPU.
        #expect((0.1...10_000).contains(energy["mean_W"].number ?? 0), "\(story)")
        let joules = (energy["mean_W"].number ?? 0) * length
        #expect(abs((energy["gross_J"].number ?? 0) - joules) < 0.01 * joules, "\(story)")
        // A report says nothing that its samples do not.
        #expect(
            world.ends(try world.take("report", nil, ["--verify"])).outputText.hasSuffix("its samples\n"), "\(story)")
    }
}

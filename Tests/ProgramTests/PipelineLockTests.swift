import Documents
import Foundation
import Glibc
import Host
import StandIns
import Testing

/// One run at a time: on a machine by its lock, in a cluster by its lease.
@Suite(.serialized, .enabled(if: Here.canLoadProbe && !Kubectls.all.isEmpty, "needs root, BTF and kubectl"))
struct PipelineLockTests {
    /// The options of another machine: it shares the cluster, and neither lock nor runs.
    private static func elsewhere(_ world: PipelineUnderTest) -> [String] {
        ["--lock", world.folder("lock-2"), "--runs", world.folder("runs-2")]
    }

    private static func runsElsewhere(_ world: PipelineUnderTest) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: world.folder("runs-2"))) ?? []).sorted()
    }

    @Test(arguments: [false, true]) func ofTwoStartedTogetherOneProceeds(_ twoMachines: Bool) throws {
        let world = try PipelineUnderTest()
        let options = twoMachines ? Self.elsewhere(world) : []
        let both = try [world.start(), world.start("pipeline", options)]
        let codes = both.map { $0.wait() }
        #expect(codes.sorted() == [0, 4], "\(both.map(\.errorText))")
        let refused = try #require(both.first { $0.wait() == 4 })
        // One line says why, and names the run that has it.
        let complaints = refused.errorText.split(separator: "\n").filter { $0.contains("lock: failed") }
        #expect(complaints.count == 1, "\(refused.errorText)")
        let names = world.runs + Self.runsElsewhere(world)
        #expect(names.count == 2 && names.contains { complaints.first?.contains("run \($0)") == true })
        if twoMachines { #expect(refused.errorText.contains("the lease benchmark/brahe-pipeline is held")) }
        try world.checkIsEmpty()
    }

    @Test func projectsInOtherNamespacesHaveTheSameLease() throws {
        let world = try PipelineUnderTest()
        let first = try world.start("pipeline", ["--for", "3s"])
        try first.await("deploy") { world.hasBegun("deploy") }
        let second = try world.start("pipeline", Self.elsewhere(world) + ["--namespace", "default"])
        world.ends(second, with: 4)
        #expect(second.errorText.contains("the lease benchmark/brahe-pipeline is held"), "\(second.errorText)")
        world.ends(first)
        try world.checkIsEmpty()
    }

    @Test(arguments: [false, true]) func inTheQueueBothSucceedOneAfterTheOther(_ twoMachines: Bool) throws {
        let world = try PipelineUnderTest()
        let options = ["--queue"] + (twoMachines ? Self.elsewhere(world) : [])
        let both = try [world.start("pipeline", ["--queue"]), world.start("pipeline", options)]
        #expect(both.map { $0.wait() } == [0, 0], "\(both.map(\.errorText))")
        try world.checkIsEmpty()
        let journals = (world.runs.map { "runs/\($0)" } + Self.runsElsewhere(world).map { "runs-2/\($0)" }).map { run in
            let text = (try? String(contentsOfFile: world.folder("\(run)/journal.jsonl"), encoding: .utf8)) ?? ""
            return text.split(separator: "\n").compactMap { try? JSON(parsing: String($0)) }
        }
        // From the lock to its return, for each.
        let spans = journals.map { journal in
            ["lock", "unlock"].map { step in
                journal.first {
                    $0["step"].string == step && $0["phase"].string == (step == "lock" ? "result" : "intent")
                }?["at"].string ?? ""
            }
        }.sorted { $0[0] < $1[0] }
        #expect(spans.count == 2 && spans[0][1] < spans[1][0], "\(spans)")
    }

    @Test func whoWaitsInTheQueueCanBeSentAway() throws {
        let world = try PipelineUnderTest()
        let first = try world.start("pipeline", ["--for", "3s"])
        try first.await("deploy") { world.hasBegun("deploy") }
        let second = try world.start("pipeline", ["--queue"])
        try second.await("its turn") { second.errorText.contains("waits for run") }
        kill(second.pid, SIGINT)
        world.ends(second, with: 130)
        world.ends(first)
        #expect(try world.report(of: world.runs[0])["status"].string == "succeeded")
        try world.checkIsEmpty()
    }

    @Test(arguments: [false, true]) func theLeaseOfADeadRunIsNamedAndNotTaken(_ isSwept: Bool) throws {
        let world = try PipelineUnderTest()
        let killer = try Killer.shared.get()
        let killed = try world.start(
            "pipeline", ["--lease-duration", "1s", "--deploy-timeout", "5s"],
            environment: killer.environment(at: 10, .after))
        #expect(killed.wasKilled())
        let dead = world.runs[0]
        try world.cluster.await("the end of the lease") {
            guard
                let renewed = try world.cluster.objects("Lease").first?["spec"]["renewTime"].string.flatMap(Moment.init)
            else { return false }
            return .now - renewed > 1500
        }
        let remedies = "brahe resume \(dead), or brahe cleanup \(dead)"
        let options = Self.elsewhere(world)
        let elsewhere = world.ends(try world.start("pipeline", options), with: 4)
        #expect(elsewhere.errorText.contains(remedies), "\(elsewhere.errorText)")
        // The lease alone says the same here, if the dead run's folder is elsewhere.
        let here = world.ends(try world.start(), with: 4)
        #expect(here.errorText.contains(remedies), "\(here.errorText)")
        #expect(try world.left().contains("Deployment benchmark/shop"))
        guard isSwept else {
            world.ends(try world.take("cleanup", dead))
            try world.checkIsEmpty()
            world.ends(try world.start("pipeline", options))
            return
        }
        // Whoever was refused is no reason to fail.
        let swept = world.ends(try world.sweep(["--runs", world.folder("runs-2")]))
        #expect(swept.errorText.contains("releasing the lease of run \(dead)"), "\(swept.errorText)")
        try world.checkIsEmpty()
        world.ends(try world.start("pipeline", options))
        // The dead run itself can still be brought to its end, and is no success.
        let resumed = try world.take("resume", dead)
        #expect(resumed.wait() != 0, "\(resumed.errorText)")
        #expect(try world.report(of: dead)["status"].string != "succeeded")
        try world.checkIsEmpty()
    }

    @Test func whereLeasesAreForbiddenTheLocalLockIsLeft() throws {
        let world = try PipelineUnderTest(switches: ["forbidden": ["leases.coordination.k8s.io"]])
        let run = world.ends(try world.start())
        let lines = run.errorText.split(separator: "\n").filter { $0.contains("only this machine's lock") }
        #expect(lines.count == 1, "\(run.errorText)")
        let refused = world.ends(try world.start("pipeline", ["--lease", "require"]), with: 3)
        #expect(refused.errorText.contains("forbidden"), "\(refused.errorText)")
        #expect(!world.hasBegun("preflight"))
        try world.checkIsEmpty()
        // What was refused stands in nobody's way.
        world.ends(try world.start("pipeline", ["--lease", "off"]))
    }
}

import Documents
import Foundation
import Glibc
import StandIns
import Testing

/// `brahe cleanup --sweep` takes away what crashes have left, and nothing else.
@Suite(.serialized, .enabled(if: Here.canLoadProbe && !Kubectls.all.isEmpty, "needs root, BTF and kubectl"))
struct PipelineSweepTests {
    @Test func whatHasLostItsJournalIsFoundByItsLabel() throws {
        let world = try PipelineUnderTest()
        let killer = try Killer.shared.get()
        #expect(try world.start(environment: killer.environment(at: 14, .after)).wasKilled())
        let run = world.runs[0]
        try FileManager.default.removeItem(atPath: world.folder("runs/\(run)"))
        // As long as its lease has not run out it may be at work on another machine.
        let spared = world.ends(try world.sweep())
        #expect(spared.errorText.contains("run \(run) is at work"), "\(spared.errorText)")
        #expect(try world.left().contains("Deployment benchmark/load"))
        try runOutLease(in: world)
        let swept = world.ends(try world.sweep())
        #expect(swept.errorText.contains("clearing run \(run)"), "\(swept.errorText)")
        try world.checkIsEmpty(swept.errorText)
        let again = world.ends(try world.sweep())
        #expect(again.errorText.isEmpty, "\(again.errorText)")
        world.ends(try world.start())
    }

    /// As if a minute had gone by without a renewal.
    private func runOutLease(in world: PipelineUnderTest) throws {
        guard case .object(var lease)? = try world.cluster.objects("Lease").first else {
            throw Missing(what: "a lease")
        }
        var spec = (lease["spec"] ?? .null).object
        spec["renewTime"] = "2026-01-01T00:00:00.000000Z"
        lease["spec"] = .object(spec)
        try world.cluster.order(["put": [.object(lease)]])
    }

    @Test func whatItsJournalTellsOfIsCleared() throws {
        let world = try PipelineUnderTest()
        let killer = try Killer.shared.get()
        world.ends(try world.start())
        #expect(try world.start(environment: killer.environment(at: 14, .after)).wasKilled())
        let (done, dead) = (world.runs[0], world.runs[1])
        let swept = world.ends(try world.sweep())
        #expect(swept.errorText.contains("clearing run \(dead), which its journal tells of"), "\(swept.errorText)")
        #expect(!swept.errorText.contains(done))
        try world.checkIsEmpty(swept.errorText)
        #expect(try world.report(of: done)["status"].string == "succeeded")
        #expect(try world.report(of: dead)["status"].string == "invalid")
        world.ends(try world.start())
    }

    @Test(arguments: [false, true]) func aRunAtWorkIsSpared(_ fromElsewhere: Bool) throws {
        let world = try PipelineUnderTest()
        let run = try world.start("pipeline", ["--for", "4s"])
        try run.await("the window") { world.journal().contains { $0["phase"].string == "note" } }
        let swept = world.ends(try world.sweep(fromElsewhere ? ["--runs", world.folder("runs-2")] : []))
        #expect(!swept.errorText.contains("clearing"), "\(swept.errorText)")
        #expect(try world.left().contains("Deployment benchmark/load"))
        world.ends(run)
        #expect(try world.report()["status"].string == "succeeded")
        try world.checkIsEmpty()
    }
}

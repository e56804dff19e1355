import Documents
import Foundation
import Glibc
import StandIns
import Testing

/// A signal ends a run of the whole pipeline after it has cleaned up; a second one ends it at once.
@Suite(.serialized, .enabled(if: Here.canLoadProbe && !Kubectls.all.isEmpty, "needs root, BTF and kubectl"))
struct PipelineSignalTests {
    @Test(arguments: [("ready", SIGINT, "SIGINT"), ("idle", SIGTERM, "SIGTERM"), ("window", SIGHUP, "SIGHUP")])
    func aSignalEndsTheRunAfterCleanup(_ step: String, _ signal: Int32, _ name: String) throws {
        let world = try PipelineUnderTest(switches: step == "ready" ? ["seconds": ["ready": 1000]] : [:])
        let run = try world.start("pipeline", step == "idle" ? ["--idle", "60s"] : ["--for", "60s"])
        try run.await(step) { world.hasBegun(step) }
        usleep(300_000)
        #expect(try world.left().contains("Deployment benchmark/shop"))
        let sent = ContinuousClock.now
        kill(run.pid, signal)
        world.ends(run, with: 128 + signal)
        #expect(ContinuousClock.now - sent < .seconds(15))
        try world.checkIsEmpty(run.errorText)
        let last = world.journal().last
        #expect(last?["step"].string == "unlock" && last?["phase"].string == "result")
        let report = try world.report()
        #expect(report["status"].string == "failed")
        #expect(report["failure"].string?.contains(name) == true, "\(report["failure"])")
        // It failed for ever, and stands in nobody's way.
        world.ends(try world.take("resume"), with: 128 + signal)
        try world.cluster.set(["seconds": ["ready": .number(0.1)]])
        world.ends(try world.start())
    }

    @Test func aSecondSignalGivesUpAndSaysHowToClean() throws {
        let world = try PipelineUnderTest(switches: ["seconds": ["terminate": 4]])
        let run = try world.start("pipeline", ["--for", "60s"])
        try run.await("the window") { world.hasBegun("window") }
        kill(run.pid, SIGTERM)
        try run.await("cleanup") { world.hasBegun("cleanup") }
        usleep(500_000)
        let sent = ContinuousClock.now
        kill(run.pid, SIGINT)
        world.ends(run, with: 143)
        #expect(ContinuousClock.now - sent < .seconds(3))
        let lines = run.errorText.split(separator: "\n").filter { $0.contains("brahe cleanup \(world.runs[0])") }
        #expect(lines.count == 1, "\(run.errorText)")
        #expect(try !world.left().isEmpty)
        // Until that is done nobody else may begin.
        let next = world.ends(try world.start(), with: 4)
        #expect(next.errorText.contains("brahe cleanup \(world.runs[0])"), "\(next.errorText)")
        world.ends(try world.take("cleanup", world.runs[0]))
        try world.checkIsEmpty()
        #expect(try world.report(of: world.runs[0])["status"].string == "failed")
        world.ends(try world.start())
    }
}

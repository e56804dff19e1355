import Documents
import Foundation
import Glibc
import Host
import Testing

/// The program `brahe` against the real agent.
@Suite(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"), .serialized)
struct MeasureTests {
    /// Options of an agent of its own, so that no other on the machine is asked.
    private static let own = ["--source", "estimator"]

    @Test(arguments: [
        ("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137), ("exec /nonexistent", 127), ("kill -TERM $$", 143),
    ])
    func measureEndsAsItsCommandDid(script: String, code: Int32) throws {
        let brahe = try Running(Here.program("brahe"), ["measure"] + Self.own + ["--", "sh", "-c", script])
        #expect(brahe.wait() == code)
    }

    @Test func measureLeavesStandardOutputToTheCommandAndNoCgroupBehind() throws {
        let brahe = try Running(Here.program("brahe"), ["measure"] + Self.own + ["--", "echo", "hello"])
        #expect(brahe.wait() == 0)
        #expect(brahe.outputText == "hello\n")
        for line in ["energy ", "mean power ", "CPU time ", "share of node ", "not a measurement"] {
            #expect(brahe.errorText.contains(line), "\(brahe.errorText)")
        }
        #expect(try !FileManager.default.fileExists(atPath: Here.cgroupMount() + "/brahe/measure-\(brahe.pid)"))
    }

    @Test func measuredJoulesAreTheWattsOfTheTreeTimesTheShareOfTheCPUs() throws {
        let simulator = try Simulator(package: 40, core: 10, dram: 0)
        defer { simulator.stop() }
        let file = FileManager.default.temporaryDirectory.appending(path: "brahe-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        let brahe = try Here.program("brahe")
        let measure = try Running(
            brahe,
            ["measure", "--sysfs", simulator.root, "--json", file.path, "--"]
                + [brahe, "workload", "steady", "--seconds", "3"])
        #expect(measure.wait() == 0, "\(measure.errorText)")
        #expect(!measure.errorText.contains("estimate"), "\(measure.errorText)")
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        let energy = try #require((document["energy"] as? [String: Any])?["joules"] as? Double)
        let cpu = try #require(document["cpu_seconds"] as? Double)
        // Energy is divided by CPU time over all CPUs, so the command has 40 W / CPUs for each second it ran.
        let expected = 40 / Double(sysconf(Int32(_SC_NPROCESSORS_ONLN))) * cpu
        #expect(abs(energy / expected - 1) < 0.02, "\(energy) J for \(cpu) s")
    }

    @Test func demoShowsThreeCgroupsAndTheNode() throws {
        let demo = try Running(Here.program("brahe"), ["demo", "--seconds", "2"] + Self.own)
        #expect(demo.wait() == 0, "\(demo.errorText)")
        for word in [
            "steady", "bursty", "storm", "node total", "node idle", "metrics were served at http://127.0.0.1:",
        ] {
            #expect(demo.outputText.contains(word), "\(demo.outputText)")
        }
    }

    @Test func reportWritesAWindowWhosePartsAddUp() throws {
        let agent = try AgentUnderTest(Self.own)
        let file = FileManager.default.temporaryDirectory.appending(path: "brahe-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        let url = "http://127.0.0.1:\(agent.port)"
        let report = try Running(
            Here.program("brahe"), ["report", "--agent", url, "--for", "1s", "--json", file.path])
        #expect(report.wait() == 0, "\(report.errorText)")
        let document = try JSON(parsing: Files.read(file.path))
        func joules(_ name: String) -> Double {
            document["results"]["metrics"].array.first { $0["name"].string == name }?["value"].number ?? 0
        }
        let total = document["results"]["energy"]["gross_J"].number ?? 0
        #expect(total > 1)
        // What division leaves over is in neither until the next sample: a few microjoules a zone.
        #expect(abs(total - joules("node_idle_energy") - joules("node_dynamic_energy")) < 0.0001)
        // Forced samples are the window's edges, so little is left to chance.
        let energy = document["results"]["energy"]
        #expect((energy["upper_J"].number ?? 1000) - (energy["lower_J"].number ?? 0) < 0.05)
        #expect(document["status"] == "succeeded")
    }

    @Test func noAgentIsOneLineAndExitThree() throws {
        let report = try Running(Here.program("brahe"), ["report", "--agent", "http://127.0.0.1:1", "--for", "1s"])
        #expect(report.wait() == 3)
        #expect(report.errorText.split(separator: "\n").count == 1)
        #expect(report.errorText.contains("http://127.0.0.1:1"))
    }

    @Test(arguments: [[], ["frobnicate"], ["measure"], ["report", "--for", "soon", "--agent", "x"], ["--what"]])
    func malformedCommandsAreOneLineAndExitTwo(_ arguments: [String]) throws {
        let brahe = try Running(Here.program("brahe"), arguments)
        #expect(brahe.wait() == 2)
        #expect(brahe.errorText.split(separator: "\n").count == 1, "\(brahe.errorText)")
    }
}

import Exposition
import Foundation
import Glibc
import Testing

/// How the agent starts, refuses to start, answers and ends.
@Suite(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"), .serialized)
struct AgentLifeTests {
    @Test func endsBySignalInUnderASecondWithZero() throws {
        for signal in [SIGTERM, SIGINT] {
            let agent = try AgentUnderTest(["--source", "estimator"])
            let began = Date()
            kill(agent.running.pid, signal)
            #expect(agent.running.wait() == 0)
            #expect(Date().timeIntervalSince(began) < 1)
        }
    }

    @Test func aPortInUseIsOneLineAndExitFour() throws {
        let first = try AgentUnderTest(["--source", "estimator"])
        let second = try Running(
            Here.program("brahe-agent"), ["--listen", "127.0.0.1:\(first.port)", "--source", "estimator"])
        #expect(second.wait() == 4)
        let lines = second.errorText.split(separator: "\n")
        #expect(lines == ["brahe-agent: listen on http://127.0.0.1:\(first.port): Address already in use"])
    }

    @Test(arguments: [
        ["--frobnicate"], ["--interval", "fast"], ["--listen", "here"], ["--source", "guess"], ["--sysfs"],
    ])
    func malformedOptionsAreOneLineAndExitTwo(_ arguments: [String]) throws {
        let agent = try Running(Here.program("brahe-agent"), arguments)
        #expect(agent.wait() == 2)
        #expect(agent.errorText.split(separator: "\n").count == 1)
        #expect(agent.errorText.contains(arguments.last ?? ""))
    }

    @Test func withoutCapabilitiesItIsOneLineAndExitThree() throws {
        let program = try Here.program("brahe-agent")
        let agent = try Running(
            "/usr/bin/setpriv",
            ["--bounding-set=-bpf,-perfmon,-sys_admin", program, "--listen", "127.0.0.1:0", "--source", "estimator"])
        #expect(agent.wait() == 3)
        let lines = agent.errorText.split(separator: "\n")
        #expect(lines.count == 1)
        #expect(lines.first?.contains("Operation not permitted (needs CAP_BPF and CAP_PERFMON") == true, "\(lines)")
    }

    @Test func givesUpEveryCapabilityAndGoesOnMeasuring() throws {
        let agent = try AgentUnderTest(["--source", "estimator"])
        let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(agent.running.pid)/task")
        #expect(tasks.count == 1)
        for task in tasks {
            let status = try String(contentsOfFile: "/proc/\(agent.running.pid)/task/\(task)/status", encoding: .utf8)
            for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
                #expect(status.contains("\n\(set):\t0000000000000000\n"), "\(set)")
            }
            #expect(status.contains("\nNoNewPrivs:\t1\n"))
        }
        let before = try #require(try agent.scrape().milliseconds(of: "kernel_processes"))
        _ = try agent.await("more CPU time of the root cgroup") {
            $0.milliseconds(of: "kernel_processes") ?? 0 > before
        }
    }

    @Test func raplThatOnlyRootMayReadIsNamedAndExitsThree() throws {
        let simulator = try Simulator(package: 10, core: 5, dram: 1)
        defer { simulator.stop() }
        let agent = try Running(
            "/usr/bin/setpriv",
            [
                "--reuid=65534", "--clear-groups", "--inh-caps=-all", try Here.program("brahe-agent"),
                "--sysfs", simulator.root, "--listen", "127.0.0.1:0",
            ])
        #expect(agent.wait() == 3)
        #expect(agent.errorText.contains("/class/powercap/intel-rapl:0/intel-rapl:0:1/energy_uj: Permission denied"))
        #expect(agent.errorText.contains("(owner uid 0, mode 0600; this is uid 65534)"), "\(agent.errorText)")
    }

    @Test func withoutRaplItServesCpuTimeAndNoJoulesAndSaysSo() throws {
        let empty = FileManager.default.temporaryDirectory.appending(path: "brahe-empty-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: empty) }
        let agent = try AgentUnderTest(["--sysfs", empty])
        #expect(agent.running.errorText.contains("source none: no intel-rapl zone under \(empty)/class/powercap"))
        let page = try agent.scrape()
        #expect(page.samples.allSatisfy { !$0.name.contains("joules") })
        #expect(page.value(named: "brahe_energy_source", labels: ["source": "none"]) == 1)
        #expect(page.milliseconds(of: "kernel_processes") != nil)
        let powercap = try Running(
            Here.program("brahe-agent"), ["--sysfs", empty, "--source", "powercap", "--listen", "127.0.0.1:0"])
        #expect(powercap.wait() == 3)
    }

    @Test func answersEachPathAsDocumented() throws {
        let agent = try AgentUnderTest(["--source", "estimator", "--interval", "60s"])
        #expect(try agent.request("GET", "/healthz").status == 200)
        #expect(try agent.request("GET", "/readyz").status == 503)
        #expect(try agent.request("POST", "/sample").status == 200)
        #expect(try agent.request("GET", "/readyz").status == 200)
        #expect(try agent.request("GET", "/nowhere").status == 404)
        #expect(try agent.request("DELETE", "/metrics").status == 405)
        #expect(try agent.request("HEAD", "/metrics").body.isEmpty)
        let statuses = try (0..<12).map { _ in try agent.request("POST", "/sample").status }
        #expect(statuses.contains(429))
    }

    @Test func everyLineOfALogInJSONIsAnObject() throws {
        let agent = try AgentUnderTest(["--source", "estimator", "--log-format", "json", "--log-level", "debug"])
        let lines = agent.running.errorText.split(separator: "\n")
        #expect(lines.count >= 2)
        for line in lines {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
            #expect(Set(object.keys).isSuperset(of: ["time", "level", "msg"]))
        }
    }

    @Test func configPrintsWhatIsEffectiveAndDoesNotStart() throws {
        let agent = try Running(
            Here.program("brahe-agent"), ["config", "--interval", "3s"], environment: ["BRAHE_RETAIN": "1h"])
        #expect(agent.wait() == 0)
        #expect(agent.errorText.isEmpty)
        #expect(agent.outputText.contains("\ninterval: 3s  # flag --interval\n"))
        #expect(agent.outputText.contains("\nretain: 1h  # variable BRAHE_RETAIN\n"))
    }
}

import Exposition
import Foundation
import Glibc
import Testing

/// Idle power as the real agent learns it, from a package that draws power for the work that this machine really does.
@Suite(.enabled(if: Here.canLoadProbe && Here.hasV1("cpuacct"), "needs root, kernel BTF and cpuacct"), .serialized)
struct IdleLearnedTests {
    private let idleWatts = 20.0
    private let busyWatts = 11.0

    /// A process in a cgroup that works for a share of each tenth of a second, each share for so many seconds.
    private func work(_ cgroup: TestCgroup, _ shares: [Double], each seconds: Double) throws -> Running {
        let script = """
            import time
            for share in \(shares):
                end = time.monotonic() + \(seconds)
                while (now := time.monotonic()) < end:
                    while time.monotonic() < now + share / 10: pass
                    time.sleep(max(0, now + 0.1 - time.monotonic()))
            """
        return try cgroup.start("exec /usr/bin/python3 -c '\(script)'")
    }

    @Test func aVaryingLoadTellsIdlePowerAndAConstantOneDoesNot() throws {
        let simulator = try Simulator(package: idleWatts, core: 17, dram: 5, busyWatts: busyWatts)
        defer { simulator.stop() }
        let package = ["zone": "package"]
        let cgroups = try (0..<2).map { _ in try TestCgroup(pod: Here.podUID()) }

        // Whatever else runs here, a machine whose CPUs are all at work is at work without a change.
        let all = try TestCgroup(pod: Here.podUID())
        let spin = try (0..<2 * sysconf(Int32(_SC_NPROCESSORS_ONLN))).map { _ in
            try all.start("while :; do :; done")
        }
        usleep(500_000)
        let agent = try AgentUnderTest(["--sysfs", simulator.root])
        // As many observations as it takes, were they different.
        for _ in 0..<40 where try agent.page().value(named: "brahe_samples_total") ?? 0 < 15 { sleep(1) }
        let constant = try agent.scrape()
        #expect(constant.value(named: "brahe_samples_total") ?? 0 > 14)
        #expect(constant.all("brahe_idle_ready", package).first?.value == 0)
        #expect(constant.all("brahe_idle_watts", package).isEmpty)
        for running in spin {
            kill(running.pid, SIGKILL)
            _ = running.wait()
        }

        // Once, where nobody else keeps this machine busy: what the others do is a part of the load.
        var known = constant
        for _ in 0..<3 where known.all("brahe_idle_ready", package).first?.value != 1 {
            let learning = [
                try work(cgroups[0], [0, 1, 1, 0.3, 0.5, 0, 0.7, 1, 0.1, 0, 0.6, 1, 0.2, 0.4, 0], each: 4),
                try work(cgroups[1], [0, 0, 1, 0, 0.5, 0.2, 0.7, 1, 0.1, 0, 0, 0.4, 0.9, 0, 0.1], each: 4),
            ]
            for running in learning { #expect(running.wait() == 0, "\(running.errorText)") }
            known = try agent.scrape()
        }
        #expect(known.all("brahe_idle_ready", package).first?.value == 1)
        let watts = try #require(known.all("brahe_idle_watts", package).first).value
        #expect(abs(watts / idleWatts - 1) < 0.03, "\(watts) W")
        #expect(known.all("brahe_idle_age_seconds", package).first?.value ?? .infinity < 60)

        let usage = try cgroups.map { try $0.usage() }
        let loads = try zip(cgroups, [1, 0.4]).map { try work($0, [$1], each: 12) }
        for running in loads { #expect(running.wait() == 0, "\(running.errorText)") }
        let after = try agent.scrape()
        for (cgroup, before) in zip(cgroups, usage) {
            let labels = ["container_id": cgroup.id, "mode": "dynamic"]
            let family = "kepler_container_package_joules_total"
            let joules = try Double(after.microjoules(family, labels) - known.microjoules(family, labels)) / 1e6
            let due = try (cgroup.usage() - before) / 1e6 * busyWatts
            #expect(due > 20 && abs(joules / due - 1) < 0.03, "\(joules) J, due \(due) J")
        }
        #expect(try after.zonesEqualTheirTerms())
    }
}

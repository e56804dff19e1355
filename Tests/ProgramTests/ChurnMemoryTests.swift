import Exposition
import Foundation
import Glibc
import Testing

/// The agent's memory while containers come and go by the thousand, each with processes.
@Suite(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"), .serialized)
struct ChurnMemoryTests {
    @Test func itStaysOnceTheFirstThousandsAreGone() throws {
        let simulator = try Simulator(package: 31, core: 17, dram: 5)
        defer { simulator.stop() }
        let agent = try AgentUnderTest(
            [
                "--sysfs", simulator.root, "--interval", "250ms", "--retain", "0s", "--retain-max", "50",
                "--name-wait", "0s",
            ] + WholeNode.everything)
        // What goes is remembered for ten seconds, so that a level is reached after those, not after so many containers.
        var resident: [(second: Double, kilobytes: Int)] = []
        let start = Date()
        while -start.timeIntervalSinceNow < 34 {
            for _ in 0..<250 {
                let cgroup = try TestCgroup()
                #expect(cgroup.work(20) == 0)
                cgroup.remove()
            }
            // Two pages, that what is gone may be folded, and time for its places to be given back.
            for _ in 0..<2 { _ = try agent.scrape() }
            resident.append((-start.timeIntervalSinceNow, try Self.resident(agent.running.pid)))
        }
        #expect(try agent.scrape().milliseconds(of: "retired") ?? 0 > 0)
        let level = try #require(resident.first { $0.second > 16 })
        let end = try #require(resident.last)
        // The allocator takes a while to settle; a leak of half a kilobyte each would be more than this.
        let containers = 250 * resident.count { $0.second > level.second }
        #expect(containers > 1000)
        #expect(end.kilobytes - level.kilobytes < containers / 2, "\(containers) containers; \(resident)")
        let page = try agent.scrape()
        #expect(page.series(named: "kepler_container_bpf_cpu_time_ms_total").count < 200)
        #expect(try page.zonesEqualTheirTerms())
    }

    /// VmRSS in KiB, proc_pid_status(5).
    private static func resident(_ pid: pid_t) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        guard let kilobytes = line?.split(separator: " ").dropLast().last.flatMap({ Int($0) }) else {
            throw Missing(what: "VmRSS of \(pid)")
        }
        return kilobytes
    }
}

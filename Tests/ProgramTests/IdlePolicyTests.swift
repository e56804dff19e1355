import Exposition
import Foundation
import Glibc
import Testing

/// Who carries idle energy on the pages of the real agent, and how it is told.
@Suite(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"), .serialized)
struct IdlePolicyTests {
    private let zones = ["package", "core", "dram"]

    /// One sample of two containers, of which the first worked longer.
    private func sample(_ policy: String) throws -> (page: Scrape, cgroups: [TestCgroup]) {
        let simulator = try Simulator(package: 31, core: 17, dram: 5)
        defer { simulator.stop() }
        let agent = try AgentUnderTest([
            "--sysfs", simulator.root, "--interval", "60s", "--idle", policy, "--idle-watts", "package-0=12",
            "--idle-watts", "dram-0=3.5", "--idle-watts", "core-0=100",
        ])
        let cgroups = try (0..<2).map { _ in try TestCgroup(pod: Here.podUID()) }
        for (cgroup, milliseconds) in zip(cgroups, [600, 200]) { try cgroup.work(milliseconds: milliseconds) }
        let page = try agent.scrape()
        #expect(try page.zonesEqualTheirTerms())
        let start = try #require(page.value(named: "process_start_time_seconds"))
        let seconds = try #require(page.value(named: "brahe_sample_timestamp_seconds")) - start
        for (zone, watts) in [("package", 12.0), ("dram", 3.5), ("core", 17)] {
            // What is idle is idle power times time, and never more than there was.
            let idle = page.sum("kepler_node_\(zone)_joules_total", ["mode": "idle"])
            #expect(abs(idle / (watts * seconds) - 1) < 0.02, "\(zone): \(idle) J in \(seconds) s")
            #expect(page.sum("kepler_node_cpu_idle_joules_total", ["zone": zone]) == idle)
            let kept = page.sum("brahe_ledger_joules", ["zone": zone, "term": "idle"])
            let carried = try page.microjoules("kepler_container_\(zone)_joules_total", ["mode": "idle"])
            #expect(carried + UInt64((kept * 1e6).rounded()) == UInt64((idle * 1e6).rounded()), "\(zone)")
            #expect(page.all("brahe_idle_ready", ["zone": zone]).first?.value == 1)
        }
        // The total has what package and memory have.
        let total = try page.microjoules("kepler_container_joules_total", ["mode": "idle"])
        let parts = try ["package", "dram"].map {
            try page.microjoules("kepler_container_\($0)_joules_total", ["mode": "idle"])
        }
        #expect(total == parts.reduce(0, +))
        return (page, cgroups)
    }

    /// The idle microjoules of a container in a zone.
    private func idle(_ page: Scrape, _ zone: String, _ id: String) throws -> UInt64 {
        try page.microjoules("kepler_container_\(zone)_joules_total", ["mode": "idle", "container_id": id])
    }

    @Test func byDefaultIdleEnergyStaysWithTheNode() throws {
        let (page, _) = try sample("none")
        #expect(page.sum("kepler_container_joules_total", ["mode": "idle"]) == 0)
        for zone in zones {
            #expect(page.all("kepler_container_\(zone)_joules_total", ["mode": "idle"]).isEmpty)
            #expect(page.all("kepler_container_\(zone)_joules_total").count > 2)
        }
    }

    @Test func byUsageEachCarriesItsShareOfTheWork() throws {
        let (page, cgroups) = try sample("usage")
        let worked = page.sum("kepler_container_bpf_cpu_time_ms_total")
        for zone in zones {
            let node = page.sum("kepler_node_\(zone)_joules_total", ["mode": "idle"]) * 1e6
            for cgroup in cgroups {
                let due = try node * #require(page.milliseconds(of: cgroup.id)) / worked
                #expect(try abs(Double(idle(page, zone, cgroup.id)) - due) <= 2, "\(zone): \(due) uJ due")
            }
            let kept = try page.microjoules("brahe_ledger_joules", ["zone": zone, "term": "idle"])
            #expect(kept < 1000, "\(kept) uJ of rounding")
        }
    }

    @Test func evenlyEachContainerCarriesAsMuch() throws {
        let (page, cgroups) = try sample("even")
        for zone in zones {
            let own = try cgroups.map { try idle(page, zone, $0.id) }
            #expect(own[0] == own[1] && own[0] > 0, "\(zone): \(own)")
            for bucket in ["kernel_processes", "system_processes", "overflow", "retired"] {
                #expect(try idle(page, zone, bucket) == 0)
            }
            let kept = try page.microjoules("brahe_ledger_joules", ["zone": zone, "term": "idle"])
            #expect(kept < 1000, "\(kept) uJ of rounding")
        }
    }

    @Test func aZoneThatIsNotThereIsOneLineWithThoseThatAre() throws {
        let simulator = try Simulator(package: 31, core: 17, dram: 5)
        defer { simulator.stop() }
        let agent = try Running(
            Here.program("brahe-agent"),
            ["--sysfs", simulator.root, "--listen", "127.0.0.1:0", "--idle-watts", "package-1=12"])
        #expect(agent.wait() == 2)
        let lines = agent.errorText.split(separator: "\n").filter { !$0.contains("source powercap") }
        #expect(
            lines == [
                "brahe-agent: --idle-watts package-1: no such zone; there are package-0, core-0 and dram-0"
            ])
    }
}

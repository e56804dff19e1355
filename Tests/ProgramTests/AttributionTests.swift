import Exposition
import Foundation
import Glibc
import Testing

/// The real probe and the real agent against the kernel's own accounts.
@Suite(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"), .serialized)
struct AttributionTests {
    @Test func joulesStandToEachOtherAsTheKernelSaysAndAddUpToTheZone() throws {
        let simulator = try Simulator(package: 31, core: 17, dram: 5)
        defer { simulator.stop() }
        let agent = try AgentUnderTest(["--sysfs", simulator.root, "--source", "powercap", "--interval", "500ms"])
        let brahe = try Here.program("brahe")
        let cgroups = try ["steady", "bursty", "storm"].map { (shape: $0, cgroup: try TestCgroup()) }
        let before = try agent.scrape()
        let work = try cgroups.map { try $0.cgroup.start("exec \(brahe) workload \($0.shape) --seconds 5") }
        for running in work { #expect(running.wait() == 0, "\(running.errorText)") }
        let page = try agent.scrape()

        var joules: [Double] = []
        var usage: [Double] = []
        for (shape, cgroup) in cgroups {
            let own = try cgroup.usage()
            let ours = try #require(page.milliseconds(of: cgroup.id)) * 1000
            // Both add up the same deltas, so the edges are all that could differ: 0.1 %.
            #expect(abs(ours - own) <= own * 0.001, "\(shape): ours \(ours) us, cpu.stat \(own) us")
            usage.append(own)
            joules.append(
                Double(
                    try page.microjoules(
                        "kepler_container_joules_total", ["container_id": cgroup.id, "mode": "dynamic"])))
        }
        for index in 1..<3 {
            let ratio = (joules[index] / joules[0]) / (usage[index] / usage[0])
            #expect(abs(ratio - 1) <= 0.02, "\(cgroups[index].shape) against steady: \(ratio)")
        }
        #expect(try page.zonesEqualTheirTerms())
        #expect(page.value(named: "brahe_unplaced_charges_total") == 0)
        #expect(page.value(named: "brahe_unnamed_charges_total") == 0)

        // The zone itself is what the simulator spent: its registers wrapped in between.
        let seconds =
            try #require(page.value(named: "brahe_sample_timestamp_seconds"))
            - #require(before.value(named: "brahe_sample_timestamp_seconds"))
        for (zone, watts) in [("package", 31.0), ("core", 17), ("dram", 5)] {
            let labels = ["zone": zone]
            let spent =
                try page.microjoules("brahe_zone_joules_total", labels)
                - before.microjoules("brahe_zone_joules_total", labels)
            #expect(abs(Double(spent) / 1e6 / seconds - watts) <= watts * 0.02, "\(zone)")
        }
        #expect(try page.microjoules("brahe_rejected_readings_total") == 0)
    }

    @Test func aThousandCgroupsOfFiveMillisecondsAreAllThereWithTheirTime() throws {
        let simulator = try Simulator(package: 31, core: 17, dram: 5)
        defer { simulator.stop() }
        let agent = try AgentUnderTest(["--sysfs", simulator.root, "--interval", "1s"])
        var truth: [(id: String, microseconds: Double)] = []
        let spin = "i=0; while [ $i -lt 4000 ]; do i=$((i+1)); done"
        for _ in 0..<1000 {
            let cgroup = try TestCgroup()
            // Half a shell each: posix_spawn of a whole Process object would dominate the run.
            #expect(shell("echo $$ > \(cgroup.folder)/cgroup.procs; \(spin)") == 0)
            truth.append((cgroup.id, try cgroup.usage()))
            cgroup.remove()
        }
        _ = try agent.scrape()
        // A charge made after its cgroup went is posted one sample later.
        let page = try agent.scrape()
        let missing = truth.filter { page.milliseconds(of: $0.id) == nil }
        #expect(missing.isEmpty, "\(missing.count) of 1000 have no series")
        let ours = truth.reduce(0) { $0 + (page.milliseconds(of: $1.id) ?? 0) * 1000 }
        let kernel = truth.reduce(0) { $0 + $1.microseconds }
        #expect(abs(ours - kernel) <= kernel * 0.02, "ours \(ours) us, cpu.stat \(kernel) us")
        #expect(page.value(named: "brahe_dropped_events_total") == 0)
        // Their places are free again a few samples later, though the accounts stay.
        for _ in 0..<4 {
            usleep(200_000)
            _ = try agent.scrape()
        }
        #expect(try #require(agent.scrape().value(named: "brahe_used_slots")) < 200)
        #expect(try page.zonesEqualTheirTerms())
    }

    @Test func realTimeWorkCounts() throws {
        let agent = try AgentUnderTest(["--source", "estimator"])
        let cgroup = try TestCgroup()
        let brahe = try Here.program("brahe")
        let work = try cgroup.start("exec chrt --fifo 10 \(brahe) workload steady --seconds 2")
        #expect(work.wait() == 0, "\(work.errorText)")
        let page = try agent.scrape()
        let own = try cgroup.usage()
        let ours = try #require(page.milliseconds(of: cgroup.id)) * 1000
        #expect(own > 1_500_000)
        #expect(abs(ours - own) <= own * 0.001, "ours \(ours) us, cpu.stat \(own) us")
    }

    @Test(.enabled(if: sysconf(Int32(_SC_NPROCESSORS_ONLN)) >= 2, "needs two CPUs"))
    func aSocketsEnergyGoesOnlyToWhatRanOnIt() throws {
        let sysfs = try TwoSockets()
        let agent = try AgentUnderTest(["--sysfs", sysfs.root, "--interval", "60s"])
        let brahe = try Here.program("brahe")
        let cgroups = try (0..<2).map { _ in try TestCgroup() }
        let work = try cgroups.enumerated().map { cpu, cgroup in
            try cgroup.start("exec taskset -c \(cpu) \(brahe) workload steady --seconds 2")
        }
        for running in work { #expect(running.wait() == 0, "\(running.errorText)") }
        try sysfs.spend([100_000_000, 40_000_000])
        let page = try agent.scrape()
        // Of its own socket's energy each has the part of the window that it worked, whoever else was at work.
        let window =
            try #require(page.value(named: "brahe_sample_timestamp_seconds"))
            - #require(page.value(named: "process_start_time_seconds"))
        for (cgroup, joules) in zip(cgroups, [100.0, 40]) {
            let own = try page.microjoules(
                "kepler_container_package_joules_total", ["container_id": cgroup.id, "mode": "dynamic"])
            let due = try joules * cgroup.usage() / window
            #expect(abs(Double(own) / due - 1) < 0.02, "\(own) uJ, due \(due) of \(joules) J")
        }
        #expect(try page.microjoules("brahe_zone_joules_total", ["package": "0"]) == 100_000_000)
        #expect(try page.microjoules("brahe_zone_joules_total", ["package": "1"]) == 40_000_000)
        #expect(try page.zonesEqualTheirTerms())
    }

    @Test func cpuTimeAddsUpToTheWall() throws {
        let agent = try AgentUnderTest(["--source", "estimator"])
        let before = try agent.scrape()
        usleep(2_000_000)
        let page = try agent.scrape()
        func total(_ page: Scrape) -> Double {
            page.series(named: "brahe_ledger_cpu_seconds").reduce(0) { $0 + $1.value }
        }
        let wall =
            try #require(page.value(named: "brahe_sample_timestamp_seconds"))
            - #require(before.value(named: "brahe_sample_timestamp_seconds"))
        let cpus = Double(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        // Charges lag by a tick on each CPU, whose 4 ms at either edge are 0.4 % of two seconds.
        #expect(abs((total(page) - total(before)) / (wall * cpus) - 1) < 0.005)
    }
}

/// Runs a shell command to its end; returns its exit code.
private func shell(_ command: String) -> Int32 {
    var pid = pid_t()
    var arguments = [strdup("sh"), strdup("-c"), strdup(command), nil]
    defer { for argument in arguments { free(argument) } }
    guard posix_spawn(&pid, "/bin/sh", nil, nil, &arguments, nil) == 0 else { return -1 }
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    return status
}

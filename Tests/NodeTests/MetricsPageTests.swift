import Attribution
import Exposition
import Foundation
import Glibc
import Testing

@testable import Node

@Suite(.enabled(if: canLoadProbe, "needs root and kernel BTF"))
struct MetricsPageTests {
    private let tree: FixtureTree
    private let sampler: Sampler

    /// One socket with its core, uncore and memory, and the baseline taken. The cgroup tree is empty, so that all work
    /// is the system's but for what is made while the test runs.
    init() throws {
        tree = try FixtureTree()
        try tree.cpu(0, package: 0)
        try tree.makeDirectory("cgroup")
        for (path, name) in zip(Self.paths, ["package-0", "core", "uncore", "dram"]) {
            try tree.zone(path, name: name, energy: "1000000")
        }
        let topology = Topology(sysfs: tree.root)
        sampler = Sampler(
            source: .powercap(try Powercap(sysfs: tree.root, topology: topology)),
            probe: try SchedProbe(topology: topology),
            tree: CgroupTree(mount: tree.root + "/cgroup"), topology: topology)
    }

    private static let paths = ["intel-rapl:0", "intel-rapl:0:0", "intel-rapl:0:1", "intel-rapl:0:2"]
    private static let about = NodeFacts(
        name: "node \"1\"", cpuArchitecture: "Fixture CPU", startedAt: 1_700_000_000_500_000_000, version: "1.2.3")

    /// Sets the zones' counters to so many microjoules above where they began.
    private func spend(_ package: UInt64, _ core: UInt64, _ uncore: UInt64, _ dram: UInt64) throws {
        for (path, energy) in zip(Self.paths, [package, core, uncore, dram]) {
            try tree.setEnergy(path, "\(1_000_000 + energy)")
        }
    }

    /// Blocks now and then, at which the kernel charges this thread for its time.
    private func work() { for _ in 0..<100 { usleep(1) } }

    private func rendered() -> String {
        var page = MetricsPage(about: Self.about, sampler: sampler)
        page.render(sampler)
        return String(decoding: page.page.bytes, as: UTF8.self)
    }

    // MARK: The page as a whole

    @Test func aWholePage() throws {
        try spend(2_000_000, 1_500_000, 250_000, 1)
        sampler.sample()
        let lines = masked(rendered())
        let expected = try String(contentsOfFile: Self.wholePage, encoding: .utf8).split(separator: "\n").map(
            String.init)
        for (line, due) in zip(lines, expected) { #expect(line == due) }
        #expect(lines.count == expected.count)
    }

    @Test func everyFamilyHasOneHelpAndOneTypeAndItsSeriesAfterThem() throws {
        try spend(1_000_000, 0, 0, 0)
        sampler.sample()
        var families: Set<Substring> = []
        var family: Substring = ""
        for line in rendered().split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3)
            if line.hasPrefix("# HELP ") {
                family = words[2]
                #expect(families.insert(family).inserted)
                #expect(words.count == 4 && words[3].hasSuffix("."), "\(line)")
            } else if line.hasPrefix("# TYPE ") {
                #expect(words[2] == family)
                #expect(words[3] == "counter" || words[3] == "gauge")
            } else {
                #expect(line.prefix { $0 != "{" && $0 != " " } == family)
            }
        }
        #expect(!families.isEmpty)
    }

    /// The page of `aWholePage`; an ellipsis stands for a value that depends on CPU time or the clock.
    private static let wholePage = (#filePath as NSString).deletingLastPathComponent + "/WholePage.txt"

    /// The lines of a page without what other work on the machine adds to it, and with an ellipsis for each value that
    /// depends on CPU time or the clock.
    private func masked(_ page: String) -> [String] {
        let told: Set = [
            "brahe_zone_joules_total", "brahe_failed_readings_total", "brahe_rejected_readings_total",
            "brahe_restarted_counters_total", "brahe_samples_total", "brahe_energy_source", "brahe_build_info",
            "kepler_node_info", "process_start_time_seconds",
        ]
        return page.replacing(tree.root, with: "/sys").split(separator: "\n").compactMap { line in
            if line.contains("brahe_probe_seconds_total") || line.contains("{path=") { return nil }
            if line.contains("container_id="), line.contains("pod_name=\"\"") { return nil }
            let name = line.prefix { $0 != "{" && $0 != " " }
            guard !line.hasPrefix("#"), !told.contains(String(name)), let space = line.lastIndex(of: " ") else {
                return String(line)
            }
            return line[...space] + "…"
        }
    }

    // MARK: What it adds up to

    @Test func termsAddUpToTheZonesExactly() throws {
        try spend(2_000_000, 1_500_003, 250_001, 7)
        sampler.sample()
        try spend(2_000_001, 1_500_004, 250_002, 1_000_007)
        sampler.sample()
        let scrape = try Scrape(rendered())
        var totals: [String: UInt64] = [:]
        for zone in scrape.series(named: "brahe_zone_joules_total") {
            let kind = try #require(zone.labels["zone"])
            totals[kind] = zone.microunits
            let terms = try scrape.series(named: "brahe_ledger_joules").filter { $0.labels["zone"] == kind }
                .map { try #require($0.microunits) }
            #expect(terms.count == 5)
            #expect(terms.reduce(0, +) == zone.microunits)
        }
        #expect(totals == ["package": 2_000_001, "core": 1_500_004, "uncore": 250_002, "dram": 1_000_007])
    }

    @Test(arguments: ["package", "core", "uncore", "dram"])
    func containersAddUpToTheNodesDynamicEnergy(kind: String) throws {
        try spend(2_000_000, 1_500_003, 250_001, 700_001)
        work()
        sampler.sample()
        let scrape = try Scrape(rendered())
        let holders = try scrape.series(named: "kepler_container_\(kind)_joules_total")
            .map { try #require($0.microunits) }
        let node = scrape.series(named: "kepler_node_\(kind)_joules_total")
        let dynamic = node.first { $0.labels["mode"] == "dynamic" }?.microunits
        #expect(dynamic == holders.reduce(0, +))
        #expect(dynamic ?? 0 > 0)
    }

    @Test func aContainersEnergyIsItsPackagesAndItsMemorys() throws {
        try spend(2_000_000, 1_500_003, 250_001, 700_001)
        work()
        sampler.sample()
        let scrape = try Scrape(rendered())
        func sum(_ name: String) -> UInt64 { scrape.series(named: name).reduce(0) { $0 + ($1.microunits ?? 0) } }
        #expect(
            sum("kepler_container_joules_total")
                == sum("kepler_container_package_joules_total") + sum("kepler_container_dram_joules_total"))
    }

    @Test func noCounterFallsFromPageToPage() throws {
        // One page for all, as the agent has.
        var page = MetricsPage(about: Self.about, sampler: sampler)
        var last: [Scrape.Identity: Double] = [:]
        for step in 1...20 as ClosedRange<UInt64> {
            // Amounts that do not divide evenly, and now and then a zone that cannot be read.
            try spend(step * 100_003, step * 70_001, step * 7, step)
            if step % 5 == 0 { try tree.setEnergy(Self.paths[3], "") }
            sampler.sample()
            page.render(sampler)
            let scrape = try Scrape(String(decoding: page.page.bytes, as: UTF8.self))
            for series in scrape.samples where scrape.types[series.name] == "counter" {
                #expect(series.value >= last[series.identity] ?? 0, "\(series.identity)")
                last[series.identity] = series.value
            }
        }
        let failed = Scrape.Identity(
            name: "brahe_failed_readings_total", labels: ["zone": "dram", "package": "0"])
        #expect(last[failed] == 4)
    }

    @Test func withoutZonesThereIsCPUTimeAndNoJoule() throws {
        let topology = Topology(places: [])
        let bare = Sampler(
            source: .none, probe: try SchedProbe(topology: topology), tree: CgroupTree(mount: tree.root + "/cgroup"),
            topology: topology)
        bare.sample()
        var page = MetricsPage(about: Self.about, sampler: bare)
        page.render(bare)
        let scrape = try Scrape(String(decoding: page.page.bytes, as: UTF8.self))
        #expect(!scrape.types.keys.contains { $0.contains("joules") })
        #expect(!scrape.series(named: "kepler_container_bpf_cpu_time_ms_total").isEmpty)
        #expect(scrape.value(named: "brahe_energy_source", labels: ["source": "none"]) == 1)
    }
}

private let canLoadProbe = geteuid() == 0 && access("/sys/kernel/btf/vmlinux", R_OK) == 0

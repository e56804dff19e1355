import Glibc
import Node

/// A sysfs of this machine's CPUs and one socket's three RAPL zones, whose counters climb when told to.
struct SyntheticSysfs {
    /// The tree's root.
    let root: String
    private var microjoules: UInt64 = 10_000_000_000
    private var since = Clock.monotonic

    /// Each zone's directory below the class, its name, and what it draws in watts.
    private static let zones: [(entry: String, name: String, watts: UInt64)] = [
        ("intel-rapl:0", "package-0", 60), ("intel-rapl:0/intel-rapl:0:0", "core", 40),
        ("intel-rapl:0/intel-rapl:0:1", "dram", 10),
    ]

    /// Lays out the tree for `cpus` CPUs below `root`.
    init(root: String, cpus: Int) throws(Failure) {
        self.root = root
        for cpu in 0..<cpus {
            let topology = "\(root)/devices/system/cpu/cpu\(cpu)/topology"
            try Files.makeDirectory(topology)
            try Files.write("0\n", to: topology + "/physical_package_id")
            try Files.write("0\n", to: topology + "/die_id")
        }
        for zone in Self.zones {
            let directory = "\(root)/class/powercap/\(zone.entry)"
            try Files.makeDirectory(directory)
            try Files.write("\(zone.name)\n", to: directory + "/name")
            // The range of a register whose unit is 61 microjoules.
            try Files.write("262143328850\n", to: directory + "/max_energy_range_uj")
            try Files.write("\(microjoules)\n", to: directory + "/energy_uj")
        }
    }

    /// Lets every zone have drawn its watts since the last call.
    mutating func advance() throws(Failure) {
        let now = Clock.monotonic
        microjoules += (now - since) / 1000
        since = now
        for zone in Self.zones {
            let spent = (microjoules - 10_000_000_000) * zone.watts
            try Files.write(
                "\(10_000_000_000 + spent)\n", to: "\(root)/class/powercap/\(zone.entry)/energy_uj")
        }
    }
}

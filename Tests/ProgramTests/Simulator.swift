import Foundation
import Glibc

/// A powercap tree whose counters climb with known watts, as the hardware's would: it is what stands in for RAPL.
///
/// One package of all CPUs with a core and a dram zone, and uncore and psys where they are asked for. Registers have
/// 61035 nJ units and 32 bits, start near their end so that they wrap during a test, and are written every few
/// milliseconds by a thread that nothing holds up.
final class Simulator: @unchecked Sendable {
    /// The sysfs root to give to the agent.
    let root: String
    /// Where each zone is, by the name of its kind.
    let folders: [String: String]
    private let zones: [(folder: String, watts: Double, register: UInt64)]
    private let busyWatts: Double
    private let unit = 61_035.0
    private let lock = NSLock()
    private var stopped = false
    private let done = DispatchSemaphore(value: 0)

    /// Starts a tree with so many watts in each zone, and so many more in the package for each CPU that works, as the
    /// kernel's own account of the machine has it; there is no zone for nil. Where CPUs have a frequency, it is in
    /// kilohertz.
    init(
        package: Double, core: Double, dram: Double, uncore: Double? = nil, psys: Double? = nil,
        busyWatts: Double = 0, kilohertz: Int? = nil
    ) throws {
        self.busyWatts = busyWatts
        root = FileManager.default.temporaryDirectory.appending(path: "brahe-sysfs-\(UUID().uuidString)").path
        let top = root + "/class/powercap/intel-rapl:0"
        let nearTheEnd = (UInt64(1) << 32) - 200_000
        let all: [(kind: String, folder: String, watts: Double?, register: UInt64)] = [
            ("package", top, package, nearTheEnd), ("core", top + "/intel-rapl:0:0", core, 17),
            ("dram", top + "/intel-rapl:0:1", dram, nearTheEnd), ("uncore", top + "/intel-rapl:0:2", uncore, 0),
            ("psys", root + "/class/powercap/intel-rapl:1", psys, nearTheEnd),
        ]
        let there = all.filter { $0.watts != nil }
        zones = there.map { ($0.folder, $0.watts ?? 0, $0.register) }
        folders = Dictionary(uniqueKeysWithValues: there.map { ($0.kind, $0.folder) })
        for zone in there {
            try FileManager.default.createDirectory(atPath: zone.folder, withIntermediateDirectories: true)
            try Self.write(zone.kind == "package" ? "package-0" : zone.kind, to: zone.folder + "/name")
            try Self.write("262143328850", to: zone.folder + "/max_energy_range_uj")
        }
        for cpu in 0..<Int(sysconf(Int32(_SC_NPROCESSORS_CONF))) {
            let topology = "\(root)/devices/system/cpu/cpu\(cpu)/topology"
            try FileManager.default.createDirectory(atPath: topology, withIntermediateDirectories: true)
            try Self.write("0", to: topology + "/physical_package_id")
            guard let kilohertz else { continue }
            let clock = "\(root)/devices/system/cpu/cpu\(cpu)/cpufreq"
            try FileManager.default.createDirectory(atPath: clock, withIntermediateDirectories: true)
            try Self.write("\(kilohertz)", to: clock + "/scaling_cur_freq")
        }
        let start = (time: Self.seconds(), busy: busySeconds())
        advance(since: start)
        Thread.detachNewThread { [self] in
            var priority = sched_param(sched_priority: 50)
            pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority)
            while !isStopped {
                advance(since: start)
                usleep(2000)
            }
            done.signal()
        }
    }

    /// Stops the thread and removes the tree.
    func stop() {
        lock.withLock { stopped = true }
        done.wait()
        try? FileManager.default.removeItem(atPath: root)
    }

    private var isStopped: Bool { lock.withLock { stopped } }

    /// CPU time of the whole machine, which is exact to a tick; 0 where no package draws power for it.
    private func busySeconds() -> Double {
        guard busyWatts > 0, let mount = try? Here.cgroupMount(v1: "cpuacct"),
            let text = try? String(contentsOfFile: mount + "/cpuacct.usage", encoding: .utf8)
        else { return 0 }
        return (Double(text.prefix { $0.isNumber }) ?? 0) / 1e9
    }

    private func advance(since start: (time: Double, busy: Double)) {
        let elapsed = Self.seconds() - start.time
        let busy = busySeconds() - start.busy
        for zone in zones {
            let joules = zone.watts * elapsed + (zone.folder == zones[0].folder ? busyWatts * busy : 0)
            let raw = (zone.register + UInt64(joules * 1e9 / unit)) & 0xffff_ffff
            // In one write and at its full length, so that a reader never sees half a number.
            let text = String(raw * 61_035 / 1000)
            let padded = String(repeating: "0", count: 15 - text.count) + text + "\n"
            let file = open(zone.folder + "/energy_uj", O_WRONLY | O_CREAT, 0o600)
            _ = padded.withCString { pwrite(file, $0, 16, 0) }
            close(file)
        }
    }

    private static func write(_ text: String, to path: String) throws {
        try (text + "\n").write(toFile: path, atomically: false, encoding: .utf8)
    }

    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

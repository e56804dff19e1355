package import Attribution
import Glibc

/// The RAPL zones of the powercap tree: found once, kept open, one `pread` each per sample.
package final class Powercap {
    /// What there is and why none of it could be used.
    package struct Unreadable: Error, CustomStringConvertible {
        package let description: String
    }

    /// The zones that were found readable, in the tree's order.
    package let zones: [Zone]
    /// For each zone, its folder.
    package let paths: [String]
    /// For each zone, readings that could not be had, cumulative.
    package private(set) var failed: [UInt64]
    /// For each zone, readings rejected as impossible, cumulative.
    package private(set) var rejected: [UInt64]
    /// For each zone, registers that were found reset, cumulative.
    package private(set) var restarted: [UInt64]
    private let descriptors: [Int32]
    private var counters: [EnergyCounter?]
    private let ranges: [UInt64]
    /// For each zone, the most that it is believed to draw, in microwatts: no reading beyond it is counted.
    package let limits: [UInt64]

    /// The most that a package draws where its tree does not say, microwatts.
    static let assumedLimit: UInt64 = 1_000_000_000

    /// A fifth more than a zone admits to; a number too large for that is no limit at all.
    private static func withMargin(_ microwatts: UInt64) -> UInt64 {
        let (sum, overflow) = microwatts.addingReportingOverflow(microwatts / 5)
        return overflow ? .max : sum
    }

    /// Who may read a file, in the words of `ls -n`; empty where that is not the trouble.
    private static func permission(of path: String) -> String {
        var status = stat()
        guard access(path, R_OK) != 0, errno == EACCES, stat(path, &status) == 0 else { return "" }
        let mode = String(status.st_mode & 0o7777, radix: 8)
        return " (owner uid \(status.st_uid), mode 0\(mode); this is uid \(geteuid()))"
    }

    /// Whether the tree has any RAPL zone.
    package static func isPresent(sysfs: String) -> Bool {
        !PowercapTree(root: sysfs + "/class/powercap").zones.isEmpty
    }

    /// Opens every zone, or those of certain kinds.
    ///
    /// - Throws: `Unreadable`, naming the file and the reason, when there are zones but none can be opened.
    package init(sysfs: String, topology: Topology, kinds: ZoneKinds? = nil) throws(Unreadable) {
        var zones: [Zone] = []
        var paths: [String] = []
        var descriptors: [Int32] = []
        var ranges: [UInt64] = []
        var limits: [UInt64] = []
        var failure: SystemError?
        var refused = ""
        for found in PowercapTree(root: sysfs + "/class/powercap").zones {
            guard let zone = Zone(name: found.name, parent: found.parent, topology: topology) else {
                Log.warn("zone left out: brahe does not know its name", ("zone", found.path), ("name", found.name))
                continue
            }
            if let kinds, !kinds.contains(ZoneKinds(zone.kind)) { continue }
            let path = found.path + "/energy_uj"
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                let error = SystemError("open \(path)")
                Log.warn("zone left out: \(error)", ("zone", found.name))
                failure = error
                refused = path
                continue
            }
            zones.append(zone)
            paths.append(found.path)
            descriptors.append(descriptor)
            ranges.append(DecimalFile.read(found.path + "/max_energy_range_uj") ?? UInt64.max - 1)
            let assumed = Self.assumedLimit * UInt64(max(1, zone.packages(in: topology)))
            limits.append(found.limitMicrowatts.map(Self.withMargin) ?? assumed)
        }
        if zones.isEmpty {
            let why = failure.map { "\($0)" } ?? "no zone under \(sysfs)/class/powercap has a name that brahe knows"
            throw Unreadable(description: why + Self.permission(of: refused))
        }
        self.zones = zones
        self.paths = paths
        self.descriptors = descriptors
        self.ranges = ranges
        self.limits = limits
        counters = zones.map { _ in nil }
        failed = zones.map { _ in 0 }
        rejected = failed
        restarted = failed
    }

    deinit { for descriptor in descriptors { close(descriptor) } }

    /// Reads one zone at `time`, nanoseconds: what it spent since its last good reading, nil for the first one, one
    /// that failed, and one that was rejected.
    package func read(_ zone: Int, at time: UInt64) -> Energy? {
        guard let reading = DecimalFile.read(descriptors[zone]) else {
            failed[zone] += 1
            return nil
        }
        guard counters[zone] != nil else {
            counters[zone] = EnergyCounter(
                range: ranges[zone], limitMicrowatts: limits[zone], startingAt: reading, time: time)
            return nil
        }
        switch counters[zone]?.advance(to: reading, at: time) {
        case .spent(let energy): return energy
        case .rejected: rejected[zone] += 1
        case .restarted: restarted[zone] += 1
        case nil: break
        }
        return nil
    }
}

extension Zone {
    /// How many sockets feed the zone.
    fileprivate func packages(in topology: Topology) -> Int {
        kind == .psys ? Set(topology.domains.map(\.package)).count : 1
    }
}

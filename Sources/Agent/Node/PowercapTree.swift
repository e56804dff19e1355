/// The powercap class directory: which RAPL zones there are and what they say of themselves.
///
/// The kernel lists every zone flat under class/powercap (as links) and nests sub-zones in their parents' directories;
/// both are looked at, and a zone seen twice is one zone.
struct PowercapTree {
    /// One zone's directory.
    struct Found {
        /// The directory.
        let path: String
        /// Its entry name, `intel-rapl:0:1`.
        let entry: String
        /// Its `name` file.
        let name: String
        /// The name of the zone around it.
        let parent: String?
        /// The most power that any constraint of its admits, microwatts; nil where it names none above zero.
        let limitMicrowatts: UInt64?
    }

    /// The zones in the order of their entry names, duplicates left out.
    let zones: [Found]

    /// Looks at `root`, `…/class/powercap`; no such directory means no zones.
    init(root: String) {
        var paths: [String: String] = [:]
        Self.collect(root, into: &paths, depth: 0)
        var names: [String: String] = [:]
        for (entry, path) in paths { names[entry] = Directory.text(path + "/name") }
        var zones: [Found] = []
        for entry in paths.keys.sorted(by: Self.precedes) {
            guard let path = paths[entry], let name = names[entry] else { continue }
            let colon = entry.lastIndex(of: ":") ?? entry.startIndex
            zones.append(
                Found(
                    path: path, entry: entry, name: name, parent: names[String(entry[..<colon])],
                    limitMicrowatts: Self.limit(path)))
        }
        // The memory-mapped interface repeats the registers of the zone with the same name.
        let own = zones.filter { !$0.isMapped }
        self.zones = zones.filter { zone in
            !zone.isMapped || !own.contains { $0.name == zone.name && $0.parent == zone.parent }
        }
    }

    private static func collect(_ directory: String, into paths: inout [String: String], depth: Int) {
        for entry in Directory.entries(directory) ?? [] where entry.name.hasPrefix("intel-rapl") {
            let path = "\(directory)/\(entry.name)"
            if entry.name.contains(":"), paths[entry.name] == nil { paths[entry.name] = path }
            // The control type's own directory, zones and their sub-zones: no tree is deeper.
            if depth < 3 { collect(path, into: &paths, depth: depth + 1) }
        }
    }

    /// `intel-rapl:2` comes before `intel-rapl:10`, parents before children.
    private static func precedes(_ a: String, _ b: String) -> Bool {
        let left = a.split(separator: ":")
        let right = b.split(separator: ":")
        for (x, y) in zip(left, right) where x != y {
            guard let m = Int(x), let n = Int(y) else { return x < y }
            return m < n
        }
        return left.count < right.count
    }

    /// A package may draw more than its sustained maximum while its short-term constraint lets it, so the largest
    /// number of all constraints counts.
    private static func limit(_ path: String) -> UInt64? {
        var limit: UInt64 = 0
        for constraint in 0..<8 {
            for quantity in ["max_power_uw", "power_limit_uw"] {
                limit = max(limit, DecimalFile.read("\(path)/constraint_\(constraint)_\(quantity)") ?? 0)
            }
        }
        return limit > 0 ? limit : nil
    }
}

extension PowercapTree.Found {
    /// Whether the zone is of the `intel-rapl-mmio` control type.
    fileprivate var isMapped: Bool { entry.hasPrefix("intel-rapl-mmio") }
}

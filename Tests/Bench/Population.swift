import CBench
import Glibc

/// Containers as a kubelet lays them out, two to a pod, with a process in each that wakes every few tens of
/// milliseconds.
struct Population {
    /// How many there are.
    private(set) var count = 0
    private let root: String

    /// Nobody yet, below the cgroup `root`.
    init(root: String) { self.root = root }

    /// Adds containers until there are `wanted`.
    mutating func grow(to wanted: Int) throws(Failure) {
        while count < wanted {
            let path = root + Self.path(of: count)
            try Files.makeDirectory(path)
            // Between 20 and 50 ms, so that not all wake at once.
            let period = UInt32(20_000 + count * 7919 % 30_000)
            guard cbench_sleeper(path + "/cgroup.procs", period) > 0 else {
                throw Failure("start a process in \(path): \(String(cString: strerror(errno)))")
            }
            count += 1
        }
    }

    /// Ends all of them and removes their cgroups; processes take a moment to leave.
    mutating func end() throws(Failure) {
        try Files.write("1", to: root + Self.top + "/cgroup.kill")
        for _ in 0..<200 where !Files.removeDirectories(root + Self.top) { usleep(10_000) }
        count = 0
    }

    /// Lays out the kubelet's log tree of so many containers below `root`.
    static func logTree(of count: Int, root: String) throws(Failure) {
        try Files.makeDirectory(root + "/containers")
        for index in 0..<count {
            let pod = "workload-7d9c5b6f48-\(hex(UInt64(index / 2), digits: 5))"
            try Files.makeDirectory("\(root)/pods/green-reviews_\(pod)_\(podUID(of: index, separator: "-"))")
            // The kubelet makes links, of which the name alone is read.
            try Files.write(
                "", to: "\(root)/containers/\(pod)_green-reviews_worker-\(index % 2)-\(id(of: index)).log")
        }
    }

    private static let top = "/kubepods.slice"

    private static func path(of index: Int) -> String {
        let slice = "kubepods-burstable-pod\(podUID(of: index, separator: "_")).slice"
        return "\(top)/kubepods-burstable.slice/\(slice)/cri-containerd-\(id(of: index)).scope"
    }

    private static func podUID(of index: Int, separator: String) -> String {
        let first = hex(UInt64(index / 2) &* 0x9e37_79b9_7f4a_7c15, digits: 8)
        return [first, "1b2c", "4d3e", "8f90", "a1b2c3d4e5f6"].joined(separator: separator)
    }

    private static func id(of index: Int) -> String {
        (1...4).map { hex(UInt64(index + 1) &* 0xbf58_476d_1ce4_e5b9 &* $0, digits: 16) }.joined()
    }

    private static func hex(_ number: UInt64, digits: Int) -> String {
        let text = String(number, radix: 16)
        return String((String(repeating: "0", count: digits) + text).suffix(digits))
    }
}

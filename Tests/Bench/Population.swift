import CBench
import Glibc

/// Containers as a kubelet lays them out, with a process in each that wakes every few tens of milliseconds.
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

    /// The path of a container, two to a pod.
    private static func path(of index: Int) -> String {
        let pod = hex(UInt64(index / 2) &* 0x9e37_79b9_7f4a_7c15, digits: 8) + "_1b2c_4d3e_8f90_a1b2c3d4e5f6"
        let slices = "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod\(pod).slice"
        let id = (1...4).map { hex(UInt64(index + 1) &* 0xbf58_476d_1ce4_e5b9 &* $0, digits: 16) }.joined()
        return "\(slices)/cri-containerd-\(id).scope"
    }

    private static func hex(_ number: UInt64, digits: Int) -> String {
        let text = String(number, radix: 16)
        return String((String(repeating: "0", count: digits) + text).suffix(digits))
    }
}

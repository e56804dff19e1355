package import Attribution
import Glibc

/// How many CPUs of each domain are online: only those can be idle.
package struct OnlineCPUs: ~Copyable {
    /// For each domain, how many CPUs were online at the last good reading; as the topology has it before that.
    package private(set) var inDomain: [Int]

    private let file: Int32
    private let domainOfCPU: [Int]
    private var found: [Int]

    /// Keeps `devices/system/cpu/online` under the sysfs root open. Where there is none, all CPUs stay online.
    package init(sysfs: String, topology: Topology) {
        file = open(sysfs + "/devices/system/cpu/online", O_RDONLY | O_CLOEXEC)
        domainOfCPU = topology.domainOfCPU
        inDomain = topology.cpusInDomain
        found = inDomain
    }

    deinit { if file >= 0 { close(file) } }

    /// Counts anew; false where the file cannot be read or makes no sense, and then nothing changes. Allocates nothing.
    /// The corresponding C function is `pread`.
    @discardableResult
    package mutating func read() -> Bool {
        // The kernel writes no sysfs file longer than a page.
        var text = InlineArray<4096, UInt8>(repeating: 0)
        var span = text.mutableSpan
        let length = span.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, 0) }
        guard length > 0, count(text.span.extracting(first: length)) else { return false }
        swap(&inDomain, &found)
        return true
    }

    /// Counts a list such as `0-3,8` (cpuset(7), "List format"); false where it is none.
    private mutating func count(_ list: borrowing Span<UInt8>) -> Bool {
        for domain in found.indices { found[domain] = 0 }
        var index = 0
        while index < list.count, list[index] != UInt8(ascii: "\n") {
            guard let first = Self.number(list, &index) else { return false }
            var last = first
            if index < list.count, list[index] == UInt8(ascii: "-") {
                index += 1
                guard let end = Self.number(list, &index), end >= first else { return false }
                last = end
            }
            for cpu in first...last { found[cpu < domainOfCPU.count ? domainOfCPU[cpu] : 0] += 1 }
            if index < list.count, list[index] == UInt8(ascii: ",") { index += 1 }
        }
        // The agent runs on one of them.
        return found.contains { $0 > 0 }
    }

    /// The number at `index`, which moves behind it; nil where there is none or it is no CPU's.
    private static func number(_ list: borrowing Span<UInt8>, _ index: inout Int) -> Int? {
        let start = index
        var value = 0
        while index < list.count, list[index] >= UInt8(ascii: "0"), list[index] <= UInt8(ascii: "9") {
            value = value * 10 + Int(list[index] - UInt8(ascii: "0"))
            // No kernel is built for more CPUs than 8192 (CONFIG_NR_CPUS).
            guard value < 8192 else { return nil }
            index += 1
        }
        return index > start ? value : nil
    }
}
